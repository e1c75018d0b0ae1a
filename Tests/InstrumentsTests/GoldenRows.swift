// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

/// 1 Oe in A/m, by definition.
let oersted = 1000 / (4 * Double.pi)

/// A row as the text of a file has it, in the file's units.
struct GoldenRow: Sendable {
  let index, line: Int
  let field, response: Double

  init(_ index: Int, line: Int, _ field: Double, _ response: Double) {
    self.index = index
    self.line = line
    self.field = field
    self.response = response
  }
}

/// Compares rows; the conversions do the same arithmetic as the driver, so that the numbers agree to the last bit.
func expectRows(
  _ loop: LoopMeasurement, _ rows: [GoldenRow], processed: Bool = false, field: (Double) -> Double,
  response: (Double) -> Double
) throws {
  let columns = processed ? loop.processed : nil
  let fields = (columns?.field ?? loop.field).amperesPerMetre
  let responses = (columns?.response ?? loop.response).si
  try #require(processed == (columns != nil))
  for row in rows {
    try #require(fields.indices.contains(row.index))
    #expect(loop.lines[row.index] == row.line)
    #expect(fields[row.index] == field(row.field), "field of row \(row.index)")
    #expect(responses[row.index] == response(row.response), "response of row \(row.index)")
  }
}

/// Where `y` changes its sign, by linear interpolation of `x`, in the order of the rows.
func crossings(_ x: [Double], _ y: [Double]) -> [Double] {
  y.indices.dropLast().filter { (y[$0] < 0) != (y[$0 + 1] < 0) }.map {
    x[$0] + y[$0] / (y[$0] - y[$0 + 1]) * (x[$0 + 1] - x[$0])
  }
}

/// A driver's reading of a committed sample or another file.
func readLoop(
  _ driver: Instrument, _ file: SourceFile, _ options: ReadingOptions = ReadingOptions()
) throws -> LoopMeasurement { try driver.readLoop(file, options) }

/// What a driver says of a file that it refuses.
func refusal(
  _ driver: Instrument, _ file: SourceFile, _ options: ReadingOptions = ReadingOptions()
) -> ReadError? {
  #expect(throws: ReadError.self) { try driver.readLoop(file, options) }
}

/// A committed sample with texts replaced, which have to be there.
func edited(_ sample: String, _ edits: [(String, String)]) throws -> SourceFile {
  let bytes = try sampleFile(sample).bytes
  var text = String(decoding: bytes.map { UInt16($0) }, as: UTF16.self)
  for (old, new) in edits {
    #expect(text.contains(old), "“\(old)” is not in \(sample)")
    text = text.replacing(old, with: new)
  }
  return SourceFile(name: sample, bytes: text.utf16.map { UInt8(truncatingIfNeeded: $0) })
}
