// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Testing

@Suite struct ControlTests {
  let scratch: ScratchFolder
  let archive: String

  init() throws {
    scratch = try ScratchFolder()
    archive = scratch.path("lot.h5")
    let run = try CommandLineTool.run(
      ["certify"] + (try CommandLineTool.lot) + ["--grade", "N42SH", "--archive", archive, "--quiet"])
    #expect(run.code == 1)
  }

  // Of the twelve pieces of the sample lot L42-05 has lost its coercivity: 1450 instead of about 1700 kA/m.
  @Test func anOutlierSignals() throws {
    let run = try CommandLineTool.run(["control", archive, "--quantity", "HcJ", "--json"])
    #expect(run.code == 1)
    let object = try #require(try run.objects.first)
    #expect(object["schema"] as? String == "magcert.control/1")
    let values = try #require(object["values"] as? [[String: Any]])
    #expect(values.count == 12)
    #expect(values[4]["name"] as? String == "L42-05")
    let location = try #require(object["location"] as? [String: Any])
    #expect((location["signals"] as? [String: [Int]])?["1"] == [5])
    let points = try #require(location["points"] as? [Double])
    let centre = try #require(location["centre"] as? Double)
    // Sums of twelve doubles in another order agree to a few units in the last place.
    #expect(abs(centre / (points.reduce(0, +) / 12) - 1) < 1e-14)
    let ranges = zip(points, points.dropFirst()).map { abs($1 - $0) }
    let upper = try #require(location["upperLimit"] as? Double)
    // E2 = 3/d2 = 3·√π/2 for ranges of two.
    let expected = centre + 1.5 * Double.pi.squareRoot() * ranges.reduce(0, +) / 11
    #expect(abs(upper / expected - 1) < 1e-12)
    #expect(object["normalisedErrors"] == nil)
  }

  @Test func subgroupsAndPeople() throws {
    let run = try CommandLineTool.run(["control", archive, "--quantity", "Br", "--subgroup", "5"])
    #expect(run.output.contains("10 values in subgroups of 5"))
    #expect(run.output.contains("Br in T"))
    #expect(run.code == (run.output.contains("OUT OF CONTROL") ? 1 : 0))
  }

  @Test func aReferenceMagnetIsComparedWithItsKnownValue() throws {
    func errors(_ reference: String) throws -> (code: Int32, values: [Double]) {
      let run = try CommandLineTool.run(
        [
          "control", archive, "--quantity", "HcJ", "--sample", "L42-05", "--reference", reference,
          "--uncertainty", "12kA/m", "--json",
        ])
      return (run.code, try run.objects.first?["normalisedErrors"] as? [Double] ?? [])
    }
    // One measurement is too few for a chart.
    #expect(try errors("1700kA/m").code == 2)
    let again = scratch.path("again.h5")
    let lot = try CommandLineTool.lot
    #expect(
      try CommandLineTool.run(["certify", lot[4], "--grade", "N42SH", "--archive", again, "--quiet"]).code
        == 1
    )
    let run = try CommandLineTool.run(
      [
        "control", archive, again, "--quantity", "HcJ", "--sample", "L42-05", "--reference", "1700kA/m",
        "--uncertainty", "12kA/m", "--json",
      ])
    #expect(run.code == 1)
    let object = try #require(try run.objects.first)
    let values = try #require(object["values"] as? [[String: Any]])
    let found = try #require(object["normalisedErrors"] as? [Double])
    #expect(found.count == 2)
    for (value, error) in zip(values, found) {
      let (x, u) = (value["value"] as? Double ?? 0, value["expandedUncertainty"] as? Double ?? 0)
      #expect(abs(error - (x - 1700e3) / (u * u + 12e3 * 12e3).squareRoot()) < 1e-12)
    }
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    for (options, code) in [
      (["--quantity", "Bs"], Int32(64)), (["--reference", "1 T"], 64), (["--subgroup", "0"], 64),
      (["--reference", "1700", "--uncertainty", "12"], 2), (["--sample", "nobody"], 2),
      (["--quantity", "remanentMoment"], 2),
    ] {
      let run = try CommandLineTool.run(["control", archive] + options)
      #expect(run.code == code, "\(options): \(run.code) \(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try CommandLineTool.run(["control", "README.md"]).code == 2)
  }
}
