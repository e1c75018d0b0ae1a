// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Archive
import Certification
import Foundation
import HDF5
import Measurements
import Quantities
import Testing
import TestSupport

@Suite struct WritingTests {
  @Test func whatWasWrittenIsReadAgain() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let reader = try ArchiveReader(opening: path)
      #expect(reader.isComplete)
      #expect(reader.count == 5)
      #expect(reader.software == "1.2.3")
      #expect(reader.lot == "L7")
      #expect(reader.created == "2026-03-01T12:00:00Z")
      #expect(reader.verify() == [])
      for (row, entry) in Example.all.enumerated() {
        #expect(try reader.record(row) == entry.record)
        let source = try reader.source(row)
        #expect(source.name == entry.source.name)
        #expect(source.bytes == entry.source.bytes)
      }
      let summaries = try reader.summaries()
      #expect(summaries.map(\.loopIndex) == [0, 1, 0, 0, 0])
      #expect(summaries.map(\.sample) == ["magnet 1", "magnet 1", nil, nil, "magnet 1"])
      #expect(summaries.map(\.lot) == ["L7", "L7", nil, nil, "L7"])
      #expect(summaries.map(\.instrument) == ["csv-loop", "csv-loop", nil, "csv-loop", "waveform-table"])
      #expect(summaries.map(\.grade) == ["N42SH", "N42SH", nil, nil, "N42SH"])
      #expect(summaries.map(\.verdict) == [.conditionalPass, .conditionalPass, nil, nil, .conditionalPass])
      #expect(summaries[0].sha256 == ContentHash(of: Example.source.bytes).hexadecimal)
      let expected = try #require(Example.analysis().estimates.first)
      #expect(
        Set(summaries[0].quantities.keys) == [
          .remanence, .coercivityHcJ, .irreversibleLoss5, .switchingFieldWidth,
        ])
      #expect(summaries[0].quantities[.remanence]?.value == 1.312)
      #expect(summaries[0].quantities[.remanence]?.standardUncertainty == expected.standardUncertainty)
      #expect(summaries[0].quantities[.remanence]?.expandedUncertainty == expected.expandedUncertainty)
      #expect(summaries[2].quantities.isEmpty)
      #expect(Set(summaries[3].quantities.keys) == [.remanentMoment])
    }
  }

  @Test func everyChannelAndListIsInItsDataset() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, Example.loops)
      let file = try HDF5File(opening: path)
      func doubles(_ name: String) throws -> [Double] {
        try file.dataset("/entry/" + name).numbers(Double.self)
      }
      func integers(_ name: String) throws -> [Int64] {
        try file.dataset("/entry/" + name).numbers(Int64.self)
      }
      func texts(_ name: String) throws -> [String] { try file.dataset("/entry/" + name).texts() }
      let (short, long) = (Example.measurement(), Example.measurement(points: 7))
      #expect(try integers("raw/offset") == [0, 5, 12, 12, 17])
      #expect(
        try doubles("raw/field")
          == short.field.amperesPerMetre + long.field.amperesPerMetre + short.field.amperesPerMetre)
      #expect(try doubles("raw/response").prefix(5) == short.response.si[...])
      #expect(try texts("raw/response_units") == ["A m2", "A m2", "", "A m2"])
      #expect(try integers("raw/time_offset") == [0, 5, 12, 12, 12])
      #expect(try integers("raw/line") == [Int64](12..<17) + [Int64](12..<19))
      #expect(try doubles("raw/processed_response").prefix(5) == short.processed?.response.si[...])
      #expect(try integers("data/offset") == [0, 5, 12, 12, 12], "no volume, no polarisation")
      #expect(try doubles("data/polarisation").count == doubles("data/internal_field").count)
      #expect(try doubles("data/internal_field").prefix(5) == Example.analysis().loop.internalField.si[...])
      #expect(try integers("data/sweep_end") == [2, 5, 2, 7, 2, 5])
      #expect(try texts("header/key").prefix(2) == ["Operator", "zero␀character"])
      #expect(try integers("loops/source") == [0, 0, 1, 2], "one file of two loops is stored once")
      #expect(
        try integers("sources/byte_count") == Example.loops.dropFirst().map { Int64($0.source.bytes.count) })
      #expect(try doubles("samples/size").prefix(3) == [1.98e-3, 1.99e-3, 2.7e-3])
      #expect(try texts("samples/mass_origin") == ["header", "header", "", ""])
      #expect(try texts("flags/code").prefix(2) == ["default-budget", "single-branch"])
      #expect(try texts("corrections/parameter_name").prefix(2) == ["factor", "volume"])
      #expect(try integers("corrections/parameter_of").prefix(2) == [1, 1])
      #expect(try doubles("budget/contribution").prefix(3) == [3e-4, -4e-4, 2500])
      #expect(try doubles("budget/degrees_of_freedom").prefix(3) == [40, .infinity, .infinity])
      #expect(try texts("absences/quantity") == ["Hk", "Hk", "Hk"])
      #expect(try doubles("limits/limit") == [1.28, 9e5, 1.28, 9e5])
      #expect(try doubles("limits/value").map(\.isNaN) == [false, true, false, true])
      #expect(try texts("verdicts/reason").count == 2)
      #expect(try texts("grades/name") == ["N42SH", "N42SH"])
      #expect(try texts("notes/code") == ["dc-moment", "dc-moment", "dc-moment"])
      #expect(try file.dataset("/entry/results/Br/present").numbers(UInt8.self) == [1, 1, 0, 0])
      #expect(try doubles("results/Br/value").map(\.isNaN) == [false, false, true, true])
      #expect(try doubles("results/HcJ/degrees_of_freedom")[0] == .infinity)
      #expect(try texts("results/HcJ/method")[0] == "ladder")
      #expect(try doubles("results/Br/alternative_value").prefix(2) == [1.3125, 1.3125])
      #expect(try texts("results/Br/alternative_method") == ["ladder", "ladder", "", ""])
      #expect(try doubles("results/HcJ/alternative_value").allSatisfy(\.isNaN))
      #expect(try doubles("results/HD5/value")[0] == 1.55e6)
      #expect(try doubles("results/SFDwidth/value")[1] == 37_910.83)
      #expect(try texts("estimation/method") == ["fit", "fit", "", "interpolation"])
      #expect(try texts("estimation/recoil_method").prefix(2) == ["secant", "secant"])
      #expect(try integers("estimation/ladder_components") == [3, 3, -1, -1])
      #expect(try texts("estimation/blank_name").prefix(2) == ["empty holder.dat", "empty holder.dat"])
      #expect(try texts("estimation/blank_sha256").map(\.utf8.count) == [64, 64, 0, 0])
      #expect(try doubles("estimation/saturation_polarisation").map(\.isNaN) == [false, false, true, true])
      #expect(try doubles("estimation/saturation_polarisation_uncertainty")[0] == 0.01)
      #expect(try doubles("estimation/signal_to_noise").prefix(2) == [2.75, 2.75])
      #expect(try doubles("estimation/recoil_linearity").prefix(2) == [0.5, 0.5])
    }
  }

  @Test func viewersFindWhatToPlotAndInWhichUnit() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let file = try HDF5File(opening: path)
      #expect(try file.attribute("magcert_schema") == .integer(5))
      #expect(try file.attribute("NX_class") == .text("NXroot"))
      #expect(try file.attribute("default") == .text("entry"))
      #expect(try file.attribute("default", of: "/entry") == .text("data"))
      #expect(try file.attribute("signal", of: "/entry/data") == .text("polarisation"))
      #expect(try file.attribute("axes", of: "/entry/data") == .text("internal_field"))
      #expect(try file.attribute("units", of: "/entry/data/internal_field") == .text("A/m"))
      for characteristic in Characteristic.allCases {
        let path = "/entry/results/\(characteristic.rawValue)/value"
        #expect(try file.attribute("units", of: path) == .text(characteristic.unit.rawValue))
      }
      let term = try file.attribute("ontology_iri", of: "/entry/results/Br/value")
      let name = "https://w3id.org/emmo/domain/magnetic-materials#EMMO_538226cb-bebb-53e5-bf37-0f12226228be"
      #expect(term == .text(name))
    }
  }

  @Test func equalEntriesGiveEqualBytes() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      try writeArchive(path + ".again")
      #expect(try Data(contentsOf: URL(filePath: path)) == Data(contentsOf: URL(filePath: path + ".again")))
    }
  }

  @Test func anArchiveWithoutRowsIsWhole() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, [])
      let reader = try ArchiveReader(opening: path)
      #expect(reader.count == 0)
      #expect(try reader.summaries() == [])
      #expect(reader.verify() == [])
    }
  }

  @Test func rowsDoNotDependOnHowOftenTheyAreWritten() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      var writer = try ArchiveWriter(
        creating: path + ".slow", software: "1.2.3", lot: "L7", created: "2026-03-01T12:00:00Z")
      for entry in Example.all {
        try writer.append(entry)
        try writer.write()
      }
      try writer.finish()
      let (whole, slow) = (try ArchiveReader(opening: path), try ArchiveReader(opening: path + ".slow"))
      #expect(slow.verify() == [])
      #expect(try whole.summaries() == slow.summaries())
      let heads = try [path, path + ".slow"].map { try HDF5File(opening: $0).attribute("chain") }
      #expect(heads[0] == heads[1])
    }
  }

  @Test func theVerdictOnTheLotIsTheLastLinkOfTheChain() throws {
    try withTemporaryArchive { path in
      var heads: [HDF5Attribute] = []
      for (place, record) in [nil, #"{"lot":"L7"}"#, #"{"lot":"L8"}"#].enumerated() {
        let one = path + "\(place)"
        try writeArchive(one, lotRecord: record)
        let reader = try ArchiveReader(opening: one)
        #expect(reader.lotRecord == record)
        #expect(reader.verify() == [])
        heads.append(try HDF5File(opening: one).attribute("chain"))
      }
      #expect(Set(heads.map { "\($0)" }).count == 3)
    }
  }

  @Test func theArchiveBeforeInALibraryIsTheLastLinkOfTheChain() throws {
    try withTemporaryArchive { path in
      let digest = String(repeating: "ab", count: 32)
      let links: [LibraryLink?] = [
        nil, .first, LibraryLink(after: "a.h5", digest: digest), LibraryLink(after: "b.h5", digest: digest),
        LibraryLink(after: "a.h5", digest: String(digest.reversed())),
      ]
      var heads: Set<String> = []
      for (place, link) in links.enumerated() {
        let one = path + "\(place)"
        try writeArchive(one, link: link)
        let reader = try ArchiveReader(opening: one)
        #expect(reader.previousLink == link)
        #expect(reader.verify() == [])
        heads.insert(try reader.chainDigest())
      }
      #expect(heads.count == links.count)
    }
  }

  @Test func someRowsAreSummarisedAsAllAre() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let reader = try ArchiveReader(opening: path)
      let all = try reader.summaries()
      for first in 0..<all.count {
        for last in first...all.count {
          #expect(try reader.summaries(of: first..<last) == Array(all[first..<last]))
        }
      }
      #expect(all[0].measured == "2025-02-12T15:36:00")
    }
  }

  @Test func aSecondWriterIsRefused() throws {
    try withTemporaryArchive { path in
      var first = try ArchiveWriter(creating: path, software: "1", lot: nil)
      let error = #expect(throws: ArchiveError.self) {
        _ = try ArchiveWriter(creating: path, software: "1", lot: nil)
      }
      #expect(error?.code == .inProgress)
      #expect(error?.detail.contains(path + ".partial") == true)
      try first.append(Example.failed)
      try first.finish()
      #expect(try ArchiveReader(opening: path).verify() == [])
    }
  }

  @Test func anExistingArchiveIsNeverOverwritten() throws {
    try withTemporaryArchive { path in
      try Data("precious".utf8).write(to: URL(filePath: path))
      let error = #expect(throws: ArchiveError.self) {
        _ = try ArchiveWriter(creating: path, software: "1", lot: nil)
      }
      #expect(error?.code == .exists)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
    }
  }

  @Test func aFileThatAppearsMeanwhileIsLeftAlone() throws {
    try withTemporaryArchive { path in
      var writer = try ArchiveWriter(creating: path, software: "1", lot: nil)
      try writer.append(Example.full())
      try Data("precious".utf8).write(to: URL(filePath: path))
      var caught: ArchiveError?
      do throws(ArchiveError) { try writer.finish() } catch { caught = error }
      #expect(caught?.code == .exists)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("precious".utf8))
      #expect(ArchiveReader.verify(path + ".partial") == [])
    }
  }

  @Test func aKilledWriterLeavesWhatItHadWritten() throws {
    try withTemporaryArchive { path in
      var writer = try ArchiveWriter(creating: path, software: "1", lot: nil)
      for entry in Example.all.prefix(3) { try writer.append(entry) }
      try writer.write()
      // What a kill leaves is what has reached the file so far: a copy of it.
      let copy = path + ".copy.partial"
      try FileManager.default.copyItem(atPath: path + ".partial", toPath: copy)
      try writer.append(Example.withoutVolume)
      let reader = try ArchiveReader(opening: copy)
      #expect(!reader.isComplete)
      #expect(reader.count == 3)
      #expect(reader.verify() == [])
      #expect(try reader.record(1) == Example.all[1].record)
      #expect(try reader.source(2).bytes == Example.failed.source.bytes)
      try writer.finish()
    }
  }

  @Test func aNewerSchemaIsRefusedWithASentence() throws {
    try withTemporaryArchive { path in
      let file = try HDF5File(creating: path)
      try file.setAttribute("magcert_schema", .integer(999))
      try file.close()
      let error = #expect(throws: ArchiveError.self) { _ = try ArchiveReader(opening: path) }
      #expect(error?.code == .newerSchema)
      #expect(error?.detail.contains("schema 999") == true)
    }
  }

  @Test func otherHDF5FilesAreNoArchives() throws {
    try withTemporaryArchive { path in
      try HDF5File(creating: path).close()
      let error = #expect(throws: ArchiveError.self) { _ = try ArchiveReader(opening: path) }
      #expect(error?.code == .notAnArchive)
    }
  }
}
