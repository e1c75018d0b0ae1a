// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Foundation
import Measurements
import Quantities
import Simulation

// Times the full analysis of simulated loops, from columns to properties with their uncertainties, on one thread;
// and the Python package mammos-analysis on the same loops inside one process, after import and a first round.
// Prints medians and the ratio; judges nothing.
//
// mammos-analysis is installed from PyPI into a scratch environment; without network only magcert is timed.

/// One loop with its columns in memory.
struct Trial {
  var measurement: LoopMeasurement
  var field: [Double]
  var polarisation: [Double]
}

/// As many loops of truths A to D with 0.1 and 1 % of noise in turn, of a cube in an open circuit or of J in a closed one.
func trials(_ count: Int, points: Int, inOpenCircuit: Bool) -> [Trial] {
  // The steep ones, sampled as coarsely as here, fold back in an open circuit.
  let truths: [ReferenceLoop] = inOpenCircuit ? [.a] : [.a, .b, .c, .d]
  return (0..<count).map { index in
    var loop = SimulatedLoop(truths[index % truths.count])
    loop.points = points
    loop.noisePercent = inOpenCircuit || (index / 4).isMultiple(of: 2) ? 0.1 : 1
    loop.seed = UInt64(index + 1)
    if inOpenCircuit {
      let edge = Quantity<Length>(si: 3e-3)
      let cube = Shape.cuboid(a: edge, b: edge, c: edge)
      loop.openCircuit = .init(demagnetisingFactor: 1 / 3, volume: cube.volume.si)
      loop.sample.shape = Sourced(cube, .header)
    }
    let measurement = loop.measurement()
    return Trial(
      measurement: measurement, field: measurement.field.amperesPerMetre,
      polarisation: measurement.response.si)
  }
}

/// The wall and processor time of some work, in s.
func seconds(_ work: () throws -> Void) rethrows -> (wall: Double, processor: Double) {
  let ticks = clock()
  let start = ContinuousClock.now
  try work()
  let wall = (ContinuousClock.now - start) / .seconds(1)
  return (wall, Double(clock() - ticks) / Double(CLOCKS_PER_SEC))
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted[sorted.count / 2]
}

func milliseconds(_ value: Double) -> String { "\((value * 1e6).rounded() / 1000) ms" }

/// Runs a command; its output, nil when it failed.
func output(_ command: [String], in folder: URL) -> String? {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = command
  process.currentDirectoryURL = folder
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  do { try process.run() } catch { return nil }
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}

/// What mammos-analysis does with the branches of each loop, one after the other, as it takes no full loop.
let script = """
  import sys, time, warnings
  import numpy as np
  from mammos_analysis.hysteresis import extrinsic_properties
  warnings.simplefilter("ignore")
  mu0 = 1.25663706212e-6
  loops = []
  for line in open(sys.argv[1]):
      numbers = np.array(line.split(), dtype=float)
      half, rows = len(numbers) // 2, len(numbers) // 4
      field, magnetisation = numbers[:half], numbers[half:] / mu0
      loops.append([(field[:rows], magnetisation[:rows]), (-field[rows:], -magnetisation[rows:])])
  def analyse(loop):
      for field, magnetisation in loop:
          extrinsic_properties(field, magnetisation, 0.0)
  for loop in loops[:8]:
      analyse(loop)
  wall, processor = [], []
  for loop in loops:
      start, used = time.perf_counter(), time.process_time()
      analyse(loop)
      wall.append(time.perf_counter() - start)
      processor.append(time.process_time() - used)
  print(sorted(wall)[len(wall) // 2], sorted(processor)[len(processor) // 2])
  """

/// The medians of mammos-analysis over the loops, in s; nil when it failed.
func peer(_ python: String, _ trials: [Trial], in folder: URL) throws -> (wall: Double, processor: Double)? {
  let lines = trials.map { trial in
    (trial.field + trial.polarisation).map { "\($0)" }.joined(separator: " ")
  }
  let file = folder.appending(path: "loops.txt")
  try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
  let environment = ["OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"]
  let numbers = output(environment + [python, "-c", script, file.path], in: folder)?
    .split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
  guard let numbers, numbers.count == 2 else { return nil }
  return (numbers[0], numbers[1])
}

let folder = FileManager.default.temporaryDirectory.appending(path: "magcert-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
let python = folder.appending(path: "bin/python").path
// An argument leaves the peer out.
var hasPeer = CommandLine.arguments.count == 1
if hasPeer {
  print("installing mammos-analysis 0.6.0 from PyPI …")
  hasPeer =
    output(["python3", "-m", "venv", folder.path], in: folder) != nil
    && output([python, "-m", "pip", "install", "--quiet", "mammos-analysis==0.6.0"], in: folder) != nil
}

// As many Type B lines as an instrument has whose calibration is known.
let budget = TypeBBudget(
  name: "benchmark", isDefault: false,
  lines: [
    .init(id: "gain", title: "moment", input: .polarisationGain, standardUncertainty: 3e-3),
    .init(id: "field", title: "field", input: .fieldGain, standardUncertainty: 2e-3),
    .init(id: "zero", title: "zero of the field", input: .fieldOffset, standardUncertainty: 200),
    .init(id: "background", title: "background", input: .susceptibility, standardUncertainty: 1e-4),
    .init(
      id: "temperature", title: "temperature",
      input: .temperature(alphaPerKelvin: -1.2e-3, betaPerKelvin: -6e-3), standardUncertainty: 0.5),
  ])
for (points, count, inOpenCircuit) in [(1000, 240, false), (1000, 240, true), (10_000, 48, false)] {
  let trials = trials(count, points: points, inOpenCircuit: inOpenCircuit)
  print(
    "loops of \(points) points in \(inOpenCircuit ? "an open" : "a closed") circuit, medians of \(count), wall and processor time:"
  )
  var wall = 0.0
  for (method, words) in [
    (EstimationMethod.local, "local estimators only, and uncertainties"),
    (.fit, "both estimators and uncertainties       "),
  ] {
    let analyzer = LoopAnalyzer(settings: AnalysisSettings(method: method, budget: budget))
    var times: [(wall: Double, processor: Double)] = []
    // The first loops plan the Fourier transforms and warm the caches.
    for trial in trials[..<8] + trials[...] {
      // The best of five, because what else the machine does only ever adds.
      let rounds = try (0..<5).map { _ in
        try seconds {
          for loop in try trial.measurement.separatedLoops() {
            _ = try analyzer.analyze(loop, sample: trial.measurement.sample)
          }
        }
      }
      times.append((rounds.map(\.wall).min() ?? 0, rounds.map(\.processor).min() ?? 0))
    }
    times.removeFirst(8)
    wall = median(times.map(\.wall))
    print("  magcert, \(words)  \(milliseconds(wall))  \(milliseconds(median(times.map(\.processor))))")
  }
  guard hasPeer, !inOpenCircuit else { continue }
  if let other = try peer(python, trials, in: folder) {
    print(
      "  mammos-analysis 0.6.0, Hc, Mr and BHmax     \(milliseconds(other.wall))  "
        + "\(milliseconds(other.processor))")
    print("  mammos-analysis / magcert                   \((10 * other.wall / wall).rounded() / 10)")
  } else {
    print("  mammos-analysis failed: no ratio")
  }
}
if !hasPeer { print("mammos-analysis was not installed: no ratio") }
