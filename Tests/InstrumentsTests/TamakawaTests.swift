// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Tamakawa files")
struct TamakawaTests {
  private let dated = "Tamakawa/loop.VSM"

  private func field(_ value: Double) -> Double { value * oersted }

  private let rows = [
    (0, 12000.0, 6.1864e-2), (1, 10582.98, 6.1870e-2), (18, -12050.56, -6.1863e-2), (34, 11950.4, 6.1852e-2),
  ]

  @Test("rows with a date and Japanese text in the code page of Windows")
  func datedRows() throws {
    let loop = try readLoop(.tamakawa, try sampleFile(dated))
    #expect(loop.count == 35)
    try expectRows(
      loop, rows.map { GoldenRow($0.0, line: 42 + $0.0, $0.1, $0.2) }, field: field, response: { $0 * 1e-3 })
    #expect(loop.sample.id?.value == "Probe 18 合成")
    #expect(loop.header.contains(HeaderEntry("comment", "試験用のデータ")))
    #expect(loop.header.first == HeaderEntry("version", "vbvsm-1.00DATE"))
    #expect(loop.header.contains(HeaderEntry("lock-in amp. sensitivity", "0.5,(mV)")))
    #expect(loop.measured == "2026-03-03T14:31:14")
    #expect(loop.sample.mass == nil && loop.sample.volume == nil && loop.sample.temperature == nil)
    #expect(
      loop.notes.map(\.code) == ["placeholder-value", "placeholder-value", "temperature-not-physical"])
    guard case .applied = loop.field else {
      Issue.record("not an applied field")
      return
    }
  }

  @Test("rows without a date, in UTF-8, with corrections and a specimen")
  func correctedRows() throws {
    let loop = try readLoop(.tamakawa, try sampleFile("Tamakawa/corrected.VSM"))
    #expect(loop.count == 35)
    try expectRows(
      loop, rows.map { GoldenRow($0.0, line: 42 + $0.0, $0.1, $0.2) }, field: field, response: { $0 * 1e-3 })
    #expect(loop.sample.mass == Sourced(Quantity(si: 0.0163 * 1e-3), .header))
    #expect(loop.sample.volume == Sourced(Quantity(si: 0.0021 * 1e-6), .header))
    #expect(loop.sample.temperature == Sourced(Quantity(si: 24.5 + 273.15), .header))
    #expect(loop.notes.map(\.code) == ["instrument-corrections"])
    #expect(loop.notes.first?.message.hasSuffix("demagnetization field, diamagnetism") == true)
    guard case .internal = loop.field else {
      Issue.record("the corrected field is not the internal one")
      return
    }
  }

  @Test(
    "only YES makes the field the internal one", arguments: ["NO,0", "OFF", "no", "", "YES,0.33", "ON", "1"])
  func demagnetisation(_ word: String) throws {
    let line = "correction(demagnetization field)=,"
    let file = try edited("Tamakawa/corrected.VSM", [(line + "YES", line + word)])
    if ["ON", "1"].contains(word) {
      let error = refusal(.tamakawa, file)
      #expect(error?.code == .malformed)
      #expect(error?.detail.contains("“\(word)”") == true)
      return
    }
    let loop = try readLoop(.tamakawa, file)
    let isInternal = if case .internal = loop.field { true } else { false }
    #expect(isInternal == word.hasPrefix("YES"))
    #expect(loop.notes.contains { $0.message.contains("demagnetization field") } == isInternal)
  }

  @Test("missing rows are noted, other units are read, a held field and a missing table are refused")
  func variants() throws {
    let fewer = try readLoop(.tamakawa, edited(dated, [("points=,35", "points=,40")]))
    #expect(fewer.notes.map(\.code).first == "announced-rows")
    let cases: [(String, String, ReadError.Code)] = [
      ("H(Oe),M(emu)", "H(kA/m),M(emu)", .truncated), ("6.1870E-02", "6.187E-O2", .malformed),
      ("vbvsm-", "vsm-", .malformed),
    ]
    for (old, new, code) in cases {
      #expect(refusal(.tamakawa, try edited(dated, [(old, new)]))?.code == code, "\(old)")
    }
    let held = try String(decoding: sampleFile("Tamakawa/corrected.VSM").bytes, as: UTF8.self)
      .split(separator: "\r\n").map { $0.hasSuffix(",90.0") ? "500.0,1E-3,90.0" : $0 }.joined(
        separator: "\r\n")
    #expect(refusal(.tamakawa, textFile(held + "\r\n"))?.code == .notALoop)
  }
}
