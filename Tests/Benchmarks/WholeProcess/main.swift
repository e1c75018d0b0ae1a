// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport

// Times whole processes: `magcert batch` on a lot of simulated table files of 1000 points, and the Python packages
// mammos-analysis and magmeas on the same files, after import; then `magcert analyze` and magmeas on one measured file.
// Lines that begin with | are rows of a table in Markdown; judges nothing.
//
// WholeProcess [FILES]      2000 files by default
//
// The packages are installed from PyPI into a scratch environment; without network only magcert is timed.

let rounds = 5
let scratch = FileManager.default.temporaryDirectory.appending(path: "magcert-bench-\(UUID().uuidString)")
let magcert = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "magcert")

/// What a command took.
struct Cost {
  /// The wall time, in s.
  var seconds: Double
  /// The largest resident size that was seen, in bytes.
  var memory: Int
  var output: String
}

/// Runs a command; nil when it failed, which code 1, a piece that does not conform, is not.
func cost(of command: [String]) -> Cost? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.currentDirectoryURL = scratch
  let path = scratch.appending(path: "output")
  _ = FileManager.default.createFile(atPath: path.path, contents: nil)
  process.standardOutput = try? FileHandle(forWritingTo: path)
  process.standardError = FileHandle.nullDevice
  let start = ContinuousClock.now
  do { try process.run() } catch { return nil }
  // The system keeps the largest size as long as the process is there.
  var memory = 0
  while process.isRunning {
    memory = max(memory, largestSize(process.processIdentifier))
    usleep(2000)
  }
  process.waitUntilExit()
  let seconds = (ContinuousClock.now - start) / .seconds(1)
  guard process.terminationReason == .exit, process.terminationStatus <= 1 else { return nil }
  let output = (try? String(contentsOf: path, encoding: .utf8)) ?? ""
  return Cost(seconds: seconds, memory: memory, output: output)
}

func largestSize(_ process: Int32) -> Int {
  guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
  else { return 0 }
  return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted[sorted.count / 2]
}

func milliseconds(_ value: Double) -> String { "\((value * 1e4).rounded() / 10) ms" }
func microseconds(_ value: Double) -> String { "\(Int((value * 1e6).rounded())) µs" }
func loopsPerSecond(_ seconds: Double) -> String { "\(Int((1 / seconds).rounded())) loops/s" }
func ratio(_ value: Double) -> String { "\(value < 20 ? (value * 10).rounded() / 10 : value.rounded())" }

func fail(_ sentence: String) -> Never {
  print(sentence)
  try? FileManager.default.removeItem(at: scratch)
  exit(2)
}

// MARK: Lots

/// Simulates a lot in a new folder of the scratch folder, table files as an instrument would export them, others with a
/// mass, without which magmeas reads nothing.
func makeLot(_ folder: String, _ count: Int, _ instrument: String) throws {
  let made = cost(of: [
    magcert.path, "simulate", "lot", "--name", "L", "--pieces", "\(count)", "--seed", "1", "--instrument",
    instrument, "--output", folder,
  ])
  guard made != nil else { fail("magcert could not simulate a lot") }
  for name in try FileManager.default.contentsOfDirectory(atPath: scratch.appending(path: folder).path) {
    let url = scratch.appending(path: "\(folder)/\(name)")
    // Latin-1, as the program of the PPMS writes it; every byte is a character of its own.
    let text = try String(contentsOf: url, encoding: .isoLatin1)
    let changed =
      instrument == "table"
      ? shortTable(text) : text.replacing("INFO,,SAMPLE_MASS", with: "INFO,202.5,SAMPLE_MASS")
    try changed.write(to: url, atomically: false, encoding: .isoLatin1)
  }
}

let archive = scratch.appending(path: "archive.h5")

/// The time that `magcert batch` takes for a folder of files, into a new `archive`.
func batch(_ folder: String, workers: Int, _ more: [String] = []) -> Cost {
  try? FileManager.default.removeItem(at: archive)
  let command = [
    magcert.path, "batch", folder, "--lot", "L", "--grade", "N42SH", "--archive", archive.path, "--quiet",
    "--workers", "\(workers)",
  ]
  guard let cost = cost(of: command + more) else { fail("magcert failed on the lot \(folder)") }
  return cost
}

/// What a plain loop of H5Dwrite in C needs of a processor for the contents of the last archive, best of 5, in s.
func plainLoop() throws -> Double {
  let loop = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "PlainLoop")
  let copy = scratch.appending(path: "plain.h5")
  let size = try FileManager.default.attributesOfItem(atPath: archive.path)[.size] as? Int ?? 0
  // Handed over as often as magcert does.
  let parts = max(1, size >> 24)
  let times = (0..<5).compactMap { _ -> Double? in
    try? FileManager.default.removeItem(at: copy)
    let words = cost(of: [loop.path, archive.path, copy.path, "\(parts)"])?.output.split(
      whereSeparator: \.isWhitespace)
    return words?.last.flatMap { Double($0) }
  }
  try? FileManager.default.removeItem(at: copy)
  guard let best = times.min() else { fail("the loop in C failed") }
  return best
}

/// Times the lot with one and two workers, in full and with local estimators alone; what one worker takes in full, in s.
func timeLots(_ folder: String, _ count: Int) throws -> Double {
  let files = try FileManager.default.contentsOfDirectory(atPath: scratch.appending(path: folder).path)
  var bytes = 0
  let start = ContinuousClock.now
  for name in files { bytes += try Data(contentsOf: scratch.appending(path: "\(folder)/\(name)")).count }
  let reading = (ContinuousClock.now - start) / .seconds(1) / Double(count)
  print("\(count) files of \(bytes / count) bytes and 1000 points, each read, analysed, judged and archived:")
  let help = cost(of: [magcert.path, "batch", "--help"])?.output ?? ""
  var (alone, writing) = (0.0, 0.0)
  for (title, more) in [("both estimators", []), ("--fast", ["--fast"])] {
    guard more.allSatisfy({ help.contains($0) }) else {
      print("passed over: magcert batch has no option \(more.joined(separator: " "))")
      continue
    }
    for workers in [1, 2] {
      let cost = batch(folder, workers: workers, more)
      let each = cost.seconds / Double(count)
      if more.isEmpty, workers == 1 { alone = each }
      if writing == 0 { writing = try plainLoop() / Double(count) }
      // Nothing but reading and writing, shared evenly by as many processors as there are workers.
      let floor = (reading + writing) / Double(workers)
      print(
        "| batch, \(title), \(workers) worker\(workers == 1 ? "" : "s") | \(loopsPerSecond(each)), "
          + "at most \(cost.memory >> 20) MB | reading the files and H5Dwrite in C, same contents: "
          + "\(loopsPerSecond(floor)) | \(ratio(each / floor)) |")
    }
  }
  return alone
}

// MARK: Other programs

let python = scratch.appending(path: "environment/bin/python").path

/// Installs a package from PyPI.
func install(_ package: String) -> Bool {
  print("installing \(package) from PyPI …")
  return cost(of: [python, "-m", "pip", "install", "--quiet", package]) != nil
}

/// What one file takes in a Python process that has imported what it needs and seen a file, median, in s.
func perFile(_ folder: String, _ definition: String) -> Double? {
  let script = """
    import glob, sys, time, warnings
    warnings.simplefilter("ignore")
    \(definition)
    names = sorted(glob.glob(sys.argv[1] + "/*"))[:200]
    analyse(names[0])
    times = []
    for name in names:
        start = time.perf_counter()
        analyse(name)
        times.append(time.perf_counter() - start)
    print(sorted(times)[len(times) // 2])
    """
  let cost = cost(of: ["OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1", python, "-c", script, folder])
  return cost?.output.split(separator: "\n").last.flatMap { Double($0) }
}

/// Prints the row of another program, or that there is none.
func compare(_ package: String, _ files: String, _ ours: Double, _ theirs: Double?) {
  guard let theirs else { return print("\(package) could not be installed or failed: no ratio") }
  print(
    "| batch, 1 worker, \(files) | \(microseconds(ours)) a loop | \(package): \(microseconds(theirs)) a loop | "
      + "1/\(ratio(theirs / ours)) |")
}

/// Reads a table file with NumPy; mammos-analysis takes one branch and not a full loop.
let mammos = """
  import numpy as np
  from mammos_analysis.hysteresis import extrinsic_properties
  def analyse(name):
      field, moment = np.loadtxt(name, delimiter=",", skiprows=7, unpack=True)
      magnetisation, half = moment / 27e-9, len(field) // 2
      extrinsic_properties(field[:half], magnetisation[:half], 1 / 3)
      extrinsic_properties(-field[half:], -magnetisation[half:], 1 / 3)
  """

let magmeas = """
  import magmeas
  def analyse(name):
      return magmeas.MH_major(name).properties
  """

// MARK: One measured file

/// Times `magcert analyze` and magmeas on one file, whole process against whole process, in turn.
func timeOneFile(hasPeer: Bool) {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let real = root.deletingLastPathComponent().appending(
    path: "shared/data/qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT")
  let sample = root.appending(path: "SampleData/QuantumDesignVSM/lot/L42-01.dat")
  let file = FileManager.default.fileExists(atPath: real.path) ? real : sample
  let ours = [magcert.path, "analyze", file.path, "--json"]
  let twoPoint = ours + ["--method", "interpolation", "--branch", "falling"]
  let theirs = [python, "-c", magmeas + "\nimport sys\nprint(analyse(sys.argv[1]))", file.path]
  // Once unmeasured, so that both find their files in memory.
  _ = cost(of: ours)
  if hasPeer { _ = cost(of: theirs) }
  var times: (fit: [Double], twoPoint: [Double], peer: [Double]) = ([], [], [])
  for _ in 0..<rounds {
    if let cost = cost(of: ours) { times.fit.append(cost.seconds) }
    if let cost = cost(of: twoPoint) { times.twoPoint.append(cost.seconds) }
    if hasPeer, let cost = cost(of: theirs) { times.peer.append(cost.seconds) }
  }
  guard times.fit.count == rounds, times.twoPoint.count == rounds else {
    fail("magcert failed on \(file.lastPathComponent)")
  }
  print("\(file.lastPathComponent), medians of \(rounds) whole processes in turn:")
  print("  magcert analyze                        \(milliseconds(median(times.fit)))")
  print("  magcert analyze --method interpolation \(milliseconds(median(times.twoPoint)))")
  guard times.peer.count == rounds else {
    return print("  magmeas could not be installed or failed: no ratio")
  }
  let (fit, peer) = (median(times.fit), median(times.peer))
  print(
    "| analyze, whole process, \(file.lastPathComponent) | \(milliseconds(fit)) | magmeas 0.5.1: "
      + "\(milliseconds(peer)) | 1/\(ratio(peer / fit)) |")
}

guard FileManager.default.isExecutableFile(atPath: magcert.path) else {
  fail("build magcert first: swift build -c release --product magcert")
}
try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: scratch) }
let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 2000
try makeLot("table", count, "table")
let each = try timeLots("table", count)
let hasPython = cost(of: ["python3", "-m", "venv", "environment"]) != nil
let hasMammos = hasPython && install("mammos-analysis==0.6.0")
compare("mammos-analysis 0.6.0", "the same files", each, hasMammos ? perFile("table", mammos) : nil)
let hasMagmeas = hasPython && install("magmeas==0.5.1")
let others = min(count, 200)
try makeLot("vsm", others, "quantum-design-vsm")
let eachOther = batch("vsm", workers: 1).seconds / Double(others)
compare("magmeas 0.5.1", "PPMS VSM files", eachOther, hasMagmeas ? perFile("vsm", magmeas) : nil)
timeOneFile(hasPeer: hasMagmeas)
