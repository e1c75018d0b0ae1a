// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import HDF5
import Measurements
import Testing
import TestSupport

/// Everything that the reader gives of an archive; nil when it cannot be read.
private func content(_ path: String) -> [String]? {
  guard let reader = try? ArchiveReader(opening: path), let summaries = try? reader.summaries() else {
    return nil
  }
  var texts = [reader.software, reader.lot ?? "", reader.created, String(reader.isComplete)]
  for summary in summaries {
    guard let record = try? reader.record(summary.row), let source = try? reader.source(summary.row) else {
      return nil
    }
    let quantities = summary.quantities.map { "\($0)\($1)" }.sorted()
    texts += [
      summary.file, summary.sha256, summary.sample ?? "", "\(summary.verdict as Any)", record,
      "\(source.bytes)",
    ]
    texts += quantities
  }
  return texts
}

/// The small generator of Steele, Lea and Flood (SplitMix64), so that every run flips the same bits.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct DamageTests {
  @Test func aFlippedBitIsNoticedOrChangesNothing() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let original = try Array(Data(contentsOf: URL(filePath: path)))
      let intact = try #require(content(path))
      var random = SplitMix64(state: 7)
      let flipped = path + ".flipped"
      var noticed = 0
      for _ in 0..<200 {
        let place = Int.random(in: original.indices, using: &random)
        var bytes = original
        bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        try Data(bytes).write(to: URL(filePath: flipped))
        let faults = ArchiveReader.verify(flipped)
        if faults.isEmpty {
          #expect(content(flipped) == intact, "byte \(place) changes the content and no fault is found")
        } else {
          noticed += 1
          #expect(faults.allSatisfy { !$0.message.isEmpty })
        }
      }
      // Structure and text are more than a tenth of a small archive; the rest is mostly unused space.
      #expect(noticed > 20)
    }
  }

  @Test(arguments: [
    ("/entry/raw/field", 1), ("/entry/raw/response", 1), ("/entry/data/polarisation", 1),
    ("/entry/results/Br/value", 1), ("/entry/results/HcJ/expanded_uncertainty", 1),
    ("/entry/results/Br/present", 1), ("/entry/limits/limit", 1), ("/entry/loops/loop", 1),
    ("/entry/raw/temperature", 1), ("/entry/raw/line", 1),
    ("/entry/waveforms/samples", 4), ("/entry/waveforms/start", 4),
  ])
  func aChangedNumberIsFoundWithItsRowAndDataset(dataset: String, row: Int) throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let (range, width) = try cell(of: dataset, row: row, path: path)
      // The lowest byte of a number: the smallest change there is.
      bytes[range.lowerBound] ^= 1
      #expect(width == range.count)
      try Data(bytes).write(to: URL(filePath: path + ".changed"))
      let faults = ArchiveReader.verify(path + ".changed")
      #expect(faults.map(\.row) == [row], "\(faults)")
      let group = dataset.split(separator: "/").dropLast().joined(separator: "/")
      #expect(faults.first?.dataset?.contains(group) == true, "\(faults)")
      #expect(faults.first?.message.contains(group) == true, "\(faults)")
    }
  }

  /// Where the first cell of a row of a dataset of numbers lies in the file.
  private func cell(of path: String, row: Int, path file: String) throws -> (Range<Int>, Int) {
    let archive = try HDF5File(opening: file)
    let dataset = try archive.dataset(path)
    let width = dataset.type == .uint8 ? 1 : 8
    let group = path.split(separator: "/").dropLast().joined(separator: "/")
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    let indexes = ["temperature": "temperature_offset", "line": "line_offset", "samples": "sample_offset"]
    var element = row
    if let index = try? archive.dataset("/\(group)/\(indexes[name] ?? "offset")") {
      element = Int(try index.numbers(Int64.self)[row])
    }
    let start = try #require(dataset.storedRanges().first).lowerBound + element * width
    return (start..<start + width, width)
  }

  @Test func changedSourceBytesAreFound() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let start = try #require(
        HDF5File(opening: path).dataset("/entry/sources/bytes").storedRanges().first)
      bytes[start.lowerBound + 3] ^= 0x20
      try Data(bytes).write(to: URL(filePath: path))
      let faults = ArchiveReader.verify(path)
      #expect(faults.map(\.dataset) == ["/entry/sources/bytes"])
      #expect(faults.first?.message.contains("magnet 1.dat") == true)
      let error = #expect(throws: ArchiveError.self) { try ArchiveReader(opening: path).source(0) }
      #expect(error?.code == .damaged)
    }
  }

  @Test func changedTextIsFound() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let word = Array("conditional-pass".utf8)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: word) })
      bytes.replaceSubrange(place..<place + word.count, with: Array("conditional-fail".utf8))
      try Data(bytes).write(to: URL(filePath: path))
      let faults = ArchiveReader.verify(path)
      #expect(faults.first?.message.contains("structure or text") == true, "\(faults)")
    }
  }

  @Test func aRemovedSealIsFoundAndTheRowsAreStillChecked() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let mark = Array("\nmagcert seal".utf8)
      let end = try #require(bytes.indices.last { bytes[$0...].starts(with: mark) })
      bytes.removeSubrange(end...)
      try Data(bytes).write(to: URL(filePath: path))
      #expect(ArchiveReader.verify(path).count == 1)
      let start = try #require(
        HDF5File(opening: path).dataset("/entry/results/Br/value").storedRanges().first)
      bytes[start.lowerBound + 8] ^= 1
      try Data(bytes).write(to: URL(filePath: path))
      let faults = ArchiveReader.verify(path)
      #expect(faults.map(\.row) == [nil, 1], "\(faults)")
    }
  }

  @Test func aCutFileGivesASentence() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let bytes = try Array(Data(contentsOf: URL(filePath: path)))
      for share in 0..<20 {
        try Data(bytes.prefix(bytes.count * share / 20)).write(to: URL(filePath: path + ".cut"))
        #expect(!ArchiveReader.verify(path + ".cut").isEmpty)
      }
    }
  }

  @Test func aMissingFileGivesASentence() {
    let faults = ArchiveReader.verify("/no/such/archive.h5")
    #expect(faults.count == 1)
    #expect(faults.first?.message.contains("/no/such/archive.h5") == true)
  }
}
