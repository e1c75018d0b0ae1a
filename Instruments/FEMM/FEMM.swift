// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Material libraries of the field program FEMM: demagnetisation curves of its permanent magnets.
  public static let femm = Instrument(
    id: "femm", title: "FEMM material libraries (matlib.dat)", hasBlocks: true, recognize: FEMM.recognize,
    read: FEMM.read)
}

/// The driver for material libraries of FEMM.
private enum FEMM {
  static let id = "femm"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    let bytes = file.bytes.span.extracting(0..<min(file.bytes.count, 4096))
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard !content.isEmpty else { continue }
      guard let mark = ["<BeginFolder>", "<BeginBlock>"].first(where: { bytes.starts(content, with: $0) })
      else { break }
      return Claim(.certain, "the first line is \(mark)")
    }
    return Claim(.no, "the first line is neither <BeginFolder> nor <BeginBlock>")
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    let library = try FEMMLibrary(bytes)
    let block = try library.chosen(options)
    let curve = try FEMMCurve(bytes, block)
    var sample = Sample()
    sample.material = Sourced(block.name, .header)
    sample.circuit = Sourced(.closed, .assumed)
    return LoopMeasurement(
      instrument: id, header: curve.header, sample: sample, field: .internal(Series(si: curve.field)),
      response: .fluxDensity(Series(si: curve.fluxDensity)), lines: curve.lines,
      notes: [
        ReadingNote(
          code: "field-shifted",
          message: "FEMM counts the field of a magnet from B = 0; H is the file's number less H_c = "
            + "\(block.coercivity) A/m")
      ])
  }
}
