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
// Both in turn, best of 5 each; judges nothing. The last line is a row of a table in Markdown.

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

func seconds(_ work: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try work()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// What the program beside this one measures.
func plainLoop(_ archive: String, _ target: String, parts: Int) throws -> Double? {
  let process = Process()
  process.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    .appending(path: "PlainLoop")
  process.arguments = [archive, target, "\(parts)"]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
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
var (writing, finishing, plain) = (Double.infinity, Double.infinity, Double.infinity)
var (size, parts) = (0, 0)
for _ in 0..<5 {
  for path in [archive, copy] { try? FileManager.default.removeItem(atPath: path) }
  var closing = 0.0
  let whole = try seconds {
    var writer = try ArchiveWriter(
      creating: archive, software: "benchmark", lot: "L", expectedRows: entries.count)
    for entry in entries { try writer.append(entry) }
    try writer.write()
    parts = writer.writeCount
    closing = try seconds { try writer.finish() }
  }
  if whole < writing { (writing, finishing) = (whole, closing) }
  size = try FileManager.default.attributesOfItem(atPath: archive)[.size] as? Int ?? 0
  if !isAlone, let time = try plainLoop(archive, copy, parts: parts) { plain = min(plain, time) }
}

func perLoop(_ time: Double) -> String { "\((time / Double(entries.count) * 1e7).rounded() / 10) µs" }
let kilobytes = size / entries.count / 1000
print(
  "\(entries.count) loops of 1000 points, \(kilobytes) kB each in the archive, \(parts) flushes: "
    + "\(perLoop(writing)) a loop, of which \(perLoop(finishing)) for completing and sealing it")
if plain.isFinite {
  print(
    "| archiving, \(kilobytes) kB a loop | \(perLoop(writing)) a loop | H5Dwrite in C, same bytes, blocks and flushes: "
      + "\(perLoop(plain)) | \((writing / plain * 100).rounded() / 100) |")
}
