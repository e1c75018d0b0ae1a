// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

@Suite("NI TDMS files")
struct NITDMSTests {
  private func read(_ bytes: [UInt8], _ units: [String: String] = [:]) throws -> WaveformMeasurement {
    try Instrument.niTDMS.readWaveform(
      SourceFile(name: "generated.tdms", bytes: bytes),
      ReadingOptions(columnUnits: units.compactMapValues(UnitOfMeasure.init(word:))))
  }

  private func sample(_ name: String) throws -> [UInt8] {
    try #require(TDMSWriter.samples().first { $0.name == name }).bytes
  }

  private func refusal(_ bytes: [UInt8]) -> ReadError? {
    #expect(throws: ReadError.self) { try read(bytes) }
  }

  // Samples of one channel of doubles in V, for files with a fault.
  private func file(
    _ objects: [TDMSWriter.Object]? = nil, raw: Int = 80, next: UInt64? = nil, rawOffset: UInt64? = nil,
    version: UInt32 = 4713, contents: UInt32 = 0, interleaved: Bool = false
  ) -> [UInt8] {
    var writer = TDMSWriter()
    writer.segment(
      objects ?? [channel("U")], raw: [UInt8](repeating: 0, count: raw), interleaved: interleaved, next: next,
      rawOffset: rawOffset, version: version, contents: contents)
    return writer.bytes
  }

  private func channel(
    _ name: String, _ type: UInt32 = TDMSWriter.double, count: UInt64 = 10,
    _ properties: [(String, TDMSWriter.Property)] = []
  ) -> TDMSWriter.Object {
    TDMSWriter.Object(
      path: "/'G'/'\(name)'", index: .new(type: type, count: count),
      properties: properties + [("unit_string", .text("V"))])
  }

  @Test("the committed samples are what the writer of the tests makes")
  func samplesAreGenerated() throws {
    for (name, bytes) in TDMSWriter.samples() {
      let url = Repository.root.appending(path: "SampleData/NITDMS/\(name)")
      #expect(Array(try Data(contentsOf: url)) == bytes, "\(name)")
    }
  }

  @Test("chunks and segments join, in both byte orders", arguments: ["contiguous.tdms", "big-endian.tdms"])
  func contiguous(_ name: String) throws {
    let record = try read(try sample(name))
    #expect(record.channels.map(\.name) == ["Pickup", "Coil's current"])
    #expect(record.channels[0].signal == .voltage(Series(si: (0..<40).map(TDMSWriter.pickup))))
    #expect(record.channels[1].signal == .current(Series(si: (0..<40).map(TDMSWriter.current))))
    #expect(record.timeBase == TimeBase(start: Quantity(si: -2e-4), interval: Quantity(si: 2e-5)))
    // 3 624 995 089 s after 1904: by `date -u -d '1904-01-01 +3624995089 seconds'`.
    #expect(record.measured == "2018-11-13T23:04:49")
    #expect(record.notes.map(\.code) == ["time-in-utc"])
    #expect(record.header.first == HeaderEntry("Operator", "Probe bench"))
    for entry in [
      HeaderEntry("Coil is wound", "true"), HeaderEntry("Shot/Capacitor", "0.008"),
      HeaderEntry("Shot/Coil's current/unit_string", "A"), HeaderEntry("Shot/Pickup/wf_samples", "40"),
      HeaderEntry("Shot/Pickup/wf_start_time", "2018-11-13T23:04:49"),
    ] { #expect(record.header.contains(entry), "\(entry)") }
  }

  @Test("interleaved counts are scaled by a line and a polynomial, singles keep their value")
  func interleaved() throws {
    let record = try read(try sample("interleaved.tdms"))
    // All steps are exact in binary but the last, from mV to V.
    let millivolts = (0..<40).map { row in
      let line = 0.5 * Double(row * 700 - 9000) - 3
      return 0.25 + 2 * line + 0.125 * line * line
    }
    #expect(record.channels.map(\.name) == ["Counts", "Current"])
    #expect(record.channels[0].signal == .voltage(Series(si: millivolts.map { $0 * 1e-3 })))
    #expect(record.channels[1].signal == .current(Series(si: (0..<40).map { TDMSWriter.current($0) * 1e3 })))
  }

  @Test("object lists grow, pause and repeat; equal names get their group's before them")
  func incremental() throws {
    let record = try read(try sample("incremental.tdms"))
    #expect(record.channels.map(\.name) == ["Shot/U", "Blank/U"])
    #expect(record.channels[0].signal.si == (0..<40).map(TDMSWriter.pickup))
    #expect(record.channels[1].signal.si == (0..<40).map(TDMSWriter.current))
  }

  @Test("without a unit the channel is named, and a stated unit chooses the channels")
  func statedUnits() throws {
    let bytes = try sample("no-unit.tdms")
    let error = refusal(bytes)
    #expect(error?.code == .unit)
    #expect(error?.column == "U")
    #expect(error?.detail.contains("--unit \"U=V\"") == true, "\(error?.detail ?? "")")
    let record = try read(bytes, ["U": "mV"])
    #expect(record.channels.map(\.name) == ["U"])
    #expect(record.channels[0].signal.si == (0..<40).map { TDMSWriter.pickup($0) * 1e-3 })
    #expect(record.timeBase == nil)
    #expect(Set(record.notes.map(\.code)) == ["channel-left-out", "unit-stated", "no-times"])
    #expect(#expect(throws: ReadError.self) { try read(bytes, ["X": "V"]) }?.code == .missingColumn)
    let infinite = #expect(throws: ReadError.self) { try read(bytes, ["U": "V", "Ratio": "V"]) }
    #expect(infinite?.column == "Ratio")
    #expect(infinite?.detail.contains("sample 4") == true)
  }

  @Test("every kind of integer and float is read with its sign", arguments: [false, true])
  func numberTypes(_ isBigEndian: Bool) throws {
    let writer = TDMSWriter(bigEndian: isBigEndian)
    let cases: [(UInt32, [UInt8], Double)] = [
      (1, writer.encoded(Int8(-5)), -5), (2, writer.encoded(Int16(-500)), -500),
      (3, writer.encoded(Int32(-70_000)), -70_000), (4, writer.encoded(Int64(-5_000_000_000)), -5e9),
      (5, writer.encoded(UInt8(250)), 250), (6, writer.encoded(UInt16(65_000)), 65_000),
      (7, writer.encoded(UInt32(4_000_000_000)), 4e9), (8, writer.encoded(UInt64(1) << 63), 0x1p63),
      (9, writer.encoded(Float(-0.1).bitPattern), Double(Float(-0.1))),
      (10, writer.encoded((-0.1).bitPattern), -0.1), (0x19, writer.encoded(Float(2.5).bitPattern), 2.5),
      (0x1A, writer.encoded(7.5.bitPattern), 7.5),
    ]
    for (code, bytes, value) in cases {
      var file = writer
      file.segment([channel("U", code, count: 3)], raw: bytes + bytes + bytes)
      #expect(try read(file.bytes).channels[0].signal.si == [value, value, value], "type \(code)")
    }
  }

  @Test("a segment that a crash left open is read up to its last complete chunk, with a note")
  func crashedWrite() throws {
    let record = try read(file(raw: 80 * 3 + 17, next: .max))
    #expect(record.count == 30)
    #expect(record.notes.first { $0.code == "unfinished-segment" }?.message.contains("17 bytes") == true)
    #expect(refusal(file(raw: 79, next: .max))?.code == .truncated)
  }

  @Test("what is not read is refused by its name")
  func unsupported() {
    let cases: [([UInt8], String)] = [
      (file(contents: 1 << 7), "DAQmx"),
      (file([.init(path: "/'G'/'U'", index: .other(0x1269, []))]), "DAQmx"),
      (file([channel("U", 11)]), "extended"), (file([channel("U", 0x8000C)]), "complex"),
      (file([channel("U", 0x10000D, count: 5)]), "complex"), (file([channel("U", 0x4F)]), "fixed-point"),
      (file([.init(path: "/'G'/'U'", index: .other(28, textIndex()))]), "text"),
      (file([channel("U", 0x21, count: 80)]), "no samples"), (Array("TDSh".utf8), "index"),
      (
        file([
          channel(
            "U", [("NI_Number_Of_Scales", .uint32(1)), ("NI_Scale[0]_Scale_Type", .text("Thermocouple"))])
        ]), "Thermocouple"
      ),
      (file([channel("U", [("NI_Number_Of_Scales", .uint32(1))])]), "DAQmx"),
      (file([channel("U", [("NI_Number_Of_Scales", .uint32(.max))])]), "scales"),
      (file([channel("U", [("wf_increment", .double(1)), ("wf_xunit_string", .text("Hz"))])]), "Hz"),
      (file([channel("U", [("wf_increment", .double(-1))])]), "wf_increment"),
      (file([channel("U", count: 6), channel("W", count: 4)]), "equal counts"),
      (file([channel("U", count: 5, [("wf_increment", .double(1))]), channel("W", count: 5)]), "time base"),
    ]
    for (bytes, words) in cases {
      let error = refusal(bytes)
      #expect(error?.detail.contains(words) == true, "\(words): \(error?.description ?? "")")
    }
  }

  private func channel(_ name: String, _ properties: [(String, TDMSWriter.Property)]) -> TDMSWriter.Object {
    channel(name, TDMSWriter.double, count: 10, properties)
  }

  private func textIndex() -> [UInt8] {
    let writer = TDMSWriter()
    return writer.encoded(UInt32(0x20)) + writer.encoded(UInt32(1)) + writer.encoded(UInt64(2))
      + writer.encoded(UInt64(80))
  }

  // Sizes near the ends of the integers, each of which would trap or fill the memory if it were believed.
  @Test("no count, length or offset of the file is believed")
  func hostileSizes() {
    let large: [UInt64] = [1 << 60, .max, .max - 1, 1 << 63, UInt64(Int.max), UInt64(Int.max) / 8, 1 << 32]
    var files: [[UInt8]] = []
    for size in large {
      for code: UInt32 in [0, 1, 10, 0x44] { files.append(file([channel("U", code, count: size)])) }
      files.append(file([channel("U", count: size), channel("W", count: size)], interleaved: true))
      files.append(file([channel("U", count: size)], next: .max))
      files.append(file(rawOffset: size))
      files.append(file(next: .max, rawOffset: size))
      if size < .max { files.append(file(next: size)) }
    }
    files.append(file([.init(path: "/'G'/'U'", index: .same)]))
    files.append(file([.init(path: "/'G'/'U'", index: .other(21, []))]))
    files.append(file([channel("U", 3, count: 10), channel("W", count: 5)], interleaved: true))
    files.append(file(version: 1))
    files.append(file([channel("U", [("p", .other(0x7777, []))])]))
    files.append(file([channel("U", [("p", .other(0x20, [255, 255, 255, 255]))])]))
    for path in ["", "'", "/", "/'", "/'G", "/'G'x", "/'G'/'a'/'b'", "/''", "G"] {
      files.append(file([.init(path: path, index: .new(type: 10, count: 10))]))
    }
    for bytes in files { #expect((refusal(bytes)?.detail.count ?? 0) > 10) }
  }

  // Every field in turn becomes the largest, the smallest and the first negative number of its size.
  @Test("no run of extreme bytes anywhere traps, and what is still read is sound")
  func extremeBytes() throws {
    let patterns: [[UInt8]] = [
      [UInt8](repeating: 255, count: 8), [UInt8](repeating: 255, count: 4), [UInt8](repeating: 0, count: 8),
      [255, 255, 255, 255, 255, 255, 255, 127], [0, 0, 0, 0, 0, 0, 0, 128], [128, 0, 0, 0, 0, 0, 0, 0],
    ]
    for name in ["big-endian.tdms", "incremental.tdms"] {
      let bytes = try sample(name)
      for pattern in patterns {
        for place in 4..<bytes.count - pattern.count {
          var changed = bytes
          changed.replaceSubrange(place..<place + pattern.count, with: pattern)
          do throws(ReadError) {
            let record = try Instrument.niTDMS.readWaveform(
              SourceFile(name: "changed", bytes: changed), ReadingOptions())
            // A sample takes 8 bytes of these files.
            #expect(record.count > 0 && record.count * record.channels.count * 8 <= changed.count)
            #expect(record.channels.allSatisfy { $0.signal.si.allSatisfy(\.isFinite) })
          } catch {
            #expect(error.detail.count > 10)
          }
        }
      }
    }
  }

  @Test("a segment that stops early, and anything behind the last one, is refused")
  func incomplete() throws {
    let whole = file()
    #expect(try read(whole).count == 10)
    #expect(refusal(whole.dropLast(1))?.code == .truncated)
    #expect(refusal(whole + [0])?.code == .truncated)
    #expect(refusal(whole + [UInt8](repeating: 65, count: 28))?.code == .malformed)
  }

  // Counts, values and increments by npTDMS 1.13 and by `struct.unpack` at the offsets of the raw data.
  @Test("real files read as an independent parser reads them")
  func realFiles() throws {
    if let file = try realFile("waveforms/npTDMS_big_endian.tdms") {
      let units = ["Amplitude sweep": "V", "Phase sweep": "V"]
      #expect(refusal(file.bytes)?.code == .unit)
      let record = try read(file.bytes, units)
      #expect(record.count == 3500)
      #expect(record.channels.map(\.name) == ["Amplitude sweep", "Phase sweep"])
      #expect(record.timeBase == TimeBase(start: Quantity(si: 0), interval: Quantity(si: 1e-3)))
      #expect(
        [1, 1166, 2333, 3499].map { record.channels[0].signal.si[$0] }
          == [0, -1.9721316129929678, -1.549290013549412, 5.067986572324634])
      #expect(
        [1, 1166, 2333, 3499].map { record.channels[1].signal.si[$0] }
          == [0.0634175857813252, -0.9860658064964839, -0.387322503387353, 0.8446644287207723])
      #expect(record.measured == nil)
      #expect(record.header.contains(HeaderEntry("Author", "adelcast")))
    }
    if let file = try realFile("waveforms/Stoner_TDMS_File.tdms") {
      #expect(refusal(file.bytes)?.code == .unit)
      let record = try read(file.bytes, ["Voltage": "V", "Current": "A"])
      #expect(record.count == 906)
      #expect(record.channels.map(\.name) == ["Voltage", "Current"])
      #expect([0, 1, 301].map { record.channels[0].signal.si[$0] } == [-1.53461628e-07, -1.62702261e-07, 0])
      #expect([1, 905].map { record.channels[1].signal.si[$0] } == [1.993355482e-05, 0])
      #expect(record.notes.contains { $0.code == "interval-unset" })
    }
  }
}
