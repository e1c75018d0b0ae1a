// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// What must not slip through when somebody has reason to cheat.
@Suite struct DisputeTests {
  private let scratch: ScratchFolder
  private let lot: [String]

  init() throws {
    scratch = try ScratchFolder()
    lot = try CommandLineTool.lot.map { Repository.root.appending(path: $0).path }
  }

  private func certify(_ files: some Sequence<String>, _ options: String...) throws -> CommandLineTool.Outcome
  {
    try CommandLineTool.run(["certify"] + Array(files) + ["--grade", "N42SH"] + options, in: scratch.url)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: scratch.url.appending(path: name), encoding: .utf8)
  }

  @Test func aLotThatIsNotDecidedIsNoAcceptance() throws {
    let run = try certify(
      lot.prefix(3), "--lot", "LU", "--lot-size", "5000", "--aql", "0.65", "--certificate", "u.pdf")
    #expect(run.code == 2)
    let certificate = try text("u.json")
    #expect(certificate.contains("The plan asks for 200 pieces and 3 were given"))
    #expect(!certificate.contains("isAccepted"))
  }

  @Test func oneMeasurementCountsAsOnePiece() throws {
    let copy = scratch.path("copy.dat")
    try FileManager.default.copyItem(atPath: lot[0], toPath: copy)
    for files in [[lot[0], copy], [lot[0], lot[0]]] {
      let run = try certify(files, "--json")
      #expect(run.code == 2)
      let error = try #require(try run.objects.last?["error"] as? [String: Any])
      #expect(error["code"] as? String == "repeated")
      #expect((error["message"] as? String)?.contains(lot[0]) == true)
    }
  }

  @Test func aCertificateThatLeavesOutAPieceIsFound() throws {
    #expect(try certify(lot.prefix(3), "--archive", "all.h5", "--certificate", "all.pdf").code == 0)
    #expect(try certify(lot.prefix(2), "--archive", "some.h5", "--certificate", "some.pdf").code == 0)
    let sound = try CommandLineTool.run(["verify", "all.json"], in: scratch.url)
    #expect(sound.code == 0)
    #expect(sound.output.contains("NOT SIGNED"))
    #expect(sound.output.contains("none is left out"))
    let broken = try CommandLineTool.run(["verify", "some.json", "--archive", "all.h5"], in: scratch.url)
    #expect(broken.code == 1)
    #expect(broken.output.contains("1 result that the certificate leaves out"), "\(broken.output)")
  }

  @Test func theRiskIsThatOfTheStatedCoverage() throws {
    #expect(try certify(lot.prefix(1), "--coverage", "0.9", "--certificate", "c.pdf").code == 0)
    let certificate = try text("c.json")
    // Φ(−1.645) = 5 %.
    #expect(certificate.contains("k = 1.64"), "\(certificate)")
    #expect(certificate.contains("at most 5\u{A0}%") || certificate.contains("at most 5.00\u{A0}%"))
  }

  @Test(arguments: ["", "MC-1 ", "../x", "a\nb", "a  b"]) func numbersThatDeceiveAreRefused(_ number: String)
    throws
  {
    let run = try certify(lot.prefix(1), "--certificate", "n.pdf", "--certificate-number", number)
    #expect(run.code == 2)
    #expect(run.errors.contains("no number for a certificate"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path("n.pdf")))
  }

  @Test func aTableDoesNotPassForAShippedOne() throws {
    let table = try scratch.write(
      "fake.toml",
      """
      id = "consensus-ndfeb"
      edition = "1"
      source = "x"
      family = "sintered NdFeB"
      confidence = "public"
      [[grade]]
      name = "N42SH"
      br_min_T = 0.01
      """)
    let run = try certify(lot.prefix(1), "--table", table)
    #expect(run.code != 0)
    #expect(run.errors.contains("an id of its own"), "\(run.errors)")
  }

  @Test(arguments: ["SmCo 30", "bonded 42SH", "Ferrite N42SH"]) func theMaterialInANameCounts(_ grade: String)
    throws
  {
    let run = try CommandLineTool.run(["certify", lot[0], "--grade", grade], in: scratch.url)
    #expect(run.code == 64)
    #expect(run.errors.contains("no grade table"), "\(run.errors)")
    #expect(
      try CommandLineTool.run(["certify", lot[0], "--grade", "NdFeB 42SH", "--quiet"], in: scratch.url).code
        == 0)
  }

  @Test func defectsAreNotCountedAsPieces() throws {
    let run = try certify(lot.prefix(2), "--lot-size", "8", "--aql", "250")
    #expect(run.code == 64)
    #expect(run.errors.contains("counts defects"), "\(run.errors)")
    let plan = try CommandLineTool.run(["plan", "--lot-size", "8", "--aql", "250"])
    #expect(plan.output.contains("Count the defects"), "\(plan.output)")
  }

  @Test func anEarlierLotThatWasChangedIsNotReliedOn() throws {
    let options = [
      "--lot-size", "200", "--aql", "0.65", "--inspection", "auto", "--history", scratch.url.path,
    ]
    let first = try CommandLineTool.run(
      ["certify"] + lot + ["--grade", "N42SH", "--lot", "a", "--quiet", "--archive", scratch.path("a.h5")]
        + options)
    #expect(first.code == 1)
    var bytes = try Data(contentsOf: URL(filePath: scratch.path("a.h5")))
    let place = try #require(bytes.range(of: Data("rejected".utf8)))
    bytes.replaceSubrange(place, with: Data("accepted".utf8))
    try bytes.write(to: URL(filePath: scratch.path("a.h5")))
    let second = try CommandLineTool.run(["certify"] + lot + ["--grade", "N42SH", "--lot", "b"] + options)
    #expect(second.code == 2)
    #expect(second.errors.contains("a.h5"), "\(second.errors)")
  }

  @Test func aKeyMayBeALink() throws {
    #expect(try CommandLineTool.run(["key", "new", "key.pem"], in: scratch.url).code == 0)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link.pem"), withDestinationPath: scratch.path("key.pem"))
    #expect(try certify(lot.prefix(1), "--certificate", "k.pdf", "--key", "link.pem").code == 0)
  }
}
