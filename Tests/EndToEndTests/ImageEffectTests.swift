// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Measurements
import Simulation
import TestSupport
import Testing

@Suite struct ImageEffectTests {
  private let scratch: ScratchFolder

  init() throws { scratch = try ScratchFolder() }

  /// The published sensitivity of coils between iron poles: 1.5 % less beyond 1.4 MA/m.
  private static func sensitivity(at field: Double) -> Double {
    1 - 0.015 / (1 + exp(-(abs(field) - 1.4e6) / 1e5))
  }

  private func table(_ uncertainty: Double = 0, to end: Int = 2500) -> String {
    var text = "name = \"yoke 2\"\nsource = \"nickel cylinder, 2026\"\n"
    for field in stride(from: 0, through: end, by: 10) {
      let g = Self.sensitivity(at: 1e3 * Double(field))
      text +=
        "[[point]]\nfield_kA_per_m = \(field)\nsensitivity = \(g)\nuncertainty_percent = \(uncertainty)\n"
    }
    return text
  }

  /// Truth A in a table of H and J, as it is or as the coils see it.
  private func loop(_ name: String, _ factor: (Double) -> Double) throws -> String {
    let loop = SimulatedLoop(.a).with { $0.points = 10_000 }.measurement()
    var text = "H (A/m),J (T)\n"
    for (field, response) in zip(loop.field.amperesPerMetre, loop.response.si) {
      text += "\(field),\(response * factor(field))\n"
    }
    return try scratch.write(name, text)
  }

  private func values(_ run: CommandLineTool.Outcome) throws -> [String: Double] {
    #expect(run.code == 0, "\(run.errors)")
    let quantities = try #require(try run.objects.first?["quantities"] as? [String: [String: Any]])
    return quantities.compactMapValues { $0["value"] as? Double }
  }

  private static let analyse = ["--method", "interpolation", "--json"]

  @Test func aDistortedLoopComesBack() throws {
    let (plain, seen) = (try loop("plain.txt") { _ in 1 }, try loop("seen.txt", Self.sensitivity))
    let file = try scratch.write("image.toml", table())
    let archive = scratch.path("a.h5")
    let truth = try values(CommandLineTool.run(["analyze", plain] + Self.analyse))
    let raw = try values(CommandLineTool.run(["analyze", seen] + Self.analyse))
    let run = try CommandLineTool.run(
      ["analyze", seen, "--image-effect", file, "--archive", archive] + Self.analyse)
    let corrected = try values(run)
    for name in ["Br", "HcB", "HcJ", "BHmax", "Hk"] {
      let reference = try #require(truth[name])
      #expect(abs(try #require(corrected[name]) / reference - 1) < 1e-5, "\(name)")
    }
    // Without the table Hk is 0.63 % too low.
    #expect(abs(try #require(raw["Hk"]) / #require(truth["Hk"]) - 1) > 5e-3)
    let source = try #require(try run.objects.first?["source"] as? [String: Any])
    let companions = try #require(source["companions"] as? [[String: String]])
    #expect(companions.map { $0["role"] } == ["image-effect"])
    #expect(companions.map { $0["path"] } == [file])
    #expect(try CommandLineTool.run(["archive", "verify", archive]).code == 0)
    let shown = try CommandLineTool.run(["archive", "show", archive, "0", "--json"])
    #expect(shown.output.contains("\"image-effect\""))
  }

  @Test func itsUncertaintyIsInTheBudget() throws {
    let file = try scratch.write("image.toml", table(0.1))
    let run = try CommandLineTool.run(
      ["certify", "SampleData/Table/reference-A.txt", "--image-effect", file, "--json", "--show-budget"])
    #expect(run.output.contains("\"id\":\"image-effect\""), "\(run.errors)")
  }

  @Test func whatIsNoTableIsRefusedInASentence() throws {
    let point = "[[point]]\nfield_kA_per_m = 0\nsensitivity = 1\nuncertainty_percent = 0\n"
    let head = "name = \"n\"\nsource = \"s\"\n"
    for (text, word) in [
      ("", "name"), (head, "point"), (head + point, "two rising fields"),
      (head + point + point, "two rising fields"), ("name = \"n\"\nsource = \"\"\n" + point, "source"),
      (head + point + point.replacing("field_kA_per_m = 0", with: "field_kA_per_m = -1"), "field_kA_per_m"),
      (head + point.replacing("sensitivity = 1", with: "sensitivity = 0"), "sensitivity"),
      (head + point.replacing("percent = 0", with: "percent = 101"), "uncertainty_percent"),
      (head + point.replacing("sensitivity", with: "sensitivty"), "sensitiv"), (head + "[[", "line 3"),
      (head + point.replacing("sensitivity = 1", with: "sensitivity = nan"), "finite"),
      (head + point.replacing("sensitivity = 1", with: "sensitivity = \"1\""), "sensitivity"),
    ] {
      let file = try scratch.write("bad.toml", text)
      let run = try CommandLineTool.run(
        ["analyze", "SampleData/Table/reference-A.txt", "--image-effect", file])
      #expect(run.code == 2, "\(word)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.errors.contains(word), "\(word): \(run.errors)")
    }
    #expect(
      try CommandLineTool.run(
        ["analyze", "SampleData/Table/reference-A.txt", "--image-effect", scratch.path("none.toml")]
      ).code == 2)
  }

  // A sensitivity is never extrapolated.
  @Test func aTableThatEndsTooEarlyIsSaid() throws {
    let file = try scratch.write("short.toml", table(to: 1000))
    let run = try CommandLineTool.run(
      ["analyze", "SampleData/Table/reference-A.txt", "--image-effect", file])
    #expect(run.code == 2)
    #expect(run.errors.contains("beyond the table"))
  }

  @Test func aPulsedFieldMagnetometerHasNoPoles() throws {
    let run = try CommandLineTool.run(["analyze", "x.csv", "--image-effect", "i.toml", "--setup", "s.toml"])
    #expect(run.code == 64)
    #expect(run.errors.contains("--image-effect"))
  }
}
