// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Tektronix CSV files")
struct TektronixCSVTests {
  private func read(_ file: SourceFile) throws -> WaveformMeasurement {
    try Instrument.tektronixCSV.readWaveform(file, ReadingOptions())
  }

  /// The committed sample of two channels with one text put in the place of another.
  private func refusal(_ old: String, _ new: String) throws -> ReadError? {
    let text = String(decoding: try sampleFile("TektronixCSV/two-channels.csv").bytes, as: UTF8.self)
    #expect(text.contains(old))
    return #expect(throws: ReadError.self) { try read(textFile(text.replacing(old, with: new))) }
  }

  // First, last and a middle row, as the text of the files has them.
  @Test("channels on the same line are told apart, with the units of their keys")
  func samples() throws {
    let record = try read(try sampleFile("TektronixCSV/two-channels.csv"))
    #expect(record.channels.map(\.name) == ["CH1", "CH2"])
    #expect(record.channels.map(\.signal.unit) == [.volt, .ampere])
    #expect(record.count == 48)
    #expect([0, 22, 47].map { record.channels[0].signal.si[$0] } == [0.004, 0.24317, 0.01991])
    #expect([0, 22, 47].map { record.channels[1].signal.si[$0] } == [-0.3, 235.69119, -67.53055])
    #expect(record.timeBase == TimeBase(start: Quantity(si: -2.4e-4), interval: Quantity(si: 2e-5)))
    #expect(record.model == "TPS2014")
    #expect(record.header.contains(HeaderEntry("CH2 Vertical Units", "A")))
    #expect(record.header.first == HeaderEntry("CH1 Record Length", "4.800000e+01"))
    let single = try read(try sampleFile("TektronixCSV/F0003CH1.CSV"))
    #expect(single.channels == [record.channels[0]])
    #expect(single.timeBase == record.timeBase)
    #expect(single.header.contains(HeaderEntry("Vertical Units", "V")))
  }

  // A file that leaves out the empty cell behind each channel's sample.
  @Test("channels are found by their keys, however many cells apart")
  func narrowGroups() throws {
    let text = String(decoding: try sampleFile("TektronixCSV/two-channels.csv").bytes, as: UTF8.self)
    let wide = text.split(separator: "\n").map { line in
      var cells = line.split(separator: ",", omittingEmptySubsequences: false)
      cells.insert("", at: 5)
      return cells.joined(separator: ",")
    }
    let record = try read(textFile(wide.joined(separator: "\n") + "\n"))
    #expect(record.channels == (try read(try sampleFile("TektronixCSV/two-channels.csv"))).channels)
  }

  @Test("keys that contradict the rows are refused")
  func contradictions() throws {
    let cases: [(String, String, ReadError.Code, String)] = [
      ("4.800000e+01", "4.900000e+01", .truncated, "48 samples"),
      ("4.800000e+01", "4.700000e+01", .malformed, "48 samples"),
      ("2.000000e-05", "4.000000e-05", .malformed, "Sample Interval"),
      ("Vertical Units,A", "Vertical Units,VV", .unit, "VV"),
      ("Horizontal Units,s", "Horizontal Units,Hz", .unit, "Hz"),
      ("0.000200000000, 0.24317", "0.000200000000,", .malformed, "empty"),
      ("0.000200000000, 0.24317", "0.000213000000, 0.24317", .malformed, "equal steps"),
    ]
    for (old, new, code, words) in cases {
      let error = try refusal(old, new)
      #expect(error?.code == code, "\(old): \(error?.description ?? "")")
      #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }
  }

  @Test("channels of other times are refused")
  func otherTimes() throws {
    let text = String(decoding: try sampleFile("TektronixCSV/two-channels.csv").bytes, as: UTF8.self)
    let shifted = text.split(separator: "\n").map { line in
      var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      cells[8] = "\((Double(cells[8]) ?? 0) + 1)"
      return cells.joined(separator: ",")
    }
    let error = #expect(throws: ReadError.self) { try read(textFile(shifted.joined(separator: "\n") + "\n")) }
    #expect(error?.detail.contains("other times") == true, "\(error?.detail ?? "")")
  }
}
