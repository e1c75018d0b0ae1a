// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

/// A committed sample file.
func sampleFile(_ path: String) throws -> SourceFile {
  let url = Repository.root.appending(path: "SampleData").appending(path: path)
  return SourceFile(name: path, bytes: Array(try Data(contentsOf: url)))
}

@Suite("Waveform tables")
struct WaveformTableTests {
  private func read(_ file: SourceFile, _ units: [String: String] = [:]) throws -> WaveformMeasurement {
    try Instrument.waveformTable.readWaveform(
      file, ReadingOptions(columnUnits: units.compactMapValues(UnitOfMeasure.init(word:))))
  }

  private func refusal(_ text: String, _ units: [String: String] = [:]) -> ReadError? {
    #expect(throws: ReadError.self) { try read(textFile(text), units) }
  }

  /// Rows of a time and a voltage below a header line.
  private func text(_ times: [String], header: String = "t (s),U (V)", delimiter: String = ",") -> String {
    let rows = times.enumerated().map { "\($1)\(delimiter)\($0).5" }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }

  // First, last and two middle rows, as the text of the file has them.
  @Test("a table with units gives times, channels and the specimen")
  func pulse() throws {
    let record = try read(try sampleFile("WaveformTable/pulse.csv"))
    #expect(record.channels.map(\.name) == ["CH1", "Shunt"])
    #expect(record.count == 48)
    #expect(
      [0, 22, 23, 47].map { record.channels[0].signal.si[$0] } == [0.004, 0.243174, 0.099359, 0.019907])
    #expect(
      [0, 22, 23, 47].map { record.channels[1].signal.si[$0] } == [-0.3, 235.6912, 231.7297, -67.5305])
    #expect(record.channels.map(\.signal.unit) == [.volt, .ampere])
    #expect(record.timeBase == TimeBase(start: Quantity(si: -3e-5), interval: Quantity(si: 2.5e-6)))
    #expect(record.sample.id == Sourced("Probe 7", .header))
    #expect(record.sample.mass?.value.si == 54.86 * 1e-6)
    #expect(record.model == "bench recorder")
    #expect(record.measured == "2025-03-04T09:10:11")
    #expect(record.header.last == HeaderEntry("#", "a free comment"))
    #expect(record.notes.isEmpty)
  }

  @Test("semicolons, decimal commas and units in brackets are read; a temperature is left out with a note")
  func semicolon() throws {
    let record = try read(try sampleFile("WaveformTable/semicolon.csv"))
    #expect(record.channels.map(\.name) == ["U1", "U2"])
    #expect([0, 22, 47].map { record.channels[0].signal.si[$0] } == [4, 243.174, 19.907].map { $0 * 1e-3 })
    #expect(record.channels[1].signal.si[22] == 23.569 * 1e-3)
    #expect(record.timeBase == TimeBase(start: Quantity(si: 0), interval: Quantity(si: 2e-5)))
    #expect(record.header == [HeaderEntry("recorder", "Logger 2")])
    #expect(record.notes.map(\.code) == ["channel-left-out", "decimal-comma"])
  }

  @Test("columns without units are refused with everything to state, and read once it is stated")
  func noUnits() throws {
    let file = try sampleFile("WaveformTable/no-units.txt")
    let error = #expect(throws: ReadError.self) { try read(file) }
    #expect(error?.code == .unit)
    #expect(error?.column == "t")
    for words in ["--unit \"t=s\"", "--unit \"CH1=V\"", "--unit \"CH2=V\""] {
      #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }
    let record = try read(file, ["t": "s", "CH1": "mV", "CH2": "V"])
    #expect(
      [0, 22, 47].map { record.channels[0].signal.si[$0] } == [0.004, 0.24317, 0.01991].map { $0 * 1e-3 })
    #expect([0, 22].map { record.channels[1].signal.si[$0] } == [-0.0003, 0.23569])
    #expect(record.timeBase == TimeBase(start: Quantity(si: 0), interval: Quantity(si: 1e-8)))
    #expect(record.header == [HeaderEntry("#", "250905_13:56:59.851482")])
    #expect(record.notes.filter { $0.code == "unit-stated" }.count == 3)
    let chosen = try read(file, ["t": "s", "CH2": "V"])
    #expect(chosen.channels.map(\.name) == ["CH2"])
    #expect(chosen.notes.contains { $0.code == "channel-left-out" && $0.message.contains("CH1") })
    #expect(#expect(throws: ReadError.self) { try read(file, ["CH3": "V"]) }?.code == .missingColumn)
  }

  @Test("numbered samples are read without times")
  func numbered() throws {
    let file = try sampleFile("WaveformTable/numbered.txt")
    let record = try read(file)
    #expect(record.timeBase == nil)
    #expect(record.channels.map(\.name) == ["CH1", "CH2"])
    #expect([0, 22, 47].map { record.channels[0].signal.si[$0] } == [4, 243.17, 19.91].map { $0 * 1e-3 })
    #expect([0, 22].map { record.channels[1].signal.si[$0] } == [-0.03, 23.57].map { $0 * 1e-3 })
    #expect(record.header.contains(HeaderEntry("Frequency", "? 300.237 kHz")))
    let lines = String(decoding: file.bytes, as: UTF8.self).components(separatedBy: "\r\n")
    let gap = (lines[..<20] + lines[21...]).joined(separator: "\n")
    #expect(refusal(gap)?.line == 21)
    #expect(refusal(gap)?.detail.contains("follows") == true)
  }

  @Test(
    "loops and waveforms never claim the same header",
    arguments: [
      ("t (s),CH1 (V)", "no", "certain"), ("H (A/m),J (T)", "certain", "no"),
      ("t (s),H (A/m),J (T)", "certain", "no"), ("t (s),H (V),B (V)", "no", "certain"),
      ("t (s),H (A/m),J (T),U (V)", "certain", "no"), ("t,CH1,CH2", "no", "plausible"),
      ("t,H,B", "plausible", "no"), ("Time,Temperature (K)", "no", "no"), ("t (s),CH1", "no", "plausible"),
      ("Zeit [ms],U1 [mV]", "no", "certain"), ("x,y", "no", "no"), ("time (s),H (A),B (V)", "no", "certain"),
    ])
  func claims(_ header: String, _ loops: String, _ waveforms: String) {
    let cells = header.split(separator: ",").count
    let rows = (0..<9).map { row in (0..<cells).map { "\(row + $0)" }.joined(separator: ",") }
    let file = textFile(([header] + rows).joined(separator: "\n") + "\n")
    #expect(Instrument.table.recognize(file).recognition.name == loops)
    #expect(Instrument.waveformTable.recognize(file).recognition.name == waveforms)
  }

  @Test("numbers without names are refused with what is missing")
  func headerless() {
    let bare = text((0..<10).map { "\($0)" }, header: "0,1")
    #expect(refusal(bare)?.code == .missingColumn)
    #expect(refusal(bare)?.detail.contains("“t (s)” and “CH1 (V)”") == true)
    let unclaimed = #expect(throws: ReadError.self) { try instrument(for: textFile(bare)) }
    #expect(unclaimed?.detail.contains("“CH1 (V)”") == true)
    #expect(refusal(text(["0", "1"]))?.code == .truncated)
    #expect(refusal("a (V),b (V)\n1,2\n")?.code == .missingColumn)
    #expect(refusal("t (s),b (K)\n1,2\n")?.detail.contains("V or A") == true)
    #expect(refusal("t (s),U (V),U (V)\n1,2,3\n")?.detail.contains("“U (V)”") == true)
  }

  @Test("of two columns of one name the units tell them apart")
  func equalNames() throws {
    let rows = (0..<9).map { "\($0),1,2" }.joined(separator: "\n")
    let record = try read(textFile("t (s),U (V),U (mV)\n\(rows)\n"))
    #expect(record.channels.map(\.name) == ["U (V)", "U (mV)"])
  }

  // The interval has to be exact: all these times are multiples of it that were rounded in print.
  @Test(
    "rounded times give the interval they were rounded from",
    arguments: [
      (0.00256, 8, false), (0.02, 3, false), (1.0, 0, false), (0.37, 2, false), (2.5e-6, 9, false),
      (4e-7, 5, true), (2.56e-6, 4, true), (0.00256, 4, false), (1.25e-5, 5, true),
    ])
  func roundedTimes(_ interval: Double, _ digits: Int, _ isScientific: Bool) throws {
    let format = "%.\(digits)\(isScientific ? "e" : "f")"
    let times = (0..<2000).map { String(format: format, Double($0 - 400) * interval) }
    let base = try #require(try read(textFile(text(times))).timeBase)
    #expect(base.interval.si == interval)
    #expect(base.start.si == Double(times[0]))
  }

  // Single precision at the end of the record is 2e-8 s, a fifth of the step.
  @Test("times computed in single precision pass for equal steps")
  func singlePrecision() throws {
    let times = (0..<4000).map { "\(Float(0.2 + Double($0) * 1e-7))" }
    let base = try #require(try read(textFile(text(times))).timeBase)
    // The line through 4000 times of ±7e-9 s is sure to about 2·7e-9/4000 of a step.
    #expect(abs(base.interval.si - 1e-7) < 5e-12)
  }

  @Test("a missing sample, a slower clock, times that stand still or go back are refused at their line")
  func unequalSteps() {
    func times(_ change: (Int) -> Double) -> [String] { (0..<100).map { "\(change($0))" } }
    let cases: [([String], Int)] = [
      (times { Double($0 < 60 ? $0 : $0 + 1) }, 62), (times { Double($0 < 60 ? $0 : 1000 + $0) }, 62),
      (times { Double($0 < 50 ? $0 : 50 + ($0 - 50) * 2) }, 53), (times { _ in 1 }, 101),
      (times { -Double($0) }, 101), (times { $0 == 30 ? 30.2 : Double($0) }, 32),
      (times { 1e-3 * Double($0 < 60 ? $0 : $0 + 1) }, 62),
    ]
    for (times, line) in cases {
      let error = refusal(text(times))
      #expect(error?.code == .malformed)
      #expect(error?.line == line, "\(error?.description ?? "")")
    }
    // A jitter of 3 % of a step is that of a clock.
    #expect(throws: Never.self) { try read(textFile(text(times { Double($0) + ($0 % 2 == 0 ? 0 : 0.03) }))) }
  }

  @Test("a written record reads back to the last bit, with names that need quotation marks")
  func roundTrip() throws {
    var record = generatedWaveform()
    record.channels.append(WaveformChannel("a \"b\" (inner)", .voltage(record.channels[0].signal.series)))
    let bytes = try #require(try Instrument.waveformTable.writeWaveform?(record))
    let again = try read(SourceFile(name: "", bytes: bytes))
    #expect(again.channels == record.channels)
    #expect(again.timeBase == record.timeBase)
    #expect(again.sample == record.sample)
    #expect(again.model == record.model)
    #expect(again.measured == record.measured)
    for entry in record.header { #expect(again.header.contains(entry)) }
  }

  @Test("a record without times, with a number that is not finite or with lost steps is not written")
  func unwritable() {
    var (untimed, infinite, distant) = (generatedWaveform(), generatedWaveform(), generatedWaveform())
    untimed.timeBase = nil
    infinite.channels[0].signal = .voltage(Series(si: [Double](repeating: .infinity, count: 40)))
    distant.timeBase = TimeBase(start: Quantity(si: 1e9), interval: Quantity(si: 1e-8))
    for record in [untimed, infinite, distant] {
      let error = #expect(throws: ReadError.self) { try Instrument.waveformTable.writeWaveform?(record) }
      #expect(error?.code == .malformed)
    }
  }
}

extension RecordedSignal {
  fileprivate var series: Series<Voltage> { Series(si: si) }
}
