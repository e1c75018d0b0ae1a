// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation

// Times `magcert analyze` against the Python package magmeas on the same file, whole process against whole
// process, in turn in one run. Prints medians and the ratio; judges nothing.
//
// magmeas is installed from PyPI into a scratch environment; without network only magcert is timed.

let rounds = 5

/// Runs a command with its output thrown away; the wall time in s, nil when it failed.
func seconds(_ command: [String]) -> Double? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  let start = ContinuousClock.now
  do { try process.run() } catch { return nil }
  process.waitUntilExit()
  let elapsed = ContinuousClock.now - start
  return process.terminationStatus == 0
    ? Double(elapsed.components.attoseconds) * 1e-18
      + Double(elapsed.components.seconds) : nil
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted[sorted.count / 2]
}

func milliseconds(_ value: Double) -> String { "\((value * 1e4).rounded() / 10) ms" }

let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
let real = root.deletingLastPathComponent().appending(
  path: "shared/data/qd_ppms_vsm/magmeas_MnAlC_VSM_MH.DAT")
let sample = root.appending(path: "SampleData/QuantumDesignVSM/lot/L42-01.dat")
let file = FileManager.default.fileExists(atPath: real.path) ? real : sample
let magcert = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "magcert")
guard FileManager.default.isExecutableFile(atPath: magcert.path) else {
  print("build magcert first: swift build -c release --product magcert")
  exit(2)
}

let scratch = FileManager.default.temporaryDirectory.appending(path: "magcert-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: scratch) }
let python = scratch.appending(path: "bin/python").path
let script = """
  import magmeas, sys
  print(magmeas.MH_major(sys.argv[1]).properties)
  """
print("installing magmeas 0.5.1 from PyPI …")
let hasPeer =
  seconds(["python3", "-m", "venv", scratch.path]) != nil
  && seconds([python, "-m", "pip", "install", "--quiet", "magmeas==0.5.1"]) != nil

let ours = [magcert.path, "analyze", file.path, "--json"]
let twoPoint = ours + ["--method", "interpolation", "--branch", "falling"]
let theirs = [python, "-c", script, file.path]
// Once unmeasured, so that both find their files in memory.
_ = seconds(ours)
if hasPeer { _ = seconds(theirs) }
var times: (fit: [Double], twoPoint: [Double], peer: [Double]) = ([], [], [])
for _ in 0..<rounds {
  if let time = seconds(ours) { times.fit.append(time) }
  if let time = seconds(twoPoint) { times.twoPoint.append(time) }
  if hasPeer, let time = seconds(theirs) { times.peer.append(time) }
}
guard times.fit.count == rounds, times.twoPoint.count == rounds else {
  print("magcert failed on \(file.lastPathComponent)")
  exit(2)
}
print("\(file.lastPathComponent), medians of \(rounds) whole processes in turn:")
print("  magcert analyze                       \(milliseconds(median(times.fit)))")
print("  magcert analyze --method interpolation \(milliseconds(median(times.twoPoint)))")
if times.peer.count == rounds {
  print("  magmeas 0.5.1                         \(milliseconds(median(times.peer)))")
  print("  magmeas / magcert                     \((median(times.peer) / median(times.fit)).rounded())")
} else {
  print("  magmeas could not be installed or failed: no ratio")
}
