// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

/// What a file holds, taken from its text.
struct GoldenLoop: CustomTestStringConvertible, Sendable {
  struct Row: Sendable {
    let index, line: Int
    var time: Double?
    var kelvin: Double?
    // In Oe and emu unless the file says otherwise.
    let oersted, emu: Double
  }
  /// Below the folder of real files, or below the repository when it begins with `SampleData/`.
  let path: String
  let count: Int
  let rows: [Row]
  let model: String?
  let measured: String?
  let notes: Set<String>
  var fieldInSI: @Sendable (Double) -> Double = { $0 * (1000 / (4 * Double.pi)) }
  var momentInSI: @Sendable (Double) -> Double = { $0 * 1e-3 }
  var testDescription: String { path }

  /// The file; nil when it is a real one and not at hand.
  func file() throws -> SourceFile? {
    guard path.hasPrefix("SampleData/") else { return try realFile(path) }
    return SourceFile(name: path, bytes: Array(try Data(contentsOf: Repository.root.appending(path: path))))
  }

  /// Reads the file and compares; nil when it is not at hand.
  func expectRead(by driver: Instrument, _ options: ReadingOptions = ReadingOptions()) throws
    -> LoopMeasurement?
  {
    guard let file = try file() else { return nil }
    let loop = try driver.readLoop(file, options)
    #expect(loop.instrument == driver.id)
    #expect(loop.count == count)
    #expect(loop.model == model)
    #expect(loop.measured == measured)
    #expect(Set(loop.notes.map(\.code)) == notes, "\(loop.notes)")
    guard case .applied(let field) = loop.field, case .moment(let moment) = loop.response else {
      Issue.record("not an applied field and a moment")
      return loop
    }
    for row in rows where row.index < loop.count {
      #expect(loop.lines[row.index] == row.line)
      // The same multiplications in the same order: equal to the last bit.
      #expect(field.si[row.index] == fieldInSI(row.oersted), "row \(row.index)")
      #expect(moment.si[row.index] == momentInSI(row.emu), "row \(row.index)")
      #expect(loop.time?.si[row.index] == row.time, "row \(row.index)")
      #expect(loop.temperature?.si[row.index] == row.kelvin, "row \(row.index)")
    }
    return loop
  }
}

/// A file that a driver has to claim and to refuse.
struct Refusal: CustomTestStringConvertible, Sendable {
  let path: String
  let code: ReadError.Code
  /// Part of the sentence.
  let words: String
  var testDescription: String { path }

  init(_ path: String, _ code: ReadError.Code, _ words: String) {
    (self.path, self.code, self.words) = (path, code, words)
  }

  func expect(by driver: Instrument) throws {
    let golden = GoldenLoop(path: path, count: 0, rows: [], model: nil, measured: nil, notes: [])
    guard let file = try golden.file() else { return }
    #expect(driver.recognize(file).recognition == .certain)
    let error = #expect(throws: ReadError.self) { try driver.readLoop(file, ReadingOptions()) }
    #expect(error?.code == code)
    #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
  }
}
