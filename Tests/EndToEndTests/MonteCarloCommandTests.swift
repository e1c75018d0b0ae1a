// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct MonteCarloCommandTests {
  private static let budget = """
    name = "own"
    [[line]]
    id = "gain"
    title = "gain"
    input = "polarisation-gain"
    percent = 0.5
    distribution = "rectangular"
    [[line]]
    id = "level"
    title = "drift of the integrator"
    input = "drift"
    percent = 0.1
    """

  // Br varies by ±√3·0.5 % at most by the gain: the interval by Monte Carlo is shorter than ± 2·0.51 %.
  @Test func bothUncertaintiesStandSideBySide() throws {
    let scratch = try ScratchFolder()
    let (loop, budget) = (scratch.path("loop.txt"), try scratch.write("own.toml", Self.budget))
    let noise = ["--truth", "A", "--points", "200", "--noise", "0.1"]
    #expect(try CommandLineTool.run(["simulate", "loop", "-o", loop] + noise).code == 0)
    let words = ["analyze", loop, "--budget", budget, "--monte-carlo", "1000"]
    let run = try CommandLineTool.run(words + ["--json", "--workers", "1"])
    #expect(run.code == 0, "\(run.errors)")
    let quantities = try #require(try run.objects.first?["quantities"] as? [String: [String: Any]])
    let remanence = try #require(quantities["Br"])
    let value = try #require(remanence["value"] as? Double)
    let linear = try #require(remanence["standardUncertainty"] as? Double)
    // 0.5 % and 0.1 %, and some hundredths of a percent by noise and estimator.
    #expect(abs(linear / value - 0.0051) < 1e-4)
    let drawn = try #require(remanence["monteCarlo"] as? [String: Any])
    #expect(drawn["draws"] as? Int == 1000 && drawn["seed"] as? Int == 1 && drawn["absent"] as? Int == 0)
    #expect(drawn["linearStandardUncertainty"] as? Double == linear)
    // 1000 draws know a standard deviation to 2.2 %.
    #expect(abs((drawn["ratio"] as? Double ?? 0) - 1) < 0.07)
    #expect(drawn["agreement"] as? String == "differs")
    let (lower, upper) = (drawn["lower"] as? Double ?? 0, drawn["upper"] as? Double ?? 0)
    #expect(lower < value && value < upper && upper - lower < 4 * linear)
    // The same with any number of workers, and other numbers with another seed.
    #expect(try CommandLineTool.run(words + ["--json", "--workers", "3"]).output == run.output)
    let table = try CommandLineTool.run(words + ["--seed", "2"]).output
    for word in ["1000 loops drawn", "seed 2", "linear u", "Monte Carlo u", "two digits", "differ"] {
      #expect(table.contains(word), "\(word)")
    }
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let file = "SampleData/Table/reference-A.txt"
    let refused = try CommandLineTool.run([
      "analyze", file, "--method", "interpolation", "--monte-carlo", "1000",
    ])
    #expect(refused.code == 2)
    #expect(refused.errors.contains("none was fitted"))
    #expect(refused.errors.split(separator: "\n").count == 1)
    for number in ["999", "0", "10000001", "many"] {
      #expect(try CommandLineTool.run(["analyze", file, "--monte-carlo", number]).code == 64, "\(number)")
    }
    let scratch = try ScratchFolder()
    let odd = Self.budget.replacingOccurrences(of: "rectangular", with: "triangular")
    let budget = try scratch.write("odd.toml", odd)
    let unknown = try CommandLineTool.run(["analyze", file, "--budget", budget])
    #expect(unknown.code == 64)
    #expect(unknown.errors.contains("triangular"))
  }
}
