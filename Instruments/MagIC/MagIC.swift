// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Text files of the Magnetics Information Consortium, versions 2.5 and 3.0 of the data model.
  public static let magic = Instrument(
    id: "magic", title: "MagIC 2.5 and 3.0 text files of rock magnetism (.txt)",
    hasBlocks: true, recognize: MagIC.recognize, read: MagIC.read)
}

/// The driver for MagIC text files.
private enum MagIC {
  static let id = "magic"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span.extracting(0..<min(file.bytes.count, 4096))
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes) {
      guard bytes.firstNonBlank(line) != nil else { continue }
      guard let name = MagICTable.name(line, bytes) else { break }
      return Claim(.certain, "the first line announces the MagIC table “\(name)”")
    }
    return Claim(.no, "the first line announces no MagIC table")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    let content = try MagICFile(bytes, wanted: options.block)
    guard let experiments = content.experiments else {
      guard !content.names.isEmpty else { throw ReadError(.empty, "the file holds nothing but blank lines") }
      throw ReadError(
        .notALoop,
        "the file has no table of measurements, only \(listed(content.names)); give the file “measurements”")
    }
    let loop = try experiments.chosen(options)
    let rows = try MagICLoop(bytes, experiments, loop, options)
    var notes = rows.notes
    var sample = Sample()
    sample.id = loop.specimen.isEmpty ? nil : Sourced(loop.specimen, .header)
    // The instruments of rock magnetism measure small specimens that stand free.
    sample.circuit = Sourced(.open, .assumed)
    if experiments.loops.count > 1 {
      notes.append(
        ReadingNote(
          code: "block-chosen",
          message: "“\(loop.name)” is one of \(experiments.loops.count) loops of the file"))
    }
    return LoopMeasurement(
      instrument: id, model: rows.header.first { $0.key.hasSuffix("instrument_codes") }?.value,
      header: rows.header, sample: sample, field: .applied(Series(si: rows.field)), response: rows.response,
      temperature: rows.temperature, lines: rows.lines, notes: notes,
      instrumentResults: MagICResults(bytes, content.results, loop).results)
  }
}
