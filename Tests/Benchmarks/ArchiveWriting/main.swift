// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Certification
import Foundation
import Inspection
import Measurements
import Simulation
import TestSupport

// Times the archiving of inspected loops, from values in memory to a sealed archive on the disk, against a plain loop
// in C that writes the same datasets with the same contents, blocks and number of flushes by H5Dwrite alone.
// Both in turn, best of 5 each, by the wall and of the processor; judges nothing. The last line is a row of a table in Markdown.

/// As many inspected loops of 1000 points as fit into memory well.
func inspectedLoops(_ count: Int) throws -> [ArchiveEntry] {
  var request = InspectionRequest()
  let grade = try gradeEntry("N42SH", table: nil)
  request.grade = grade.grade
  request.judge = Judge(table: grade.table)
  let inspector = try Inspector(request)
  return try SimulatedLot(name: "L", pieces: count, seed: 1).loops().flatMap { loop in
    let bytes = try simulatedFile(loop.measurement(), instrumentID: "table")
    let text = shortTable(String(decoding: bytes, as: UTF8.self))
    return inspector.inspect(SourceFile(name: "piece.txt", bytes: Array(text.utf8))).entries
  }
}

/// What some work took, in s.
struct Cost {
  var wall: Double
  var processor: Double

  /// The least of both.
  func best(_ other: Cost?) -> Cost {
    other.map { Cost(wall: min(wall, $0.wall), processor: min(processor, $0.processor)) } ?? self
  }

  func words(_ count: Int) -> String {
    func perLoop(_ time: Double) -> Int { Int((time / Double(count) * 1e6).rounded()) }
    return "\(perLoop(wall)) µs a loop, \(perLoop(processor)) µs of the processor"
  }
}

/// What work takes from here on.
struct Stopwatch {
  private let begin = ContinuousClock.now
  private let ticks = clock()

  var cost: Cost {
    Cost(
      wall: (ContinuousClock.now - begin) / .seconds(1),
      processor: Double(clock() - ticks) / Double(CLOCKS_PER_SEC))
  }
}

/// What the program beside this one measures.
func plainLoop(_ archive: String, _ target: String, parts: Int, isTuned: Bool) throws -> Cost? {
  try? FileManager.default.removeItem(atPath: target)
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "PlainLoop")
  process.arguments = [archive, target, "\(parts)"] + (isTuned ? ["tuned"] : [])
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
  return numbers.count == 2 ? Cost(wall: numbers[0], processor: numbers[1]) : nil
}

let (different, repetitions) = (250, 8)
let loops = try inspectedLoops(different)
let entries = (0..<repetitions).flatMap { round in
  loops.enumerated().map { place, entry in
    var copy = entry
    copy.source = SourceFile(name: "piece-\(round)-\(place).txt", bytes: entry.source.bytes)
    return copy
  }
}
let scratch = FileManager.default.temporaryDirectory.appending(path: "magcert-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: scratch) }
let (archive, copy) = (scratch.appending(path: "a.h5").path, scratch.appending(path: "plain.h5").path)

// A word on the command line leaves the plain loop out, for a profiler.
let isAlone = CommandLine.arguments.count > 1
var (writing, finishing, plain, tuned): (Cost?, Cost?, Cost?, Cost?)
var (size, parts) = (0, 0)
for _ in 0..<(isAlone ? 20 : 5) {
  try? FileManager.default.removeItem(atPath: archive)
  let all = Stopwatch()
  var writer = try ArchiveWriter(
    creating: archive, software: "benchmark", lot: "L", expectedRows: entries.count)
  for entry in entries { try writer.append(entry) }
  try writer.write()
  parts = writer.writeCount
  let last = Stopwatch()
  try writer.finish()
  writing = all.cost.best(writing)
  finishing = last.cost.best(finishing)
  size = try FileManager.default.attributesOfItem(atPath: archive)[.size] as? Int ?? 0
  guard !isAlone else { continue }
  plain = try plainLoop(archive, copy, parts: parts, isTuned: false)?.best(plain)
  tuned = try plainLoop(archive, copy, parts: parts, isTuned: true)?.best(tuned)
}

let kilobytes = size / entries.count / 1000
if let writing, let finishing {
  print("\(entries.count) loops of 1000 points, \(kilobytes) kB each in the archive, \(parts) flushes")
  print("  all          \(writing.words(entries.count))")
  print("  of which completing and sealing \(finishing.words(entries.count))")
  func ratio(_ number: Double) -> String { "\((number * 100).rounded() / 100)" }
  for (words, floor) in [("", plain), (", blocks in memory and buffers as small as ours", tuned)] {
    guard let floor else { continue }
    print(
      "| archiving, \(kilobytes) kB a loop | \(writing.words(entries.count)) | H5Dwrite in C, same contents, blocks and "
        + "flushes\(words): \(floor.words(entries.count)) | \(ratio(writing.wall / floor.wall)), "
        + "\(ratio(writing.processor / floor.processor)) |")
  }
}
