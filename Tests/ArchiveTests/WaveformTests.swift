// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import HDF5
import Measurements
import Quantities
import Testing

@Suite struct WaveformTests {
  // Two shots with one setup and one empty shot, and a loop between them that has neither.
  private static var entries: [ArchiveEntry] {
    var second = Example.shot
    second.source = SourceFile(name: "shot 2.csv", bytes: [9])
    second.waveform?.timeBase = nil
    second.companions += [
      Companion(.calibrationShot, SourceFile(name: "nickel.csv", bytes: [7])),
      Companion(.otherRate, Example.shot.source),
    ]
    return [Example.shot, Example.full(), second]
  }

  @Test func channelsAreInTheirDatasets() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, Self.entries)
      #expect(ArchiveReader.verify(path) == [])
      let file = try HDF5File(opening: path)
      func doubles(_ name: String) throws -> [Double] {
        try file.dataset("/entry/waveforms/" + name).numbers(Double.self)
      }
      func integers(_ name: String) throws -> [Int64] {
        try file.dataset("/entry/waveforms/" + name).numbers(Int64.self)
      }
      func texts(_ name: String) throws -> [String] {
        try file.dataset("/entry/waveforms/" + name).texts()
      }
      #expect(try integers("sample_count") == [3, -1, 3])
      #expect(try doubles("start").map { $0.isNaN ? nil : $0 } == [-1e-3, nil, nil])
      #expect(try doubles("sampling_interval").map { $0.isNaN ? nil : $0 } == [5e-6, nil, nil])
      #expect(try integers("channel_offset") == [0, 2, 2, 4])
      #expect(try texts("channel") == ["pickup µ", "coil", "pickup µ", "coil"])
      #expect(try texts("units") == ["V", "A", "V", "A"])
      #expect(try integers("sample_offset") == [0, 6, 6, 12])
      #expect(try doubles("samples").prefix(6) == [0.25, -0.5, 1.75, 100, 200, -300])
      for name in ["start", "sampling_interval"] {
        #expect(try file.attribute("units", of: "/entry/waveforms/\(name)") == .text("s"))
      }
    }
  }

  @Test func companionsAreSourcesStoredOnce() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, Self.entries)
      let file = try HDF5File(opening: path)
      let names = try file.dataset("/entry/sources/name").texts()
      #expect(
        names == ["shot.csv", "setup.toml", "empty.csv", "lot/magnet 1.dat", "shot 2.csv", "nickel.csv"])
      let roles = try file.dataset("/entry/companions/role").texts()
      let places = try file.dataset("/entry/companions/source").numbers(Int64.self)
      #expect(try file.dataset("/entry/companions/offset").numbers(Int64.self) == [0, 2, 2, 6])
      #expect(
        zip(roles, places).map { "\($0) \(names[Int($1)])" } == [
          "setup setup.toml", "empty-shot empty.csv", "setup setup.toml", "empty-shot empty.csv",
          "calibration-shot nickel.csv", "other-rate shot.csv",
        ])
    }
  }

  // What loops cost for the tables that only shots fill: the datasets without cells, and per row two indices, three
  // numbers and a mark per table, all within the chunks that a small archive has anyway.
  @Test func loopsStaySmall() throws {
    func size(_ rows: Int, _ entry: ArchiveEntry) throws -> Int {
      var bytes = 0
      try withTemporaryArchive { path in
        try writeArchive(path, (0..<rows).map { _ in entry })
        bytes = try Data(contentsOf: URL(filePath: path)).count
      }
      return bytes
    }
    var withWaveform = Example.full()
    withWaveform.waveform = Example.waveform
    // The samples' first chunk is 2048 numbers, the channels' two of 128 texts of 16 bytes.
    let growth = try size(1, withWaveform) - size(1, Example.full())
    #expect((16_384...32_768).contains(growth), "\(growth)")
  }

  // Every companion's bytes have their own digest.
  @Test func changedCompanionBytesAreFound() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, Self.entries)
      var bytes = try Array(Data(contentsOf: URL(filePath: path)))
      let file = try HDF5File(opening: path)
      let ends = try file.dataset("/entry/sources/bytes_offset").numbers(Int64.self)
      let start = try #require(file.dataset("/entry/sources/bytes").storedRanges().first)
      bytes[start.lowerBound + Int(ends[1])] ^= 0x20
      try Data(bytes).write(to: URL(filePath: path + ".changed"))
      let faults = ArchiveReader.verify(path + ".changed")
      #expect(faults.count == 1)
      #expect(faults.first?.message.contains("setup.toml") == true, "\(faults)")
    }
  }
}
