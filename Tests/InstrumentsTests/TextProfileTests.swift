// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

/// The sample that belongs to a shipped profile.
private func sample(_ id: String) throws -> SourceFile {
  let folder = Repository.root.appending(path: "SampleData/TextProfile/\(id)")
  let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder.path).first)
  return SourceFile(name: name, bytes: Array(try Data(contentsOf: folder.appending(path: name))))
}

private func loop(_ id: String) throws -> LoopMeasurement {
  try TextProfile.shipped(id).instrument.readLoop(try sample(id), ReadingOptions())
}

@Suite("Text profiles: the shipped examples")
struct TextProfileTests {
  @Test func germanHysteresisgraph() throws {
    let loop = try loop("example-hysteresisgraph-de")
    #expect(loop.instrument == "profile-example-hysteresisgraph-de")
    #expect(loop.count == 29)
    let rows = [(0, 0, 1.31), (1, -50.25, 1.3087), (14, -703.5, 1.2923), (28, -1407.0, -1.2934)]
    for (row, field, polarisation) in rows {
      #expect(loop.field.amperesPerMetre[row] == field * 1e3)
      #expect(loop.response.si[row] == polarisation)
    }
    guard case .internal = loop.field, case .polarisation = loop.response else {
      Issue.record("not an internal field and a polarisation")
      return
    }
    #expect(loop.lines == Array(14...42))
    #expect(loop.sample.id?.value == "Würfel 7")
    #expect(loop.sample.lot?.value == "L-0815")
    #expect(loop.sample.material?.value == "NdFeB")
    #expect(loop.measured == "2025-02-12T15:36:09")
    #expect(loop.sample.temperature?.value.si == 23.5 + 273.15)
    #expect(loop.sample.shape?.value.lengths == [10.02, 10.05, 5.01].map { $0 * 1e-3 })
    #expect(loop.sample.circuit?.value == .closed)
    #expect(
      loop.header.first == HeaderEntry("Hysteresisprüfung (synthetic", "written for the tests of magcert)"))
    #expect(loop.header.contains(HeaderEntry("#", "Ende der Messung;29")))
    let results = loop.instrumentResults
    #expect(results.map(\.kind) == [.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct])
    #expect(results.map(\.si) == [1.31, 1022e3, 1289e3, 334.7e3])
    #expect(zip(results.map(\.rounding), [0.0005, 500, 500, 50]).allSatisfy { abs($0 - $1) < 1e-12 * $1 })
    #expect(results[3].spelled == "(BH)max [kJ/m³];334,7")
    #expect(loop.notes.map(\.code) == ["example-profile"])
  }

  @Test func chineseHysteresisgraph() throws {
    let loop = try loop("example-hysteresisgraph-zh")
    #expect(loop.count == 31)
    for (row, field, polarisation) in [
      (0, 0, 13.17), (1, 0.57, 13.1586), (15, 8.55, 12.999), (30, 17.1, 9.7089),
    ] {
      // The field is printed as a magnitude.
      #expect(loop.field.amperesPerMetre[row] == -(field * (1e3 * oersted)) + 0)
      #expect(loop.response.si[row] == polarisation * 0.1)
    }
    #expect(loop.sample.id?.value == "丂-42")
    #expect(loop.sample.material?.value == "N42H")
    #expect(loop.measured == "2025-03-07T08:05:00")
    #expect(loop.sample.temperature?.value.si == 21.4 + 273.15)
    #expect(
      loop.sample.shape?.value
        == .cylinder(diameter: Quantity(si: 10.01 * 1e-3), length: Quantity(si: 7.98 * 1e-3)))
    let results = loop.instrumentResults
    #expect(
      results.map(\.kind) == [.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField])
    let si = [1.317, 12.91e3 * oersted, 17.84e3 * oersted, 42.51e5 / (4 * Double.pi), 16.63e3 * oersted]
    // The factors of the units are products of rounded numbers.
    #expect(zip(results.map(\.si), si).allSatisfy { abs($0 - $1) < 1e-14 * $1 })
    #expect(abs(results[0].rounding - 0.0005) < 1e-15)
  }

  @Test func japaneseTracer() throws {
    let loop = try loop("example-tracer-ja")
    #expect(loop.count == 49)
    for (row, field, polarisation, celsius) in [
      (0, 609.25, 0.412, 24.1), (1, 604.01, 0.412, 24.11), (24, -615.75, -0.412, 24.34),
      (48, 609.25, 0.412, 24.58),
    ] {
      #expect(loop.field.amperesPerMetre[row] == field * 1e3)
      #expect(loop.response.si[row] == polarisation)
      #expect(loop.temperature?.si[row] == celsius + 273.15)
    }
    #expect(loop.sample.id?.value == "フェライト表1")
    #expect(loop.sample.lot?.value == "ソ-12")
    #expect(loop.measured == "2025-03-09T17:04:05")
    #expect(loop.instrumentResults.map(\.kind) == [.remanence, .coercivityHcJ])
    #expect(loop.instrumentResults.map(\.si) == [411.9 * 1e-3, 263.5e3])
    #expect(loop.lines.first == 11 && loop.lines.last == 59)
  }

  @Test func pulsedField() throws {
    let loop = try loop("example-pulsed-field")
    #expect(loop.count == 61)
    for (row, time, tesla, polarisation) in [
      (0, 0, 4.771, 1.1791), (1, 0.05, 4.745, 1.179), (30, 1.5, -4.729, -1.1786), (60, 3.0, 4.771, 1.1788),
    ] {
      #expect(loop.time?.si[row] == time * 1e-3)
      #expect(loop.field.amperesPerMetre[row] == tesla / magneticConstant)
      // Its sign is turned.
      #expect(loop.response.si[row] == polarisation)
    }
    guard case .applied = loop.field else {
      Issue.record("not an applied field")
      return
    }
    #expect(loop.sample.id?.value == "Cylinder Ω-3")
    #expect(loop.sample.mass?.value.si == 1.1875e-3)
    #expect(loop.sample.circuit?.value == .open)
    #expect(loop.instrumentResults.map(\.kind) == [.remanence, .coercivityHcJ])
    #expect(loop.instrumentResults.last?.si == 2.03 / magneticConstant)
    #expect(loop.header.last == HeaderEntry("#", "[End]"))
  }

  @Test func twoColumns() throws {
    let loop = try loop("example-two-columns")
    #expect(loop.count == 41)
    for (row, gauss, emu) in [(0, 9831.5, 0.0232654), (1, 9710.846, 0.0232411), (20, -9768.5, -0.0232383)] {
      #expect(loop.field.amperesPerMetre[row] == gauss * 1e-4 / magneticConstant)
      #expect(loop.response.si[row] == emu * 1e-3)
    }
    guard case .moment = loop.response else {
      Issue.record("not a moment")
      return
    }
    #expect(loop.header.isEmpty)
  }

  // The reference values were computed from the text by interpolation between neighbouring points.
  @Test func realFileWithoutAHeader() throws {
    guard let file = try realFile("lakeshore_7400_ideasvsm/VSManalyser_headerless_example.txt") else {
      return
    }
    let loop = try TextProfile.shipped("example-two-columns").instrument.readLoop(file, ReadingOptions())
    #expect(loop.count == 251)
    let gauss = loop.field.amperesPerMetre.map { $0 * magneticConstant * 1e4 }
    let moment = loop.response.si
    let zeros = moment.indices.dropLast().filter { moment[$0] * moment[$0 + 1] < 0 }.map { row in
      gauss[row] + (gauss[row + 1] - gauss[row]) * moment[row] / (moment[row] - moment[row + 1])
    }
    for reference in [-551.234, 924.976] {
      // The references are printed with three decimals.
      #expect(zeros.contains { abs($0 - reference) < 0.0005 }, "\(reference) is not among \(zeros)")
    }
  }

  @Test(arguments: TextProfile.shippedIDs)
  func shippedProfilesSayThatTheyAreExamples(_ id: String) throws {
    let profile = try TextProfile.shipped(id)
    #expect(profile.title.hasPrefix("Example"))
    let remark = try #require(profile.remark)
    #expect(remark.contains("not checked against a real export") || remark.contains("are assumed"))
    #expect(profile.instrument.recognize(try sample(id)).recognition >= .plausible)
    #expect(profile.instrument.recognize(textFile("something else\n")).recognition == .no)
  }

  @Test(arguments: TextProfile.shippedIDs)
  func readingByOneIsNoted(_ id: String) throws {
    let message = try #require(try loop(id).notes.first { $0.code == "example-profile" }?.message)
    #expect(message.contains("not checked against a real export"))
    // A copy is the user's own.
    let copy = try TextProfile(text: TextProfile.shipped(id).text)
    let read = try copy.instrument.readLoop(try sample(id), ReadingOptions())
    #expect(!read.notes.contains { $0.code == "example-profile" })
  }

  // They are chosen by name and take no part in recognition; no driver may take their samples for its own.
  @Test(arguments: TextProfile.shippedIDs)
  func noDriverClaimsTheirSamples(_ id: String) throws {
    #expect(!allInstruments.contains { $0.id.hasPrefix("profile-") })
    for driver in allInstruments {
      let claim = driver.recognize(try sample(id))
      #expect(claim.recognition == .no, "\(driver.id): \(claim.reason)")
    }
  }

  @Test(arguments: TextProfile.shippedIDs, ConformanceCheck.allCases)
  func shippedProfilesConform(_ id: String, _ check: ConformanceCheck) async throws {
    let instrument = try TextProfile.shipped(id).instrument
    // A profile without a mark fits any table of numbers, and a headerless file has no header.
    if id == "example-two-columns", [.foreignFiles, .header].contains(check) { return }
    let foreign = try sampleFiles().map(\.file).filter { $0.bytes.count < 100_000 }
    let kit = ConformanceKit(driver: instrument, sample: try sample(id), foreign: foreign)
    let faults = try await kit.faults(check)
    #expect(faults.isEmpty, "\(id), \(check): \(faults.prefix(3))")
  }
}
