// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Material curves of the field program FEMAG: permanent magnets, B against H.
  public static let femagMCV = Instrument(
    id: "femag-mcv", title: "FEMAG curves of permanent magnets (.MCV, .MC)", hasBlocks: true,
    recognize: FemagMCV.recognize,
    read: FemagMCV.read)
}

/// The driver for binary curves of FEMAG.
private enum FemagMCV {
  static let id = "femag-mcv"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span
    // A number of 4 bytes and a text of 40, each between two copies of its length.
    let frames = [0: 4, 8: 4, 12: 40, 56: 40]
    guard frames.allSatisfy({ bytes.littleEndian(at: $0.key) == UInt32($0.value) }),
      bytes.text(16..<56).contains("magnetic curve")
    else { return Claim(.no, "the file does not begin with the records of a FEMAG curve") }
    return Claim(.certain, "the second record says “\(bytes.text(16..<56).trimmed)”")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    let curves = try FemagCurves(bytes)
    let choice = try chosenBlock(among: curves.names, kind: "curves", options)
    let points = try curves.points(of: choice, bytes)
    var notes: [ReadingNote] = []
    if choice == 0, points.field.count != curves.announcedPoints {
      notes.append(
        ReadingNote(
          code: "points-differ",
          message: "the file announces \(curves.announcedPoints) points and holds \(points.field.count)"))
    }
    if curves.names.count > 1 {
      notes.append(
        ReadingNote(
          code: "block-chosen",
          message: "curve \(choice + 1) of \(curves.names.count), whose parameter is "
            + (points.parameter.map { "\($0)" } ?? "not stated")))
    }
    let lines = Array(1...points.field.count)
    try requireFinite(points.field, lines: lines, column: "H")
    try requireFinite(points.fluxDensity, lines: lines, column: "B")
    var sample = Sample()
    if !curves.title.isEmpty {
      if curves.title.lowercased() == "magnetic curve" {
        notes.append(.offeredValue("title", curves.title))
      } else {
        sample.material = Sourced(curves.title, .header)
      }
    }
    sample.circuit = Sourced(.closed, .assumed)
    return LoopMeasurement(
      instrument: id, header: curves.header, sample: sample, field: .internal(Series(si: points.field)),
      response: .fluxDensity(Series(si: points.fluxDensity)), lines: lines, notes: notes,
      instrumentResults: curves.results)
  }
}
