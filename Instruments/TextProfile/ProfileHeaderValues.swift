// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What the patterns of a profile find in the lines outside the table.
struct ProfileHeaderValues {
  private(set) var sample = Sample()
  private(set) var model: String?
  private(set) var measured: String?
  private(set) var results: [InstrumentResult] = []
  private let profile: TextProfile

  init(_ profile: TextProfile, _ lines: [String], _ notes: inout [ReadingNote]) {
    self.profile = profile
    var missing: [String] = []
    for value in profile.patterns {
      var found: (text: String, behind: String, line: String)?
      for line in lines {
        if let (text, behind) = value.pattern.group(in: line) {
          found = (text, behind, line)
          break
        }
      }
      guard let found else {
        missing.append(value.key.rawValue)
        continue
      }
      let fault: String? =
        if value.key.dimensions != nil, isDoubtful(found.text, found.behind) {
          "may have a mark between thousands or a decimal mark that is not the one of the profile, and was not used; "
            + "thousands_mark says which"
        } else {
          take(value, found.text, found.line)
        }
      if let fault {
        notes.append(
          ReadingNote(
            code: "header-value-ignored", message: "\(value.key.rawValue) “\(found.text)” \(fault)"))
      }
    }
    if !missing.isEmpty {
      notes.append(
        ReadingNote(
          code: "header-value-missing",
          message: "the profile looks for \(missing.joined(separator: ", ")), and no line of the file has it")
      )
    }
  }

  /// Takes a value over; what is wrong with it when it is not what it should be.
  private mutating func take(_ value: TextProfile.HeaderValue, _ text: String, _ line: String) -> String? {
    let fault = "is not what was expected and was not used"
    func quantity<Kind>() -> Sourced<Quantity<Kind>>? {
      guard let number = number(text), let unit = value.unit, unit.si(number.value) > 0 else { return nil }
      return Sourced(Quantity(si: unit.si(number.value)), .header)
    }
    switch value.key {
    case .sample: sample.id = Sourced(text, .header)
    case .lot: sample.lot = Sourced(text, .header)
    case .material: sample.material = Sourced(text, .header)
    case .instrument: model = text
    case .date:
      guard let date = value.order.flatMap({ OrderedDate(text, $0) }) else { return fault }
      measured = date.time
      return measured == nil ? "has no time of day that is understood and stays in the header" : nil
    case .temperature:
      sample.temperature = quantity().flatMap { isPhysicalTemperature($0.value.si) ? $0 : nil }
      return sample.temperature == nil ? fault : nil
    case .mass:
      sample.mass = quantity()
      return sample.mass == nil ? fault : nil
    case .density:
      sample.density = quantity()
      return sample.density == nil ? fault : nil
    case .volume:
      sample.volume = quantity()
      return sample.volume == nil ? fault : nil
    case .size:
      sample.shape = shape(text, value.unit)
      return sample.shape == nil ? fault : nil
    case .Br, .HcB, .HcJ, .BHmax, .Hk:
      guard let result = result(value, text, line) else { return fault }
      results.append(result)
    }
    return nil
  }

  /// Whether a number, or what the line goes on with behind it, may be a thousand times what it seems to be.
  private func isDoubtful(_ text: String, _ behind: String) -> Bool {
    let other = profile.decimalMark == Byte.comma ? Byte.point : Byte.comma
    let isCut = !mayHaveThousands(text, mark: other) && mayHaveThousands(text + behind.prefix(8), mark: other)
    return isCut && behind.utf8.first == other
      || profile.thousandsMark == nil && mayHaveThousands(text, mark: other)
  }

  /// A text without marks between thousands and with a point for the decimal mark.
  private func plain(_ text: String) -> String {
    var bytes = Array(text.utf8)
    if let mark = profile.thousandsMark { bytes = bytes.withoutThousandsMarks(mark) }
    if profile.decimalMark == Byte.comma { bytes = bytes.map { $0 == Byte.comma ? Byte.point : $0 } }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func number(_ text: String) -> PrintedNumber? { PrintedNumber(plain(text)) }

  private func shape(_ text: String, _ unit: UnitOfMeasure?) -> Sourced<Shape>? {
    guard let unit, let size = sizeNumbers(plain(text)),
      size.unitText.isEmpty || UnitOfMeasure(word: size.unitText) == unit,
      let shape = Shape(word: profile.shape ?? "", lengths: size.numbers.map { unit.si($0) })
    else { return nil }
    return Sourced(shape, .header)
  }

  /// What the instrument made of the loop itself; coercivities without their sign.
  private func result(
    _ value: TextProfile.HeaderValue, _ text: String, _ line: String
  ) -> InstrumentResult? {
    guard let kind = InstrumentResult.Kind(rawValue: value.key.rawValue), let unit = value.unit,
      let number = number(text)
    else { return nil }
    let isField = value.key != .Br && unit.dimension == .fluxDensity
    let factor = isField ? unit.factor / magneticConstant : unit.factor
    let si = abs(isField ? unit.si(number.value) / magneticConstant : unit.si(number.value))
    // A zero is what is printed when nothing was found.
    guard si > 0, si.isFinite else { return nil }
    return InstrumentResult(kind, si: si, rounding: number.rounding * factor, spelled: line)
  }
}
