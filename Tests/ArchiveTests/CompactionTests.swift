// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import HDF5
import Measurements
import Testing
import TestSupport

@Suite struct CompactionTests {
  @Test func theCopyHasTheSameRowsAndTheSameChain() throws {
    try withTemporaryArchive { path in
      let entries = Example.all + (0..<40).map { _ in Example.full(points: 500) }
      try writeArchive(path, entries, lotRecord: #"{"lot":"L7"}"#, link: .first)
      let before = try Data(contentsOf: URL(filePath: path))
      let copy = path + ".small.h5"
      let reader = try ArchiveReader(opening: path)
      let sizes = try reader.writeCompressedCopy(to: copy)
      #expect(sizes.original == before.count)
      #expect(sizes.copy == (try Data(contentsOf: URL(filePath: copy)).count))
      // Five hundred points of a straight line are little but repetition.
      #expect(sizes.copy < sizes.original / 2)
      #expect(try Data(contentsOf: URL(filePath: path)) == before)
      let compact = try ArchiveReader(opening: copy)
      #expect(compact.verify() == [])
      #expect(try compact.chainDigest() == reader.chainDigest())
      #expect(compact.lotRecord == reader.lotRecord)
      #expect(compact.previousLink == .first)
      #expect(try compact.summaries() == reader.summaries())
      for row in 0..<reader.count {
        #expect(try compact.source(row).bytes == reader.source(row).bytes)
        #expect(try compact.record(row) == reader.record(row))
      }
      let field = "/entry/data/internal_field"
      #expect(
        try HDF5File(opening: copy).dataset(field).numbers(Double.self)
          == HDF5File(opening: path).dataset(field).numbers(Double.self))
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5])
  func archivesOfEverySchemaAreCopied(_ schema: Int) throws {
    try withTemporaryArchive { path in
      let original = Repository.root.appending(path: "Tests/ReferenceArchives/v\(schema)/reference.h5").path
      try ArchiveReader(opening: original).writeCompressedCopy(to: path)
      #expect(ArchiveReader.verify(path) == [])
      #expect(
        try ArchiveReader(opening: path).chainDigest() == ArchiveReader(opening: original).chainDigest())
    }
  }

  @Test func nothingIsOverwrittenAndNothingUnsoundIsCopied() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let reader = try ArchiveReader(opening: path)
      let error = #expect(throws: ArchiveError.self) { try reader.writeCompressedCopy(to: path) }
      #expect(error?.code == .exists)
      // A number of the curve, as a program that knows HDF5 would change it.
      var bytes = try Data(contentsOf: URL(filePath: path))
      let needle = Data(
        (0..<8).map { UInt8(truncatingIfNeeded: (1e6 - 4.1e5).bitPattern >> (8 * UInt64($0))) })
      let place = try #require(bytes.range(of: needle))
      bytes[place.lowerBound] ^= 1
      let changed = path + ".changed"
      try bytes.write(to: URL(filePath: changed))
      let unsound = #expect(throws: ArchiveError.self) {
        try ArchiveReader(opening: changed).writeCompressedCopy(to: path + ".copy")
      }
      #expect(unsound?.code == .damaged)
      var writer = try ArchiveWriter(creating: path + ".open", software: "1", lot: nil)
      try writer.append(Example.full())
      try writer.write()
      let unfinished = #expect(throws: ArchiveError.self) {
        try ArchiveReader(opening: path + ".open.partial").writeCompressedCopy(to: path + ".copy")
      }
      #expect(unfinished?.code == .inProgress)
      try writer.finish()
      for name in [".copy", ".copy.partial"] { #expect(!FileManager.default.fileExists(atPath: path + name)) }
    }
  }

  @Test func aChangedByteOfTheCopyIsNoticed() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, Example.all + [Example.full(points: 2000)])
      let copy = path + ".copy"
      try ArchiveReader(opening: path).writeCompressedCopy(to: copy)
      let dataset = try HDF5File(opening: copy).dataset("/entry/data/polarisation")
      let range = try #require(try dataset.storedRanges().first)
      let bytes = try Data(contentsOf: URL(filePath: copy))
      for place in stride(from: range.lowerBound, to: range.upperBound, by: max(1, range.count / 20)) {
        var changed = bytes
        changed[place] ^= 0x10
        let path = copy + ".changed"
        try changed.write(to: URL(filePath: path))
        #expect(!ArchiveReader.verify(path).isEmpty, "byte \(place)")
      }
    }
  }
}
