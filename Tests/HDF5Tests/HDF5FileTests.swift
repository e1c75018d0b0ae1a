// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import HDF5
import Testing
import TestSupport

/// Calls `body` with the path of a file that does not exist yet, and removes its folder afterwards.
private func withTemporaryPath(_ body: (String) throws -> Void) throws {
  let folder = try Repository.temporaryFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.appending(path: "file.h5").path)
}

@Suite struct HDF5FileTests {
  @Test func whatIsAppendedIsReadAgain() throws {
    try withTemporaryPath { path in
      let doubles = [0.1, -0.0, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
      let integers: [Int64] = [.min, -1, 0, .max]
      let bytes = [UInt8](0...255)
      let texts = ["", "µ₀H", "line\nbreak", String(repeating: "x", count: 100_000)]
      let file = try HDF5File(creating: path)
      try file.createGroup("/g")
      do {
        let a = try file.createDataset("/g/a", .double, chunk: 2)
        try a.append(doubles)
        try a.append(doubles)
        try a.append([Double]())
        try file.createDataset("/g/b", .int64, chunk: 3).append(integers)
        try file.createDataset("/g/c", .uint8, chunk: 100).append(bytes)
        let d = try file.createDataset("/g/d", .text, chunk: 2)
        try d.append(texts)
        try d.append(["last"])
      }
      try file.flush()
      try file.close()

      let read = try HDF5File(opening: path)
      let a = try read.dataset("/g/a")
      #expect(try a.numbers(Double.self).map(\.bitPattern) == (doubles + doubles).map(\.bitPattern))
      #expect(try a.numbers(Double.self, in: 4..<6) == [doubles[4], doubles[0]])
      #expect(try read.dataset("/g/b").numbers(Int64.self) == integers)
      #expect(try read.dataset("/g/c").numbers(UInt8.self) == bytes)
      #expect(try read.dataset("/g/d").texts() == texts + ["last"])
      #expect(try read.dataset("/g/d").texts(in: 1..<2) == ["µ₀H"])
      #expect(try read.members(of: "/g").map(\.name) == ["a", "b", "c", "d"])
    }
  }

  @Test func attributesAreReadAgainAndReplaced() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      let values: [(String, HDF5Attribute)] = [
        ("count", .integer(-7)), ("empty", .text("")), ("factor", .double(1.5)),
        ("name", .text("Br in T, µ")),
      ]
      for (name, value) in values { try file.setAttribute(name, value) }
      try file.setAttribute("count", .integer(8))
      try file.setAttribute("name", .text("longer than it was before by a good deal"))
      try file.close()
      let read = try HDF5File(opening: path)
      #expect(try read.attributes().map(\.name) == ["count", "empty", "factor", "name"])
      #expect(try read.attribute("count") == .integer(8))
      #expect(try read.attribute("empty") == .text(""))
      #expect(try read.attribute("factor") == .double(1.5))
      #expect(try read.attribute("name") == .text("longer than it was before by a good deal"))
    }
  }

  // A process that is killed must leave what was there: 40 blocks more than the cache of structure holds and 2 trees that
  // grow by a level, all of it behind the end until the next time.
  @Test func nothingThatWasHandedOverChangesUntilTheNextTime() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      let numbers = try file.createDataset("/numbers", .int64, chunk: 16)
      let texts = try file.createDataset("/texts", .text, chunk: 16)
      var shared = RepeatingTexts(try file.createDataset("/shared", .text, chunk: 16))
      var expected: (numbers: [Int64], texts: [String]) = ([], [])
      for time in 0..<3 {
        let before = try Data(contentsOf: URL(filePath: path))
        for place in 0..<2000 {
          let text = "\(time) \(place) " + String(repeating: "x", count: place % 300)
          expected.numbers.append(Int64(place))
          expected.texts.append(text)
          try numbers.append([Int64(place)])
          try texts.append([text])
          try shared.append([text])
        }
        // It reads what it wrote, also where that is not in the file yet.
        #expect(try numbers.numbers(Int64.self) == expected.numbers)
        #expect(try texts.texts() == expected.texts)
        let meanwhile = try Data(contentsOf: URL(filePath: path))
        #expect(meanwhile.prefix(before.count) == before)
        try file.flush()
      }
      let read = try HDF5File(opening: path)
      #expect(try read.dataset("/numbers").numbers(Int64.self) == expected.numbers)
      #expect(try read.dataset("/texts").texts() == expected.texts)
      #expect(try read.dataset("/shared").texts() == expected.texts)
    }
  }

  // What is left of a hand-over at any page of what it changes: a tree of blocks that has grown by a level is whole.
  @Test func aTreeThatGrowsIsWholeAtEveryMoment() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      let dataset = try file.createDataset("/numbers", .int64, chunk: 16)
      var levels = 0
      // 64 blocks fill the first node of its tree, and each time 32 more fill another.
      for count in [1000, 1100, 1500, 1600, 2100] {
        let before = try Data(contentsOf: URL(filePath: path))
        let old = try dataset.count()
        try dataset.append((old..<count).map { Int64($0) })
        try file.flush()
        guard old > 0 else { continue }
        let after = try Data(contentsOf: URL(filePath: path))
        for end in stride(from: 0, to: before.count, by: 4096) where end < before.count {
          guard before[end...].prefix(4096) != after[end...].prefix(4096) else { continue }
          let copy = path + ".\(count).\(end)"
          try (after[..<end] + before[end...] + after[before.count...]).write(to: URL(filePath: copy))
          let read = try HDF5File(opening: copy).dataset("/numbers").numbers(Int64.self, in: 0..<old)
          #expect(read == (0..<old).map { Int64($0) }, "\(count) numbers, the pages before byte \(end)")
          levels += 1
        }
      }
      #expect(levels > 5)
    }
  }

  @Test func anExistingFileIsNotOverwritten() throws {
    try withTemporaryPath { path in
      try HDF5File(creating: path).close()
      let error = #expect(throws: HDF5Error.self) { _ = try HDF5File(creating: path) }
      #expect(error?.reasons.contains { $0.contains("File exists") } == true, "\(String(describing: error))")
    }
  }

  @Test func anErrorSaysWhatWasTriedAndWhy() throws {
    let error = #expect(throws: HDF5Error.self) { _ = try HDF5File(opening: "/no/such/file.h5") }
    #expect(error?.description.contains("open /no/such/file.h5") == true)
    #expect(error?.description.contains("No such file or directory") == true, "\(String(describing: error))")
  }

  @Test func closingWithADatasetInUseIsAnError() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      let dataset = try file.createDataset("/a", .double, chunk: 4)
      var caught: HDF5Error?
      do throws(HDF5Error) { try file.close() } catch { caught = error }
      #expect(caught?.description.contains("in use") == true)
      #expect(try dataset.count() == 0)
    }
  }

  @Test func readingTheWrongTypeOrRangeIsAnError() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      let dataset = try file.createDataset("/a", .double, chunk: 4)
      try dataset.append([1.0, 2.0])
      #expect(throws: HDF5Error.self) { try dataset.numbers(Int64.self) }
      #expect(throws: HDF5Error.self) { try dataset.texts() }
      #expect(throws: HDF5Error.self) { try dataset.numbers(Double.self, in: 1..<3) }
      #expect(throws: HDF5Error.self) { try file.dataset("/b") }
      #expect(throws: HDF5Error.self) { try file.attribute("none") }
      #expect(throws: HDF5Error.self) { try file.setAttribute("bad\0name", .integer(1)) }
    }
  }

  @Test func aSizeThatTheFileHasNoRoomForIsAnError() throws {
    try withTemporaryPath { path in
      let file = try HDF5File(creating: path)
      try file.createDataset("/a", .double, chunk: 4).append([Double](repeating: 1, count: 0x1234))
      try file.close()
      // The extent is a little-endian integer of 8 bytes before the unlimited maximum, all ones; the new one
      // asks for 8 PB.
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let extent: [UInt8] = [0x34, 0x12, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8)
      let places = bytes.indices.dropLast(16).filter { Array(bytes[$0..<$0 + 16]) == extent }
      try #require(places.count == 1)
      bytes[places[0] + 4] = 1
      bytes[places[0] + 5] = 1
      try Data(bytes).write(to: URL(filePath: path))
      let error = #expect(throws: HDF5Error.self) {
        try HDF5File(opening: path).dataset("/a").numbers(Double.self)
      }
      #expect(error?.description.contains("claims") == true, "\(String(describing: error))")
    }
  }

  @Test func filesThatAreNotHDF5AreErrors() throws {
    try withTemporaryPath { path in
      for content in [[], [1], [UInt8](repeating: 0x89, count: 4096)] {
        try Data(content).write(to: URL(filePath: path))
        #expect(throws: HDF5Error.self) { _ = try HDF5File(opening: path) }
      }
    }
  }

  @Test func manyThreadsMayUseTheLibrary() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask {
          try withTemporaryPath { path in
            let values = (0..<1000).map { Double($0 * number) }
            let file = try HDF5File(creating: path)
            for part in 0..<10 {
              try file.createDataset("/d\(part)", .double, chunk: 64).append(values)
            }
            try file.close()
            let read = try HDF5File(opening: path)
            for part in 0..<10 { #expect(try read.dataset("/d\(part)").numbers(Double.self) == values) }
          }
        }
      }
      try await group.waitForAll()
    }
  }
}

@Suite struct StoredFileTests {
  @Test func movingNeverReplacesAFile() throws {
    try withTemporaryPath { path in
      try Data("old".utf8).write(to: URL(filePath: path))
      try Data("new".utf8).write(to: URL(filePath: path + ".partial"))
      #expect(throws: HDF5Error.self) { try StoredFile.move(path + ".partial", to: path) }
      #expect(try StoredFile.bytes(path, in: 0..<3) == Array("old".utf8))
      #expect(try StoredFile.bytes(path + ".partial", in: 0..<3) == Array("new".utf8))
      try StoredFile.move(path + ".partial", to: path + ".other")
      #expect(!StoredFile.exists(path + ".partial"))
      #expect(StoredFile.exists(path + ".other"))
    }
  }

  @Test func bytesAreAppendedAndReadByRange() throws {
    try withTemporaryPath { path in
      try Data("abc".utf8).write(to: URL(filePath: path))
      try StoredFile.appendDurably(Array("def".utf8), to: path)
      #expect(try StoredFile.byteCount(path) == 6)
      #expect(try StoredFile.bytes(path, in: 2..<5) == Array("cde".utf8))
      #expect(throws: HDF5Error.self) { try StoredFile.bytes(path, in: 2..<7) }
    }
  }
}

/// A dataset of texts that repeat, with those on their way to it, as the writer of a table has them.
private struct RepeatingTexts {
  private let target: SharedTexts
  private(set) var texts = NumberedTexts()

  init(_ dataset: HDF5Dataset) { target = SharedTexts(dataset) }

  mutating func append(_ more: [String]) throws {
    for text in more { texts.append(text) }
    try target.append(texts)
    texts.removeAll()
  }
}

@Suite struct SharedTextsTests {
  /// Texts that repeat within and across blocks of 4, empty and long ones among them, and some that come once.
  private let parts: [[String]] = [
    ["T", "T", "", "A/m", "T", "µ"], ["T"], [], ["new", "A/m", "new", "", "new"],
    [String(repeating: "x", count: 5000), "T"], (0..<30).map { "piece \($0)" }, ["T", "µ", "piece 3"],
  ]

  @Test(arguments: [1, 3, 6]) func whatIsAppendedIsReadAgainAfterAnInterruptionToo(_ interrupted: Int) throws
  {
    try withTemporaryPath { path in
      do {
        let file = try HDF5File(creating: path)
        var texts = RepeatingTexts(try file.createDataset("/a", .text, chunk: 4))
        for part in parts.prefix(interrupted) { try texts.append(part) }
        try file.flush()
      }
      do {
        let file = try HDF5File(appendingTo: path)
        let dataset = try file.dataset("/a")
        try dataset.append(["by libhdf5", "T"])
        var texts = RepeatingTexts(dataset)
        for part in parts.dropFirst(interrupted) { try texts.append(part) }
        try file.flush()
      }
      let expected =
        parts.prefix(interrupted).joined() + ["by libhdf5", "T"] + parts[interrupted...].joined()
      #expect(try HDF5File(opening: path).dataset("/a").texts() == Array(expected))
    }
  }

  @Test func aTextIsStoredOnce() throws {
    try withTemporaryPath { path in
      let long = String(repeating: "x", count: 10_000)
      let file = try HDF5File(creating: path)
      var texts = RepeatingTexts(try file.createDataset("/a", .text, chunk: 64))
      for _ in 0..<100 { try texts.append([long, "short", long]) }
      try file.flush()
      #expect(try StoredFile.byteCount(path) < 40_000)
      #expect(try file.dataset("/a").texts(in: 297..<300) == [long, "short", long])
    }
  }

  // To `String` these are the same, and a digest of one is not that of the other.
  @Test func aTextKeepsItsSpelling() throws {
    try withTemporaryPath { path in
      let spellings = ["\u{E9}", "e\u{301}", "\u{E9}", "e\u{301}"]
      let file = try HDF5File(creating: path)
      let dataset = try file.createDataset("/a", .text, chunk: 4)
      var texts = RepeatingTexts(dataset)
      try texts.append(spellings)
      #expect(try dataset.texts().map { Array($0.utf8) } == spellings.map { Array($0.utf8) })
    }
  }

  @Test func aZeroCharacterIsStoredAsItsPicture() throws {
    try withTemporaryPath { path in
      let dataset = try HDF5File(creating: path).createDataset("/a", .text, chunk: 4)
      var texts = RepeatingTexts(dataset)
      for _ in 0..<2 { try texts.append(["a", "b\0"]) }
      #expect(try dataset.texts() == ["a", "b\u{2400}", "a", "b\u{2400}"])
    }
  }

  // More than are remembered, in portions that each begin with what was there before.
  @Test func whatWasForgottenIsStoredAnew() throws {
    try withTemporaryPath { path in
      let dataset = try HDF5File(creating: path).createDataset("/a", .text, chunk: 64)
      var texts = RepeatingTexts(dataset)
      var expected: [String] = []
      for portion in 0..<10 {
        let more = ["m", "A/m"] + (0..<1000).map { "\(portion) \($0)" } + ["m"]
        try texts.append(more)
        expected += more
      }
      #expect(try dataset.texts() == expected)
    }
  }

  @Test func anEncodedRangeIsThatOfItsTexts() {
    var texts = NumberedTexts()
    for text in parts.joined() { texts.append(text) }
    var (whole, expected): ([UInt8], [UInt8]) = ([], [])
    for start in 0..<texts.count { texts.encode(start..<start + 1, into: &whole) }
    for text in parts.joined() { appendText(text, to: &expected) }
    #expect(whole == expected && texts.count == Array(parts.joined()).count)
  }
}

@Suite struct HeldFileTests {
  private func held(_ path: String, _ text: String) throws -> HeldFile {
    try Data(text.utf8).write(to: URL(filePath: path))
    return try #require(try HeldFile(path))
  }

  @Test func oneAtATimeHoldsAFile() throws {
    try withTemporaryPath { path in
      let first = try held(path, "rows")
      #expect(try HeldFile(path) == nil)
      _ = consume first
      #expect(try HeldFile(path) != nil)
    }
  }

  @Test func roomThatIsNotThereIsRefusedAndTheFileIsAsItWas() throws {
    try withTemporaryPath { path in
      let file = try held(path, "rows")
      try file.reserve(1 << 20)
      #expect(throws: HDF5Error.self) { try file.reserve(1 << 60) }
      file.release()
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("rows".utf8))
    }
  }

  @Test func aRemovedFileIsPutBackWithItsFolder() throws {
    try withTemporaryPath { path in
      let folder = URL(filePath: path).deletingLastPathComponent()
      let file = try held(path, "rows")
      #expect(file.isNamed(path) && !file.isRemoved)
      try FileManager.default.moveItem(atPath: path, toPath: path + ".moved")
      #expect(!file.isNamed(path) && !file.isRemoved)
      try FileManager.default.removeItem(at: folder)
      #expect(file.isRemoved)
      try file.copy(to: path)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("rows".utf8))
      // Never over another file.
      #expect(throws: HDF5Error.self) { try file.copy(to: path) }
    }
  }
}
