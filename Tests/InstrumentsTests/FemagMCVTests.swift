// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

@Suite("FEMAG curves")
struct FemagMCVTests {
  private func read(_ bytes: [UInt8], block: String? = nil) throws -> LoopMeasurement {
    try Instrument.femagMCV.readLoop(
      SourceFile(name: "generated.MCV", bytes: bytes), ReadingOptions(block: block))
  }

  private func refusal(_ bytes: [UInt8], block: String? = nil) -> ReadError? {
    #expect(throws: ReadError.self) { try read(bytes, block: block) }
  }

  private func fluxDensities(_ loop: LoopMeasurement) throws -> [Double] {
    guard case .fluxDensity(let series) = loop.response else {
      Issue.record("the response is a \(loop.response.name)")
      return []
    }
    return series.si
  }

  // B at H = 0 between the two points around it.
  private func remanence(_ loop: LoopMeasurement) throws -> Double {
    let (field, flux) = (loop.field.amperesPerMetre, try fluxDensities(loop))
    if let exact = field.firstIndex(of: 0) { return flux[exact] }
    let after = try #require(field.indices.dropFirst().first { field[$0 - 1] < 0 && field[$0] > 0 })
    let share = -field[after - 1] / (field[after] - field[after - 1])
    return flux[after - 1] + share * (flux[after] - flux[after - 1])
  }

  @Test("the committed samples are what the writer of the tests makes")
  func samplesAreGenerated() throws {
    for (name, bytes) in FemagWriter.samples() {
      let url = Repository.root.appending(path: "SampleData/FemagMCV/\(name)")
      #expect(Array(try Data(contentsOf: url)) == bytes, "\(name)")
    }
  }

  @Test("B and H are read in the order of the file, without the zeros behind them")
  func oneCurve() throws {
    let loop = try read(FemagWriter.samples()[0].bytes)
    #expect(loop.count == 30)
    let fields: [Double] = [-870_000, -720_000, -450_000, 0]
    #expect([0, 5, 14, 29].map { loop.field.amperesPerMetre[$0] } == fields)
    // 12503 - 870·13 - 150²/3 and so on, in single precision.
    let expected: [Float] = [-0.6307, 0.3143, 0.6653, 1.2503]
    let flux = try fluxDensities(loop)
    #expect([0, 5, 14, 29].map { flux[$0] } == expected.map { Double($0) })
    guard case .internal = loop.field else {
      Issue.record("the field is not that in the material")
      return
    }
    #expect(loop.sample.material == Sourced("Probe magnet", .header))
    #expect(loop.sample.circuit == Sourced(.closed, .assumed))
    #expect(loop.lines == Array(1...30))
    #expect(loop.notes.isEmpty)
    #expect(loop.header.contains(HeaderEntry("ni", "30")))
    #expect(loop.header.contains(HeaderEntry("remz", "1.2503")))
    #expect(loop.instrumentResults.map(\.kind) == [.remanence])
    #expect(loop.instrumentResults.first?.si == Double(Float(1.2503)))
    #expect(loop.instrumentResults.first?.spelled == "remz 1.2503")
  }

  @Test("one of several curves is chosen by its number")
  func severalCurves() throws {
    let bytes = FemagWriter.samples()[1].bytes
    let error = refusal(bytes)
    #expect(error?.code == .block)
    #expect(error?.detail.contains("“1”, “2”, “3”") == true)
    #expect(refusal(bytes, block: "4")?.code == .block)
    let loop = try read(bytes, block: "2")
    #expect(try remanence(loop) == Double(Float(1.1804)))
    #expect(loop.notes.map(\.code) == ["block-chosen"])
    #expect(loop.notes.first?.message.contains("1.1804") == true)
    #expect(loop.instrumentResults.isEmpty)
  }

  @Test("other materials are refused by their type")
  func otherMaterials() throws {
    let bytes = FemagWriter.samples()[2].bytes
    #expect(Instrument.femagMCV.recognize(SourceFile(name: "", bytes: bytes)).recognition == .certain)
    #expect(refusal(bytes)?.code == .notALoop)
    #expect(refusal(bytes)?.detail.contains("soft iron") == true)
    let curves = [(pairs: FemagWriter.magnet(), parameter: Float(0))]
    #expect(refusal(FemagWriter.file(version: 1, type: 5, curves: curves))?.detail.contains("angles") == true)
    #expect(refusal(FemagWriter.file(type: 77, curves: curves))?.detail.contains("77") == true)
  }

  @Test("a title that names nothing and a wrong count of points are noted")
  func notes() throws {
    let curves = [(pairs: FemagWriter.magnet(), parameter: Float(0))]
    let loop = try read(FemagWriter.file(title: "Magnetic Curve", points: 31, curves: curves))
    #expect(loop.notes.map(\.code) == ["points-differ", "placeholder-value"])
    #expect(loop.sample.material == nil)
    #expect(try read(FemagWriter.file(title: "\0\0", curves: curves)).sample.material == nil)
  }

  @Test("a file that ends early is truncated wherever it ends")
  func truncation() throws {
    let whole = FemagWriter.samples()[0].bytes
    for length in stride(from: 1, to: whole.count, by: 7) {
      #expect(refusal(Array(whole.prefix(length)))?.code == .truncated, "\(length) bytes")
    }
    #expect(refusal([])?.code == .empty)
    let few = FemagWriter.file(curves: [(pairs: Array(FemagWriter.magnet().suffix(5)), parameter: 0)])
    #expect(refusal(few)?.code == .truncated)
  }

  @Test("lengths, counts and numbers that cannot be true are refused")
  func damage() throws {
    let whole = FemagWriter.samples()[0].bytes
    func changed(_ offset: Int, to bytes: [UInt8]) -> [UInt8] {
      var copy = whole
      copy.replaceSubrange(offset..<offset + bytes.count, with: bytes)
      return copy
    }
    // The length behind the first record, then the length before the second, far beyond the file.
    #expect(refusal(changed(8, to: [5, 0, 0, 0]))?.code == .malformed)
    #expect(refusal(changed(12, to: [0xFF, 0xFF, 0xFF, 0xFF]))?.code == .truncated)
    // The version, then the last number of the head, then the first B and H.
    #expect(refusal(changed(4, to: [9, 0, 0, 0]))?.code == .malformed)
    #expect(refusal(changed(164, to: FemagWriter.encoded([.nan])))?.code == .malformed)
    #expect(refusal(changed(168, to: FemagWriter.encoded([.infinity])))?.code == .malformed)
    for curves in [0, -3, Int(Int32.max)] {
      var writer = FemagWriter()
      writer.record(FemagWriter.encoded(2))
      writer.record(FemagWriter.text("*** File with magnetic curve ***"))
      writer.record(FemagWriter.text(""))
      writer.record([30, 45, 4, 0].flatMap { FemagWriter.encoded($0) } + FemagWriter.encoded([0.1]))
      writer.record(FemagWriter.encoded([1, 0, 0, 1]) + FemagWriter.encoded(curves))
      #expect(refusal(writer.bytes)?.code == .malformed, "\(curves) curves")
    }
  }

  @Test(
    "real magnets have the remanence that is known of them",
    arguments: [("femag_BM38H.MCV", 44, 1.2403), ("femag_FERRIT_20gC.MCV", 43, 0.4)])
  func realFiles(_ name: String, _ count: Int, _ remanence: Double) throws {
    guard let file = try realFile("bh_curves/\(name)") else { return }
    #expect(try instrument(for: file).id == "femag-mcv")
    let loop = try read(file.bytes)
    #expect(loop.count == count)
    #expect(loop.notes.allSatisfy { $0.code == "placeholder-value" })
    // The known numbers have four decimals.
    #expect(abs(try self.remanence(loop) - remanence) <= 0.5e-4)
    #expect(loop.instrumentResults.map(\.si) == [try self.remanence(loop)])
  }
}
