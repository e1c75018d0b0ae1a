// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import Measurements
import Testing

@Suite struct ResumingTests {
  /// Four files of two loops each.
  private let entries = (0..<8).map { place in
    let source = SourceFile(name: "piece-\(place / 2).dat", bytes: [UInt8(place / 2), 1, 2])
    return Example.full(loop: place % 2, of: 2, source: source)
  }

  private func resume(_ path: String) throws -> ArchiveWriter {
    try ArchiveWriter(resuming: path, software: "1.2.3", lot: "L7")
  }

  /// Appends what is not there yet, completes the archive, and gives its chain digest.
  private func complete(_ writer: consuming ArchiveWriter, _ path: String) throws -> String {
    let archived = writer.archived
    for entry in entries where archived.rows(of: entry.source) == nil { try writer.append(entry) }
    try writer.finish(lotRecord: "{}")
    let reader = try ArchiveReader(opening: path)
    #expect(reader.verify() == [])
    #expect(reader.count == entries.count)
    return try reader.chainDigest()
  }

  private func writeWhole(_ path: String) throws -> String {
    try writeArchive(path, entries, lotRecord: "{}")
    return try ArchiveReader(opening: path).chainDigest()
  }

  @Test(arguments: 0...8) func theEndIsThatOfARunThatWasNotStopped(_ count: Int) throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path + ".whole.h5")
      do {
        var writer = try ArchiveWriter(
          creating: path, software: "1.2.3", lot: "L7", created: "2026-03-01T12:00:00Z")
        for entry in entries.prefix(count) { try writer.append(entry) }
        try writer.write()
      }
      #expect(ArchiveWriter.isUnfinished(path))
      let writer = try resume(path)
      // A file of which a loop is missing is measured again as a whole.
      for (place, entry) in entries.enumerated() {
        let rows = writer.archived.rows(of: entry.source)
        #expect(rows == (place / 2 < count / 2 ? place / 2 * 2..<place / 2 * 2 + 2 : nil))
        if let rows { #expect(try writer.record(rows.lowerBound + place % 2) == entry.record) }
      }
      #expect(try complete(writer, path) == expected)
      #expect(!ArchiveWriter.isUnfinished(path))
    }
  }

  // The last steps are to close the file, to seal it and to give it its name.
  @Test(arguments: [0, 1, 100]) func whatWasClosedAndNotNamedIsResumed(_ missing: Int) throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path)
      let bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.dropLast(missing).write(to: URL(filePath: path + ".partial"))
      try FileManager.default.removeItem(atPath: path)
      #expect(try complete(resume(path), path) == expected)
    }
  }

  @Test func whatIsOfAnotherRunIsRefused() throws {
    try withTemporaryArchive { path in
      do {
        let writer = try ArchiveWriter(creating: path, software: "1.2.3", lot: "L7")
        let second = #expect(throws: ArchiveError.self) { _ = try resume(path) }
        #expect(second?.code == .inProgress)
        _ = consume writer
      }
      for (software, lot) in [("1.2.4", "L7"), ("1.2.3", "L8")] {
        #expect(throws: ArchiveError.self) {
          _ = try ArchiveWriter(resuming: path, software: software, lot: lot)
        }
      }
      _ = try resume(path)
    }
  }
}
