// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Archive
import Certification
import Foundation
import HDF5
import Measurements
import Testing
import TestSupport

@Suite struct ReferenceArchiveTests {
  private static func reference(_ version: Int) -> String {
    Repository.root.appending(path: "Tests/ReferenceArchives/v\(version)/reference.h5").path
  }
  private static let target = ProcessInfo.processInfo.environment["MAGCERT_REFERENCE_ARCHIVE"]

  @Test(.enabled(if: target != nil, "set MAGCERT_REFERENCE_ARCHIVE to a path to write one"))
  func aReferenceArchiveIsWrittenOnRequest() throws {
    try writeArchive(
      try #require(Self.target), Example.all.map { try $0.recorded() }, lotRecord: Self.lotRecord,
      link: Self.link)
  }

  private static let lotRecord = #"{"lot":"L7","schema":"magcert.lot/1"}"#

  private static let link = LibraryLink(
    after: "L6-20260228T120000Z.h5", digest: String(repeating: "0123456789abcdef", count: 4))

  @Test(arguments: [1, 2, 3, 4, 5])
  func theReferenceOfEverySchemaIsReadWithItsValues(_ version: Int) throws {
    let reader = try ArchiveReader(opening: Self.reference(version))
    #expect(reader.verify() == [])
    #expect(reader.schema == version)
    #expect(reader.isComplete)
    #expect(reader.lotRecord == (version < 4 ? nil : Self.lotRecord))
    #expect(reader.previousLink == (version < 5 ? nil : Self.link))
    #expect(reader.software == "1.2.3")
    #expect(reader.created == "2026-03-01T12:00:00Z")
    let summaries = try reader.summaries()
    #expect(
      summaries.map(\.file)
        == ["lot/magnet 1.dat", "lot/magnet 1.dat", "broken.dat", "no volume.dat"]
        + (version < 3 ? [] : ["shot.csv"]))
    #expect(
      summaries[0].sha256 == "95f81d0dfc9522cce7e8926fce50b2ff54caae851b71524162445bcb708691eb")
    let remanence = try #require(summaries[0].quantities[.remanence])
    #expect(remanence.value == 1.312)
    // u of the two lines 3e-4 and 4e-4 is 5e-4, and k = 2 for many degrees of freedom; the sum of squares
    // and its root round to within two units in the last place.
    #expect(abs(remanence.standardUncertainty - 5e-4) < 1e-18)
    #expect(abs(remanence.expandedUncertainty - 1e-3) < 2e-18)
    #expect(summaries[1].quantities[.coercivityHcJ]?.value == 1.63e6)
    #expect(summaries.prefix(4).map(\.verdict) == [.conditionalPass, .conditionalPass, nil, nil])
    #expect(summaries[3].quantities[.remanentMoment]?.value == 1.1e-3)
    #expect(try reader.source(2).bytes == Array("not a loop".utf8))
    #expect(try reader.settings(0) == (version < 5 ? nil : Example.settings))
    #expect(try reader.settings(2) == nil)
    #expect(try reader.companions(0).isEmpty)
    #expect(try version < 3 || !reader.companions(4).isEmpty)
    #expect(try reader.record(2).contains(#""code":"malformed""#))
    let file = try HDF5File(opening: reader.path)
    #expect(try file.dataset("/entry/raw/field").numbers(Double.self, in: 0..<3) == [1e6, 6e5, 2e5])
    // What schema 2 does not have is absent.
    let channels = try? file.dataset("/entry/waveforms/channel").texts()
    #expect(channels == (version < 3 ? nil : ["pickup µ", "coil"]))
    // What schema 1 does not have is absent.
    #expect(summaries[0].quantities[.irreversibleLoss5]?.value == (version == 1 ? nil : 1.55e6))
    #expect(summaries[1].quantities[.switchingFieldWidth]?.value == (version == 1 ? nil : 37_910.83))
  }

  @Test func theReferenceOfSchema1IsTheOneThatWasWritten() throws {
    let file = try HDF5File(opening: Self.reference(1))
    #expect(
      try file.attribute("chain")
        == .text("83a400c7e97f45ffc7073ad91a102d8b6ce88d512998076ad4f669378e6db54a"))
  }

  @Test func todaysArchivesHaveTheReferencesStructure() throws {
    try withTemporaryArchive { path in
      try writeArchive(
        path, Example.all.map { try $0.recorded() }, lotRecord: Self.lotRecord, link: Self.link)
      #expect(
        try listing(path) == listing(Self.reference(5)),
        "a change of structure needs a new schema number and a new reference archive")
    }
  }

  /// Every object with its type and attributes, but the version of the library that wrote it.
  private func listing(_ path: String) throws -> [String] {
    let file = try HDF5File(opening: path)
    var lines: [String] = []
    var groups = ["/"]
    while let group = groups.popLast() {
      for (name, value) in try file.attributes(of: group, except: ["HDF5_Version"]) {
        lines.append("\(group) \(name) \(value)")
      }
      for member in try file.members(of: group) {
        let path = group == "/" ? "/" + member.name : group + "/" + member.name
        if member.kind == .group {
          groups.append(path)
        } else {
          let dataset = try file.dataset(path)
          lines.append("\(path) \(dataset.type) \(try dataset.count())")
          for (name, value) in try file.attributes(of: path) { lines.append("\(path) \(name) \(value)") }
        }
      }
    }
    return lines.filter { !$0.hasPrefix("/ chain") }
  }
}
