// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import HDF5
import Measurements
import Testing

@Suite struct ResumingTests {
  /// Four files of two loops each.
  private let entries = (0..<8).map { place in
    let source = SourceFile(name: "piece-\(place / 2).dat", bytes: [UInt8(place / 2), 1, 2])
    var entry = Example.full(loop: place % 2, of: 2, source: source)
    // As long as real ones, so that libhdf5 needs room for texts now and again.
    entry.record = "{\"of\":\"\(String(repeating: "\(place)", count: 6000))\"}"
    return entry
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

  /// The bytes of the unfinished archive after each of two hand-overs.
  private func handOverTwice(_ path: String, rowsAtFirst count: Int) throws -> (first: Data, second: Data) {
    let partial = URL(filePath: path + ".partial")
    var writer = try ArchiveWriter(
      creating: path, software: "1.2.3", lot: "L7", created: "2026-03-01T12:00:00Z")
    for entry in entries.prefix(count) { try writer.append(entry) }
    try writer.write()
    let first = try Data(contentsOf: partial)
    for entry in entries.dropFirst(count) { try writer.append(entry) }
    try writer.write()
    return (first, try Data(contentsOf: partial))
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
        if let rows { #expect(try writer.records(rows)[place % 2] == entry.record) }
      }
      #expect(try complete(writer, path) == expected)
      #expect(!ArchiveWriter.isUnfinished(path))
    }
  }

  // To `String` the first and the last name are the same, to a file system they are not.
  @Test func namesInTwoSpellingsAreTwoFiles() throws {
    try withTemporaryArchive { path in
      let sources = ["caf\u{E9}.dat", "other.dat", "cafe\u{301}.dat"].map {
        SourceFile(name: $0, bytes: [1, 2])
      }
      do {
        var writer = try ArchiveWriter(creating: path, software: "1.2.3", lot: "L7")
        for source in sources { try writer.append(Example.full(loop: 0, of: 1, source: source)) }
        try writer.write()
      }
      let writer = try resume(path)
      #expect(sources.map { writer.archived.rows(of: $0) } == [0..<1, 1..<2, 2..<3])
      try writer.finish(lotRecord: "{}")
      let reader = try ArchiveReader(opening: path)
      #expect(reader.verify() == [])
      #expect(
        try (0..<3).map { Array(try reader.source($0).name.utf8) } == sources.map { Array($0.name.utf8) })
    }
  }

  // A process that is killed while the file is handed over leaves blocks that are new and a structure that is old: behind
  // the rows stand references to texts that never arrived.
  @Test func whatWasHalfHandedOverIsResumed() throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path + ".whole.h5")
      let partial = URL(filePath: path + ".partial")
      let handedOver = try handOverTwice(path, rowsAtFirst: 4)
      let later = handedOver.second
      var left = handedOver.first
      try left.write(to: partial)
      let texts = ["record", "measured"].map { "/entry/loops/\($0)" }
      do {
        let file = try HDF5File(opening: partial.path)
        for text in texts {
          for range in try file.dataset(text).storedRanges() {
            left.replaceSubrange(range, with: later[range])
          }
        }
      }
      try left.write(to: partial)
      #expect(try complete(resume(path), path) == expected)
    }
  }

  // A process that is killed while it hands rows over leaves what is new behind the end that the file says it has.
  @Test(arguments: [0, 2, 4, 6]) func whatIsBehindTheEndIsNotThere(_ count: Int) throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path + ".whole.h5")
      let partial = URL(filePath: path + ".partial")
      let (left, later) = try handOverTwice(path, rowsAtFirst: count)
      try #require(later.count > left.count)
      for end in [left.count + 1, (left.count + later.count) / 2, later.count] {
        try (left + later[left.count..<end]).write(to: partial)
        let reader = try ArchiveReader(opening: partial.path)
        #expect(reader.count == count)
        #expect(reader.verify() == [])
      }
      #expect(try complete(resume(path), path) == expected)
    }
  }

  // Digests come last; a process that is killed then leaves elements that refer to texts which are not in the file.
  @Test func digestsThatNeverArrivedAreNoRows() throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path + ".whole.h5")
      let partial = URL(filePath: path + ".partial")
      var left = Data()
      var last = Data()
      var range = 0..<0
      do {
        var writer = try ArchiveWriter(
          creating: path, software: "1.2.3", lot: "L7", created: "2026-03-01T12:00:00Z")
        for entry in entries { try writer.append(entry) }
        try writer.write()
        left = try Data(contentsOf: partial)
        let file = try HDF5File(opening: partial.path)
        range = try #require(try file.dataset("/entry/integrity/row_hash").storedRanges().first)
        last = left[range]
      }
      for garbage in [Data(repeating: 0, count: 32), Data(repeating: 0xEE, count: 32)] {
        // Elements of 16 bytes: the sixth and what follows refer to nothing, or to what lies behind the end.
        last.replaceSubrange(last.startIndex + 80..<last.startIndex + 112, with: garbage)
        last.replaceSubrange(
          last.startIndex + 112..<last.startIndex + 128, with: garbage.prefix(16))
        left.replaceSubrange(range, with: last)
        try left.write(to: partial)
        let reader = try ArchiveReader(opening: partial.path)
        #expect(reader.count == 5)
        #expect(reader.verify() == [])
      }
      #expect(try complete(resume(path), path) == expected)
    }
  }

  // A run that is killed while it begins or copies leaves a file that nobody will go on with.
  @Test(arguments: [false, true]) func whatAKilledRunHadBegunIsRemoved(_ resumes: Bool) throws {
    try withTemporaryArchive { path in
      if resumes { _ = try ArchiveWriter(creating: path, software: "1.2.3", lot: "L7") }
      let (left, inUse) = (path + ".partial.begun-left", path + ".partial.begun-in-use")
      let others = [path + ".partial.bak", path + "2.partial.begun-left"]
      for name in [left, inUse] + others { try Data("rows".utf8).write(to: URL(filePath: name)) }
      let held = try #require(try HeldFile(inUse))
      _ = resumes ? try resume(path) : try ArchiveWriter(creating: path, software: "1.2.3", lot: "L7")
      #expect(!FileManager.default.fileExists(atPath: left))
      for name in [inUse] + others { #expect(FileManager.default.fileExists(atPath: name), "\(name)") }
      _ = consume held
    }
  }

  // The last steps are to close the file, to seal it and to give it its name.
  @Test(arguments: [0, 1, 100]) func whatWasClosedAndNotNamedIsResumed(_ missing: Int) throws {
    try withTemporaryArchive { path in
      let expected = try writeWhole(path)
      let bytes = try Data(contentsOf: URL(filePath: path))
      try bytes.dropLast(missing).write(to: URL(filePath: path + ".partial"))
      try FileManager.default.removeItem(atPath: path)
      #expect(try ArchiveReader(opening: path + ".partial").verify() == [])
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
