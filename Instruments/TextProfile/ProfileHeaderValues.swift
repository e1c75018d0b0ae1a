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
      var found: (text: String, line: String)?
      for line in lines {
        if let text = value.pattern.group(in: line) {
          found = (text, line)
          break
        }
      }
      guard let found else {
        missing.append(value.key.rawValue)
        continue
      }
      if !take(value, found.text, found.line) {
        notes.append(
          ReadingNote(
            code: "header-value-ignored",
            message: "\(value.key.rawValue) “\(found.text)” is not what was expected and was not used"))
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

  /// Takes a value over; false when it is not what it should be.
  private mutating func take(_ value: TextProfile.HeaderValue, _ text: String, _ line: String) -> Bool {
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
      measured = value.order.flatMap { isoDate(text, $0) }
      return measured != nil
    case .temperature:
      sample.temperature = quantity().flatMap { isPhysicalTemperature($0.value.si) ? $0 : nil }
      return sample.temperature != nil
    case .mass:
      sample.mass = quantity()
      return sample.mass != nil
    case .density:
      sample.density = quantity()
      return sample.density != nil
    case .volume:
      sample.volume = quantity()
      return sample.volume != nil
    case .size:
      sample.shape = shape(text, value.unit)
      return sample.shape != nil
    case .Br, .HcB, .HcJ, .BHmax, .Hk:
      guard let result = result(value, text, line) else { return false }
      results.append(result)
    }
    return true
  }

  private func plain(_ text: String) -> String {
    profile.decimalMark == Byte.comma ? String(text.map { $0 == "," ? "." : $0 }) : text
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

  /// `12.02.2025 15:36` as `2025-02-12T15:36:00`; nil when it is no date in that order.
  private func isoDate(_ text: String, _ order: TextProfile.WrittenOrder) -> String? {
    let numbers = text.unicodeScalars.split { !("0"..."9").contains($0) }.prefix(6).map {
      Int(String($0)) ?? -1
    }
    guard numbers.count >= 3 else { return nil }
    let (year, month, day) =
      switch order {
      case .dayMonthYear: (numbers[2], numbers[1], numbers[0])
      case .monthDayYear: (numbers[2], numbers[0], numbers[1])
      case .yearMonthDay: (numbers[0], numbers[1], numbers[2])
      }
    let clock = (Array(numbers.dropFirst(3)) + [0, 0, 0]).prefix(3)
    guard (1900...2999).contains(year), isCalendarDay(year, month, day),
      clock.allSatisfy({ (0..<60).contains($0) }), clock[0] < 24
    else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))T" + clock.map(two).joined(separator: ":")
  }
}
