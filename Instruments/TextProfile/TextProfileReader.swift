// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Reads one file by a profile.
struct TextProfileReader {
  let profile: TextProfile

  init(_ profile: TextProfile) { self.profile = profile }

  func claim(_ file: SourceFile) -> Claim {
    let start = SourceFile(name: file.name, bytes: Array(file.bytes.prefix(HeaderLines.mostBytes)))
    let text = ProfiledText(start, profile)
    if let signature = profile.signature {
      return text.hasLine(signature)
        ? Claim(.certain, "a line has the signature of the profile “\(profile.id)”")
        : Claim(.no, "no line has the signature of the profile “\(profile.id)”")
    }
    do throws(ReadError) {
      let head = try HeaderLines(text)
      let columns = try head.columns(text)
      var scanner = head.rows
      var reader = text.rowReader(columns)
      var numbers: [Double] = []
      while let line = scanner.next(text.masked.span) {
        guard let first = text.masked.span.firstNonBlank(line), !text.isComment(first, line) else { continue }
        guard reader.append(line, of: text.masked.span, to: &numbers) == nil,
          numbers.allSatisfy(\.isFinite)
        else { break }
        return Claim(.plausible, "a table begins as the profile “\(profile.id)” says")
      }
      return Claim(.no, "no row of numbers follows where the profile “\(profile.id)” has the table begin")
    } catch {
      return Claim(.no, "it is not as the profile “\(profile.id)” says: \(error.detail)")
    }
  }

  func read(_ file: SourceFile, _ options: ReadingOptions) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    if let column = options.columnUnits.keys.min() {
      throw ReadError(
        .unit, "a profile states the units itself; change “\(profile.id)” instead of stating one",
        column: column)
    }
    let text = ProfiledText(file, profile)
    if let signature = profile.signature, !text.hasLine(signature) {
      throw ReadError(
        .unknownFormat, "no line has the signature of the profile “\(profile.id)”; choose another profile")
    }
    let head = try HeaderLines(text)
    let places = try head.columns(text)
    let rows = try ProfileRows(text, head, places)
    let header = head.lines + text.headerLines(from: rows.end)
    var notes = rows.notes
    if profile.isShipped {
      notes.append(
        ReadingNote(
          code: "example-profile",
          message:
            "the profile “\(profile.id)” was written from public descriptions and not checked against a real export; "
            + "copy it and correct it for your instrument"))
    }
    let values = ProfileHeaderValues(profile, header, &notes)
    return try measurement(rows, places, values, header, notes)
  }

  private func measurement(
    _ rows: ProfileRows, _ places: [Int], _ values: ProfileHeaderValues, _ header: [String],
    _ notes: [ReadingNote]
  ) throws(ReadError) -> LoopMeasurement {
    var notes = notes
    func numbers(_ isWanted: (TextProfile.Column) -> Bool) throws(ReadError) -> [Double]? {
      guard let index = profile.columns.firstIndex(where: isWanted) else { return nil }
      let column = profile.columns[index]
      guard let unit = column.unit else { return nil }
      let printed = rows.numbers(of: places[index])
      var si = column.role == .field ? unit.field(printed) : unit.si(printed)
      let isMagnitude = column.role == .field && profile.fieldIsMagnitude == true
      if isMagnitude, si.contains(where: { $0 < 0 }), si.contains(where: { $0 > 0 }) {
        throw ReadError(
          .malformed,
          "the field has both signs, and the profile calls it a magnitude; state second_quadrant_field = negative",
          column: column.title)
      }
      if column.sign < 0 || isMagnitude { si = si.map { 0 - $0 } }
      try requireFinite(si, lines: rows.lines, column: column.title)
      return si
    }
    let applied = try numbers { $0.role == .field && !$0.isInternal }
    let inner = try numbers { $0.role == .field && $0.isInternal }
    let polarisation = try numbers { $0.role == .polarisation }
    let flux = try numbers { $0.role == .fluxDensity }
    if let polarisation, let flux, let inner {
      try requireFlux(flux, of: inner, and: polarisation, lines: rows.lines)
    }
    let magnetisation = try numbers { $0.role == .magnetisation }
    let dimension = profile.columns.first { $0.role == .magnetisation }?.unit?.dimension
    let response: ResponseChannel =
      if let polarisation {
        .polarisation(Series(si: polarisation))
      } else if let flux {
        .fluxDensity(Series(si: flux))
      } else {
        switch dimension {
        case .magneticMoment: .moment(Series(si: magnetisation ?? []))
        case .momentPerMass: .specificMoment(Series(si: magnetisation ?? []))
        default: .magnetisation(Series(si: magnetisation ?? []))
        }
      }
    let channels =
      [applied.map { FieldChannel.applied(Series(si: $0)) }, inner.map { .internal(Series(si: $0)) }]
      .compactMap(\.self)
    guard let field = channels.first else { throw ReadError(.missingColumn, "no column has the role H") }
    let temperature = try numbers { $0.role == .temperature }.flatMap {
      specimenTemperatures($0, lines: rows.lines, column: "temperature", &notes)
    }
    var sample = values.sample
    sample.circuit = Sourced(profile.circuit, .user)
    try requireNoReversalCurves(field.amperesPerMetre)
    // A record of the field held alone may be that of a blank.
    if let kelvin = temperature?.si, let low = kelvin.min(), let high = kelvin.max(), high - low > 5 {
      try requireSwept(field.amperesPerMetre)
    }
    if profile.fieldIsMagnitude == nil, looksLikeMagnitude(field.amperesPerMetre, response.si) {
      throw ReadError(
        .malformed,
        "no field is negative and the response is smaller in the larger one, as when the demagnetising field has no "
          + "sign; state second_quadrant_field = \"positive\" in the profile, or \"negative\" if the signs are right",
        column: profile.columns.first { $0.role == .field }?.title)
    }
    return LoopMeasurement(
      instrument: profile.instrument.id, model: values.model, measured: values.measured,
      header: header.map { Self.entry($0) }, sample: sample, field: field, response: response,
      processed: channels.count > 1 ? ProcessedColumns(field: channels[1], response: response) : nil,
      time: try numbers { $0.role == .time }.map { Series(si: $0) },
      temperature: temperature, lines: rows.lines, notes: notes,
      instrumentResults: values.results)
  }

  /// A header line with its key, where it has one before a colon or an equals sign.
  private static func entry(_ line: String) -> HeaderEntry {
    guard let mark = line.firstIndex(where: { ":=：".contains($0) }), mark > line.startIndex,
      line.first?.isNumber == false
    else { return HeaderEntry("#", line) }
    return HeaderEntry(
      String(line[..<mark]).trimmed, String(line[line.index(after: mark)...]).trimmed)
  }
}
