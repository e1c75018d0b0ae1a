// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Petersen VFTB files")
struct PetersenVFTBTests {
  private let several = "PetersenVFTB/several-sets.001"

  private func field(_ value: Double) -> Double { value * oersted }

  @Test("a set of rows gives moments per mass, temperatures and the weight")
  func oneSet() throws {
    let loop = try readLoop(.petersenVFTB, try sampleFile("PetersenVFTB/loop.001"))
    #expect(loop.count == 39)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 5, 12, 3.055345781e-2 / 1000), GoldenRow(1, line: 6, 753.1, 2.261143346e-2),
        GoldenRow(15, line: 20, 231.3, 0.1078402507), GoldenRow(38, line: 43, 5120, 0.2232314821),
      ], field: field, response: { $0 })
    guard case .specificMoment = loop.response else {
      Issue.record("not a specific moment")
      return
    }
    #expect(loop.temperature?.si == [Double](repeating: 24 + 273.15, count: 39))
    #expect(loop.time?.si.last == 38)
    #expect(loop.sample.id?.value == "Probe 16 synthetic")
    #expect(loop.sample.mass == Sourced(Quantity(si: 83.5 * 1e-6), .header))
    #expect(loop.header.map(\.key) == ["name", "weight", "Set 1"])
    #expect(loop.notes.isEmpty)
  }

  @Test("of several sets the user names one, and what is no loop is said")
  func sets() throws {
    let file = try sampleFile(several)
    let error = refusal(.petersenVFTB, file)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("“Set 2”, “Set 3”") == true, "\(error?.detail ?? "")")
    let second = try readLoop(.petersenVFTB, file, ReadingOptions(block: "Set 2"))
    #expect(second.count == 39)
    #expect(second.lines.first == 20)
    let third = try readLoop(.petersenVFTB, file, ReadingOptions(block: "Set 3"))
    #expect(third.count == 28)
    try expectRows(
      third, [GoldenRow(0, line: 62, 5000, 0.1409995158), GoldenRow(27, line: 89, 5050, 0.1409980851)],
      field: field, response: { $0 })
    let others: [(String, ReadError.Code, String)] = [
      ("Set 1", .notALoop, "one way"), ("Set 4", .notALoop, "held"), ("Set 5", .block, "Set 4"),
    ]
    for (name, code, words) in others {
      let error = refusal(.petersenVFTB, file, ReadingOptions(block: name))
      #expect(error?.code == code)
      #expect(error?.detail.contains(words) == true, "\(error?.detail ?? "")")
    }
  }

  @Test("one loop among other sets is read with a note")
  func oneLoopAmongSets() throws {
    let text = String(decoding: try sampleFile(several).bytes, as: UTF8.self)
    let end = try #require(text.firstRange(of: "\r\nSet 3"))
    let loop = try readLoop(.petersenVFTB, textFile(String(text[..<end.lowerBound]) + "\r\n"))
    #expect(loop.lines.first == 20)
    #expect(loop.notes.map(\.code) == ["blocks-left-out"])
  }

  @Test("columns without numbers, other units, no weight")
  func variants() throws {
    let plain = try readLoop(.petersenVFTB, try sampleFile("PetersenVFTB/loop.001"))
    let without = try readLoop(
      .petersenVFTB, edited("PetersenVFTB/loop.001", [("\t24.\t", "\tn/a\t"), ("83.5 mg", "")]))
    #expect(without.temperature == nil && without.sample.mass == nil)
    #expect(without.notes.map(\.code) == ["placeholder-value"])
    #expect(without.response == plain.response)
    let moment = try readLoop(
      .petersenVFTB, edited("PetersenVFTB/loop.001", [("mag / emu / g", "mag / emu")]))
    guard case .moment(let series) = moment.response else {
      Issue.record("not a moment")
      return
    }
    #expect(series.si.last == 0.2232314821 * 1e-3)
    let fault = refusal(.petersenVFTB, try edited("PetersenVFTB/loop.001", [("0.2232314821\t", "n/a\t")]))
    #expect(fault?.line == 43)
    #expect(
      refusal(.petersenVFTB, try edited("PetersenVFTB/loop.001", [("mag / emu", "m / emu")]))?.code
        == .missingColumn)
  }

  @Test("the real file reads as its text says")
  func realFile() throws {
    guard let file = try InstrumentsTests.realFile("petersen_vftb/RockPy_hys_vftb.001") else { return }
    let loop = try readLoop(.petersenVFTB, file)
    #expect(loop.count == 61)
    try expectRows(
      loop,
      [
        GoldenRow(0, line: 5, 14.32, 6.076013713e-2), GoldenRow(20, line: 25, 501, 0.1343383107),
        GoldenRow(40, line: 45, -2570, -0.1796302784), GoldenRow(60, line: 65, 8440, 0.2766902814),
      ], field: field, response: { $0 })
    #expect(loop.sample.id?.value == "hem4_2008,702")
    #expect(loop.sample.mass == Sourced(Quantity(si: 117 * 1e-6), .header))
    // Computed with six digits.
    let zeros = crossings(loop.field.amperesPerMetre, loop.response.si).map { $0 / oersted }
    #expect(zeros.count == 2)
    #expect(abs(zeros[0] + 268.981) < 0.5e-3 && abs(zeros[1] - 277.788) < 0.5e-3, "\(zeros)")
  }
}
