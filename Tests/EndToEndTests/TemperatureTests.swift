// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct TemperatureTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// Truth A at a temperature with −0.12 and −0.6 %/K, written by the simulator; gives the path.
  private func loop(_ degrees: Int, _ more: [String] = ["--alpha=-0.12%/K", "--beta=-0.6%/K"]) throws
    -> String
  {
    let path = scratch.path("\(degrees).txt")
    let run = try CommandLineTool.run(
      ["simulate", "loop", "--temperature=\(degrees)C", "--noise", "0.05", "-o", path] + more)
    #expect(run.code == 0, "\(run.errors)")
    return path
  }

  private func number(_ object: Any?, _ keys: String...) -> Double {
    var value = object
    for key in keys { value = (value as? [String: Any])?[key] }
    return value as? Double ?? .nan
  }

  private let stated = [
    "--reduce-to", "20C", "--alpha=-0.12%/K", "--alpha-uncertainty", "0.005%/K", "--beta=-0.6%/K",
    "--beta-uncertainty", "0.01%/K",
  ]

  @Test func theSimulatorWarmsItsTruth() throws {
    let run = try CommandLineTool.run([
      "simulate", "loop", "--temperature", "70C", "--alpha=-0.12%/K", "--beta=0.4%/K", "--json", "-o",
      scratch.path("hot.txt"),
    ])
    let answers = try run.objects.first?["answers"]
    // 50 K: Br 1.31 T·0.94, HcJ 1683632.0619 A/m·1.2.
    #expect(abs(number(answers, "Br") - 1.31 * 0.94) < 1e-9)
    #expect(abs(number(answers, "HcJ") / (1.2 * 1_683_632.0618898) - 1) < 1e-9)
    for words in [["--alpha=-2%/K"], ["--alpha=-0.12"], ["--beta=6%/K"]] {
      let arguments = ["simulate", "loop", "--temperature", "90C", "-o", scratch.path("none.txt")]
      #expect(try CommandLineTool.run(arguments + words).code == 64, "\(words)")
    }
  }

  // The series is the last line; every loop's own line is what it is without a series.
  @Test func aSeriesGivesCoefficients() throws {
    let files = try [100, 20, 60].map { try loop($0) }
    let alone = try CommandLineTool.run(["analyze"] + files + ["--json"])
    let archive = scratch.path("series.h5")
    let run = try CommandLineTool.run(
      ["analyze"] + files + ["--temperature-series", "--json", "--archive", archive])
    #expect(run.code == 0, "\(run.errors)")
    #expect(run.output.hasPrefix(alone.output))
    let objects = try run.objects
    #expect(objects.count == 4)
    let series = try #require(objects.last)
    #expect(series["schema"] as? String == "magcert.temperature-series/1")
    #expect(series["sample"] as? String == "reference A")
    #expect(series["reference"] as? Int == 1)
    #expect((series["members"] as? [[String: Any]])?.map { $0["path"] as? String } == files)
    let rows = try #require(series["coefficients"] as? [[String: Any]])
    #expect(
      rows.map { $0["quantity"] as? String } == [
        "Br", "HcJ", "HcB", "BHmax", "Hk", "Br", "HcJ", "HcB", "BHmax", "Hk",
      ])
    for row in rows {
      #expect(abs(number(row, "from", "value") - 293.15) < 1e-6)
      #expect(row["unit"] as? String == "1/K")
      guard let name = row["name"] as? String else { continue }
      let expected = name == "alpha" ? -0.12e-2 : -0.6e-2
      // U is mostly that of the temperatures, which are exact here; noise alone does not come near it.
      #expect(abs(number(row, "value") - expected) < number(row, "expandedUncertainty"))
      #expect(number(row, "standardUncertainty") > 1e-6)
      let lines = try #require(row["budget"] as? [[String: Any]])
      #expect(
        lines.contains { $0["id"] as? String == "temperature" && abs(number($0, "contribution")) > 1e-6 })
      #expect(
        lines.contains { $0["id"] as? String == "flux-gain" && abs(number($0, "contribution")) < 1e-12 })
    }
    // Every row of the archive records the series.
    let shown = try CommandLineTool.run(["archive", "show", archive, "--json"])
    let records = try shown.objects
    #expect(records.count == 3)
    for record in records {
      let stored = try #require(record["temperatureSeries"] as? [String: Any])
      #expect(stored["schema"] as? String == "magcert.temperature-series/1")
      #expect((stored["coefficients"] as? [Any])?.count == 10)
    }
    let table = try CommandLineTool.run(["analyze"] + files + ["--temperature-series"]).output
    for word in ["temperature series of reference A, 3 loops", "α(Br)", "β(HcJ)", "100.0 °C"] {
      #expect(table.contains(word), "\(word)")
    }
  }

  // The reference is the loop nearest to the temperature asked for, and the manifest may state temperatures.
  @Test func temperaturesMayBeStated() throws {
    let files = try [20, 60].map { try loop($0) }
    let manifest = try scratch.write("samples.csv", "file,temperature\n20.txt,25C\n60.txt,65C\n")
    let run = try CommandLineTool.run(
      ["analyze"] + files + [
        "--temperature-series", "--json", "--samples", manifest, "--reference-temperature", "70C",
      ])
    #expect(run.code == 0, "\(run.errors)")
    let series = try #require(try run.objects.last)
    #expect(series["reference"] as? Int == 1)
    let first = (series["coefficients"] as? [[String: Any]])?.first
    #expect(abs(number(first, "from", "value") - 338.15) < 1e-9)
    #expect(abs(number(first, "to", "value") - 298.15) < 1e-9)
  }

  // One sentence, exit code 2, and the loops' own results all the same.
  @Test func whatMakesNoSeriesIsSaid() throws {
    let (cold, hot) = (try loop(20), try loop(60))
    let manifest = try scratch.write("names.csv", "file,sample\n20.txt,a\n60.txt,b\n")
    let unknown = scratch.path("unknown.txt")
    for (words, sentence) in [
      ([cold], "two temperatures"), ([cold, cold], "one temperature"),
      ([cold, hot, "--samples", manifest], "different specimens: “a”, “b”"),
      ([cold, unknown], "a file gave no result"),
    ] {
      let run = try CommandLineTool.run(["analyze"] + words + ["--temperature-series", "--json"])
      #expect(run.code == 2, "\(words)")
      #expect(run.errors.contains(sentence), "\(run.errors)")
      #expect(try run.objects.allSatisfy { $0["schema"] as? String == "magcert.result/1" })
      #expect(try !run.objects.isEmpty)
    }
    for words in [["--reference-temperature", "20"], ["--monte-carlo", "1000"]] {
      #expect(try CommandLineTool.run(["analyze", cold, hot, "--temperature-series"] + words).code == 64)
    }
  }

  // At 60 °C nothing is judged; reduced to 20 °C by stated or measured coefficients the grade of the truth is met.
  @Test func gradesAreJudgedAtTheirReferenceTemperature() throws {
    let hot = try loop(60)
    let plain = try CommandLineTool.run(["certify", hot, "--grade", "N42SH", "--json"])
    #expect(plain.code == 2)
    let measured = try #require(try plain.objects.first)
    #expect(measured["reduced"] == nil)
    let series = try CommandLineTool.run(
      ["analyze", loop(20), hot, "--temperature-series", "--json"])
    let file = try scratch.write("series.json", series.output)
    for words in [stated, ["--reduce-to", "20C", "--coefficients", file]] {
      let run = try CommandLineTool.run(["certify", hot, "--grade", "N42SH", "--json"] + words)
      #expect(run.code == 0, "\(run.errors)")
      let object = try #require(try run.objects.first)
      #expect((object["verdict"] as? [String: Any])?["result"] as? String == "pass")
      // The values as measured stand as before.
      for name in ["Br", "HcJ", "Hk"] {
        #expect(
          number(object, "quantities", name, "value") == number(measured, "quantities", name, "value"))
      }
      #expect(abs(number(object, "reduced", "temperature", "value") - 293.15) < 1e-9)
      for (name, truth) in [
        ("Br", 1.31), ("HcB", 1_002_370.07), ("HcJ", 1_683_632.06), ("BHmax", 328_276.2), ("Hk", 1_565_635.6),
      ] {
        let value = number(object, "reduced", "quantities", name, "value")
        // Noise of 0.05 % and a fit of the curve at 60 °C.
        #expect(abs(value / truth - 1) < 2e-3, "\(name)")
      }
      let corrections = try #require(object["corrections"] as? [[String: Any]])
      #expect(corrections.contains { $0["id"] as? String == "temperature-reduction" })
      let limits = ((object["verdict"] as? [String: Any])?["characteristics"] as? [[String: Any]]) ?? []
      #expect(
        limits.filter { $0["quantity"] as? String == "Br" }.map { number($0, "value") }
          == [number(object, "reduced", "quantities", "Br", "value")])
    }
    let table = try CommandLineTool.run(["certify", hot, "--grade", "N42SH"] + stated).output
    #expect(table.contains("Br at 20.0 °C"))
    // Reduced to a temperature at which the limits do not hold.
    let elsewhere = try CommandLineTool.run(
      ["certify", hot, "--grade", "N42SH", "--reduce-to", "40C"] + stated.dropFirst(2))
    #expect(elsewhere.code == 2)
    #expect(elsewhere.output.contains("reduced to 40.0 °C"))
  }

  @Test func slipsInCoefficientsAreUsageErrors() throws {
    let cold = try loop(20)
    let (nothing, odd) = (try scratch.write("a.json", "{}\n"), try scratch.write("b.json", "not JSON\n"))
    let broken = try scratch.write(
      "c.json", #"{"schema":"magcert.temperature-series/1","coefficients":[{"quantity":"Br"}]}"#)
    let absurd = try scratch.write(
      "d.json",
      #"{"schema":"magcert.temperature-series/1","coefficients":[{"quantity":"Br","unit":"1/K","value":-0.001,"#
        + #""standardUncertainty":-1,"from":{"value":293,"unit":"K"},"to":{"value":350,"unit":"K"}}]}"#)
    for (words, sentence) in [
      (["--reduce-to", "20C"], "none is ever assumed"), (["--reduce-to", "20"], "--reduce-to"),
      (["--alpha=-0.12%/K", "--alpha-uncertainty", "0.01%/K"], "need --reduce-to"),
      (["--reduce-to", "20C", "--alpha=-0.12%/K"], "needs --alpha-uncertainty"),
      (["--reduce-to", "20C", "--alpha-uncertainty", "0.1%/K"], "needs --alpha"),
      (["--reduce-to", "20C", "--alpha=-0.12", "--alpha-uncertainty", "0%/K"], "unit %/K"),
      (["--reduce-to", "20C", "--alpha=-12%/K", "--alpha-uncertainty", "0%/K"], "from -5 to 5"),
      (["--reduce-to", "20C", "--beta=-0.6%/K", "--beta-uncertainty=-0.1%/K"], "negative"),
      (["--reduce-to", "20C", "--coefficients", nothing], "no temperature series"),
      (["--reduce-to", "20C", "--coefficients", odd], "no temperature series"),
      (["--reduce-to", "20C", "--coefficients", broken], "is missing"),
      (["--reduce-to", "20C", "--coefficients", absurd], "impossible numbers"),
      (["--coefficients", odd] + stated, "two sources"),
    ] {
      let run = try CommandLineTool.run(["analyze", cold] + words)
      #expect(run.code == 64, "\(words)")
      #expect(run.errors.contains(sentence), "\(words): \(run.errors)")
    }
  }
}
