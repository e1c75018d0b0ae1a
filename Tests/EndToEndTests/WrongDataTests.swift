// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Measurements
import Simulation
import TestSupport
import Testing

/// Data that are wrong in ways that happen in laboratories must not make a good certificate.
@Suite struct WrongDataTests {
  private static let ordinary = [
    "--grade", "N42SH", "--temperature", "20C", "--circuit", "open", "--demag", "none",
  ]

  /// Truth A as a table in A/m and T with its columns changed; the verdict and the codes of the flags.
  private func verdict(
    header: String = "H_internal (A/m),J (T)", separator: String = ",", options: [String] = [],
    noisePercent: Double = 0.1, _ change: (Int, Double, Double) -> (Double, Double)
  ) throws -> (result: String?, codes: Set<String>, grades: [String], exitCode: Int32) {
    let measurement = SimulatedLoop(.a).with { $0.noisePercent = noisePercent }.measurement()
    let rows = zip(measurement.field.amperesPerMetre, measurement.response.si).enumerated().map { row in
      let (h, j) = change(row.offset, row.element.0, row.element.1)
      return "\(h)\(separator)\(j)"
    }
    let scratch = try ScratchFolder()
    let file = try scratch.write("loop.txt", ([header] + rows).joined(separator: "\n") + "\n")
    let run = try CommandLineTool.run(["certify", file, "--json"] + Self.ordinary + options)
    let object = try #require(try run.objects.first)
    let flags = object["flags"] as? [[String: Any]] ?? []
    return (
      (object["verdict"] as? [String: Any])?["result"] as? String,
      Set(flags.compactMap { $0["code"] as? String }), object["grades"] as? [String] ?? [], run.code
    )
  }

  @Test func theRightDataPass() throws {
    let right = try verdict { _, h, j in (h, j) }
    #expect(right.result == "pass")
    #expect(right.exitCode == 0)
  }

  @Test func reversedPolarityIsNotJudged() throws {
    for wrong in [try verdict { _, h, j in (h, -j) }, try verdict { _, h, j in (-h, j) }] {
      #expect(wrong.result == "undetermined")
      #expect(wrong.codes.contains("reversed-polarity"))
      #expect(wrong.grades.isEmpty)
      #expect(wrong.exitCode == 2)
    }
  }

  /// A channel that is stuck knows no coercivity; how far H went is no full pass.
  @Test func aStuckChannelIsNoPass() throws {
    let stuck = try verdict { _, h, _ in (h, 1.3) }
    #expect(stuck.result != "pass")
  }

  /// One branch of two still carries what the two disagree by: 100 mT of offset is no pass.
  @Test func oneBranchDoesNotHideAnOffset() throws {
    let offset = try verdict(options: ["--branch", "falling"]) { _, h, j in (h, j + 0.1) }
    #expect(offset.result != "pass")
    #expect(offset.codes.contains("asymmetric"))
  }

  /// Less than half the volume is more than twice the J, above any magnet: nothing is decided on that.
  @Test func implausibleSpecimensAreNotJudged() throws {
    let run = try CommandLineTool.run([
      "certify", CommandLineTool.lot[0], "--grade", "N42SH", "--demag", "none", "--volume", "12mm3", "--json",
    ])
    #expect(run.code == 2)
    #expect(((try run.objects.first?["verdict"]) as? [String: Any])?["result"] as? String == "undetermined")
  }

  /// Decimal commas in a comma-delimited table would make other numbers of the same text.
  @Test func decimalCommasInACommaTableAreRefused() throws {
    let scratch = try ScratchFolder()
    let rows = (0..<40).map { "\(2395 - $0 * 120),2,1,4298" }
    let file = try scratch.write("comma.csv", (["H (kA/m),J (T)"] + rows).joined(separator: "\n") + "\n")
    let run = try CommandLineTool.run(["analyze", file])
    #expect(run.code == 2)
    #expect(run.errors.contains("line 2"))
    #expect(run.errors.contains("decimal comma"))
  }

  /// A single reading of 0 K is a slip of the sensor, not another loop.
  @Test func oneWrongTemperatureDoesNotSplitTheLoop() throws {
    // The column line holds a µ in Windows-1252.
    let text = try String(
      contentsOf: Repository.root.appending(path: try CommandLineTool.lot[0]), encoding: .isoLatin1)
    var lines = text.components(separatedBy: "\n")
    let middle = lines.count / 2
    lines[middle] = lines[middle].replacing("296.15", with: "0.0")
    let scratch = try ScratchFolder()
    let bytes = try #require(lines.joined(separator: "\n").data(using: .isoLatin1))
    let run = try CommandLineTool.run(["analyze", scratch.write("glitch.dat", bytes), "--json"])
    #expect(run.code == 0)
    #expect(try run.objects.count == 1)
  }

  /// Malformed TOML ends in a sentence, never in the parser's own abort.
  @Test(arguments: ["[[[[", "[", "[[", "[ ]", "a = ", "= 1", "[[line]]\nid = \"x\"", "\u{0}"])
  func malformedTOMLIsRefused(_ text: String) throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("bad.toml", text)
    #expect(try CommandLineTool.run(["analyze", CommandLineTool.lot[0], "--budget", file]).code == 64)
    #expect(try CommandLineTool.run(["grades", "check", file]).code == 2)
  }

  @Test func namesInAManifestMustBeFiles() throws {
    let scratch = try ScratchFolder()
    let lot = try CommandLineTool.lot
    let byName = try scratch.write("m.csv", "\u{FEFF}file,sample\nL42-01.dat,first\n")
    let run = try CommandLineTool.run(["analyze", lot[0], "--samples", byName, "--json"])
    #expect(((try run.objects.first?["sample"]) as? [String: Any])?["id"] as? String == "first")
    let stranger = try scratch.write("s.csv", "file,sample\nnobody.dat,first\n")
    let refused = try CommandLineTool.run(["analyze", lot[0], "--samples", stranger])
    #expect(refused.code == 64)
    #expect(refused.errors.contains("nobody.dat"))
  }
}
