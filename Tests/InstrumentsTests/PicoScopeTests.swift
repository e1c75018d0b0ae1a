// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("PicoScope files")
struct PicoScopeTests {
  private func read(_ file: SourceFile) throws -> WaveformMeasurement {
    try Instrument.picoScope.readWaveform(file, ReadingOptions())
  }

  private func refusal(_ text: String) -> ReadError? {
    #expect(throws: ReadError.self) { try read(textFile(text)) }
  }

  /// Ten rows below two lines and a blank one, the sixth of them another.
  private func text(_ names: String, _ units: String, sixth: String = "5,1,2") -> String {
    let rows = (0..<10).map { $0 == 5 ? sixth : "\($0),1,\($0).25" }
    return ([names, units, ""] + rows).joined(separator: "\r\n") + "\r\n"
  }

  // First, last and a middle row, as the text of the files has them.
  @Test("units come from the second line, names stay")
  func samples() throws {
    let record = try read(try sampleFile("PicoScope/two-channels.csv"))
    #expect(record.channels.map(\.name) == ["Channel A", "Channel B"])
    #expect(record.count == 48)
    #expect([0, 22, 47].map { record.channels[0].signal.si[$0] } == [0.004, 0.24317378, 0.01990655])
    #expect(
      [0, 22, 47].map { record.channels[1].signal.si[$0] }
        == [-0.1, 78.56372986, -22.5101831].map { $0 * 1e-3 })
    #expect(record.timeBase == TimeBase(start: Quantity(si: -0.0307 * 1e-3), interval: Quantity(si: 2.56e-6)))
    #expect(
      record.header
        == [HeaderEntry("Time", "(ms)"), HeaderEntry("Channel A", "(V)"), HeaderEntry("Channel B", "(mV)")])
    let german = try read(try sampleFile("PicoScope/german.txt"))
    #expect(german.channels.map(\.name) == ["Pickup", "Strom"])
    #expect(
      [0, 22, 47].map { german.channels[0].signal.si[$0] } == [4, 243.1737815, 19.90655346].map { $0 * 1e-3 })
    #expect([0, 22, 47].map { german.channels[1].signal.si[$0] } == [-0.3, 235.69118957, -67.53054929])
    #expect(german.channels[1].signal.unit == .ampere)
    #expect(german.timeBase == TimeBase(start: Quantity(si: -9.6 * 1e-6), interval: Quantity(si: 8e-7)))
    #expect(german.notes.map(\.code) == ["decimal-comma"])
  }

  @Test("what the file lacks or exceeds is said with line and channel")
  func refusals() {
    let names = "Time,Channel A,Channel B"
    let cases: [(String, ReadError.Code, Int?, String?, String)] = [
      (text(names, "(ms),(V),(V)", sixth: "5,1,∞"), .malformed, 9, "Channel B (V)", "range"),
      (text(names, "(ms),(V),(V)", sixth: "5,-∞,1"), .malformed, 9, "Channel A (V)", "range"),
      (text(names, "(kHz),(V),(V)"), .notAWaveform, 2, nil, "spectrum"),
      (text(names, "(V),(V),(V)"), .unit, nil, "Time (V)", "s, ms"),
      (text(names, "(ms),(dBu),(dBu)"), .unit, nil, "Channel A (dBu)", "dBu"),
      (text(names, "(ms),(°C),(°C)"), .missingColumn, nil, nil, "V or A"),
      (text(names, "(ms),(V)"), .malformed, 2, nil, "(ms),(V),(V)"),
      (text(names, "(ms),(V),(V)", sixth: "9,1,2"), .malformed, 9, "Time", "equal steps"),
    ]
    for (text, code, line, column, words) in cases {
      let error = refusal(text)
      #expect(
        error?.code == code && error?.line == line && error?.column == column, "\(error?.description ?? "")")
      #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }
  }

  @Test("coils called H and B are still channels of a PicoScope")
  func fieldNames() throws {
    let file = textFile(text("Time,H,B", "(ms),(mV),(V)"))
    for driver in allInstruments {
      #expect(
        (driver.recognize(file).recognition == .no) == (driver.id != Instrument.picoScope.id), "\(driver.id)")
    }
    #expect(try read(file).channels.map(\.name) == ["H", "B"])
  }

  // Lines 4, 1004, 4004 and 7820 of the file. Its times end 0.12 ns before multiples of 2.56 µs: the interval was
  // computed in single precision, to 2^-24 of its value.
  @Test("the real hysteresis record reads as its text says")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("waveforms/PicoScope_Hysterese.csv") else { return }
    let record = try read(file)
    #expect(record.count == 7817)
    let base = try #require(record.timeBase)
    #expect(abs(base.interval.si - 2.56e-6) < 2.56e-6 * 0x1p-24)
    // The interval is that of the printed times, which are rounded to 5e-12 s at either end.
    #expect(abs(base.interval.si - (10.0045149 + 10.00444498) / 7816 * 1e-3) < 1e-11 / 7816)
    #expect(base.start.si == -10.00444498 * 1e-3)
    let places = [0, 1000, 4000, 7816]
    #expect(
      places.map { record.channels[0].signal.si[$0] } == [0.00012207, 0.43458360, -0.04513688, 0.00012207])
    #expect(places.map { record.channels[1].signal.si[$0] } == [2.039552, 3.483078, -2.245704, 2.084719])
  }
}
