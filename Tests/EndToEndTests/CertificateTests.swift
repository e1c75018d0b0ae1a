// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// A folder in which certificates of one sample file are issued.
private struct Works {
  let scratch: ScratchFolder
  let file: String

  init() throws {
    scratch = try ScratchFolder()
    file = try #require(try CommandLineTool.lot.first)
    let template = try CommandLineTool.run(["certificate", "laboratory"])
    #expect(template.code == 0)
    try Data(template.output.utf8).write(to: scratch.url.appending(path: "laboratory.toml"))
  }

  func issue(_ name: String, _ more: [String] = []) throws -> CommandLineTool.Outcome {
    let path = Repository.root.appending(path: file).path
    return try CommandLineTool.run(
      ["certify", path, "--grade", "N42SH", "--certificate", "\(name).pdf"]
        + (more.contains("--archive") ? [] : ["--archive", "\(name).h5"]) + more,
      in: scratch.url)
  }

  func issueNumbered(_ name: String, _ more: [String] = []) throws -> CommandLineTool.Outcome {
    try issue(name, ["--laboratory", "laboratory.toml"] + more)
  }

  func verify(_ arguments: String...) throws -> CommandLineTool.Outcome {
    try CommandLineTool.run(["verify"] + arguments, in: scratch.url)
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: scratch.path(name)) }

  func text(_ name: String) throws -> String {
    try String(contentsOf: scratch.url.appending(path: name), encoding: .utf8)
  }

  func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: scratch.url.appending(path: name))
  }
}

@Suite struct CertificateTests {
  @Test func aSignedCertificateIsIssuedOnceAndVerifies() throws {
    let works = try Works()
    #expect(try CommandLineTool.run(["key", "new", "key.pem"], in: works.scratch.url).code == 0)
    let issued = try works.issueNumbered("a", ["--key", "key.pem"])
    #expect(issued.code == 0, "\(issued.errors)")
    #expect(issued.errors.contains("inspection-certificate-3.1 MC-"))
    for ending in ["pdf", "json", "xml", "h5"] { #expect(works.exists("a.\(ending)"), "\(ending)") }
    let verified = try works.verify("a.json", "--public-key", "key.pem.pub", "--register", "register")
    #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
    #expect(!verified.output.contains("not checked"))
    let again = try works.issueNumbered("a", ["--key", "key.pem"])
    #expect(again.code == 2)
    #expect(again.errors.contains("never overwritten"))
    let json = try works.verify("a.json", "--json")
    let object = try #require(try json.objects.first)
    #expect(object["sound"] as? Bool == true)
    #expect((object["unchecked"] as? [String])?.contains { $0.contains("whose key") } == true)
  }

  // The value, not only a hash, is named with both numbers.
  @Test func aChangedDigitIsNamed() throws {
    let works = try Works()
    #expect(try CommandLineTool.run(["key", "new", "key.pem"], in: works.scratch.url).code == 0)
    #expect(try works.issueNumbered("a", ["--key", "key.pem"]).code == 0)
    let text = try works.text("a.json")
    let found = try #require(text.firstMatch(of: /"HcJ":\{[^}]*"value":(\d+)/))
    let number = String(found.output.1)
    let other = (number.first == "9" ? "8" : "9") + number.dropFirst()
    let changed = text.replacing("\"value\":\(number)", with: "\"value\":\(other)")
    #expect(changed != text)
    try works.write(changed, "a.json")
    let verified = try works.verify("a.json", "--public-key", "key.pem.pub")
    #expect(verified.code == 1)
    #expect(
      verified.output.contains("samples[0].quantities.HcJ.value: certificate \(other)"), "\(verified.output)")
    #expect(verified.output.contains("the content was changed"))
    #expect(verified.output.contains("does not belong to what the file says"))
    // Cut in the middle it is no certificate at all.
    try works.write(String(text.prefix(text.count / 2)), "a.json")
    let cut = try works.verify("a.json")
    #expect(cut.code == 2)
    #expect(cut.errors.contains("cannot be checked"))
    // Another key, and a PDF that was changed.
    try works.write(text, "a.json")
    #expect(try CommandLineTool.run(["key", "new", "other.pem"], in: works.scratch.url).code == 0)
    #expect(try works.verify("a.json", "--public-key", "other.pem.pub").code == 1)
    try works.write("%PDF-", "a.pdf")
    let replaced = try works.verify("a.json")
    #expect(replaced.code == 1)
    #expect(replaced.output.contains("a.pdf is not the file that was issued"))
  }

  @Test func aReissueNamesWhatItReplaces() throws {
    let works = try Works()
    #expect(try works.issueNumbered("a").code == 0)
    let text = try works.text("a.json")
    let digest = try #require(text.firstMatch(of: /"contentSHA256":"([0-9a-f]{64})"/))
    let number = try #require(text.firstMatch(of: /"number":"(MC-[^"]*)"/))
    let old = String(number.output.1)
    // Without a reason there is no replacement.
    #expect(try works.issueNumbered("b", ["--supersedes", old]).code == 2)
    let reissued = try works.issueNumbered("b", ["--supersedes", old, "--reason", "a misprint"])
    #expect(reissued.code == 0, "\(reissued.errors)")
    let replacement = try works.text("b.json")
    #expect(replacement.contains("\"supersedes\":{\"contentSHA256\":\"\(digest.output.1)\""))
    #expect(replacement.contains("a misprint"))
    let verified = try works.verify("a.json", "--register", "register")
    #expect(verified.code == 1)
    #expect(verified.output.contains("replaced by"))
    #expect(try works.verify("b.json", "--register", "register").code == 0)
    let second = try works.issueNumbered("c", ["--supersedes", old, "--reason", "again"])
    #expect(second.code == 2)
    #expect(second.errors.contains("was replaced by"))
    #expect(!works.exists("c.pdf"))
    #expect(!works.exists("c.h5"))
  }

  @Test func aNumberIsGivenOnce() throws {
    let works = try Works()
    #expect(try works.issueNumbered("a", ["--certificate-number", "17"]).code == 0)
    let second = try works.issueNumbered("b", ["--certificate-number", "17"])
    #expect(second.code == 2)
    #expect(second.errors.contains("no number is used twice"))
    #expect(!works.exists("b.pdf"))
    // A run that cannot write its files has used its number up, and left none of them.
    try works.write("", "blocked")
    #expect(
      try works.issueNumbered("blocked/d", ["--certificate-number", "18", "--archive", "d.h5"]).code == 2)
    #expect(try works.text("register/register.jsonl").contains("\"event\":\"void\",\"number\":\"18\""))
    #expect(try works.issueNumbered("e", ["--certificate-number", "18"]).code == 2)
  }

  // Several processes at once: each gets a number of its own.
  @Test func processesDoNotShareNumbers() throws {
    let works = try Works()
    let path = Repository.root.appending(path: works.file).path
    let processes = try (0..<4).map { index in
      let process = Process()
      process.executableURL = CommandLineTool.executable
      process.arguments = [
        "certify", path, "--grade", "N42SH", "--certificate", "p\(index).pdf", "--laboratory",
        "laboratory.toml", "--quiet",
      ]
      process.currentDirectoryURL = works.scratch.url
      try process.run()
      return process
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let numbers = try (0..<4).map { index in
      String(try #require(try works.text("p\(index).json").firstMatch(of: /"number":"(MC-[^"]*)"/)).output.1)
    }
    #expect(Set(numbers).count == 4, "\(numbers)")
    #expect(try works.text("register/register.jsonl").split(separator: "\n").count == 8)
  }

  @Test func keysAreSecret() throws {
    let works = try Works()
    let folder = works.scratch.url
    #expect(try CommandLineTool.run(["key", "new", "key.pem"], in: folder).code == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: works.scratch.path("key.pem"))[
      .posixPermissions]
    #expect(mode as? Int == 0o600)
    let shown = try ["key.pem", "key.pem.pub"].map {
      try CommandLineTool.run(["key", "show", $0], in: folder).output
    }
    #expect(shown[0] == shown[1])
    #expect(!shown[0].contains("PRIVATE"))
    #expect(try CommandLineTool.run(["key", "new", "key.pem"], in: folder).code == 2)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: works.scratch.path("key.pem"))
    let refused = try works.issueNumbered("a", ["--key", "key.pem"])
    #expect(refused.code == 2)
    #expect(refused.errors.contains("chmod 600"))
    #expect(!works.exists("a.h5"))
  }

  // Without laboratory the document is what it can be: a test report without number.
  @Test func withoutLaboratoryItIsATestReport() throws {
    let works = try Works()
    let issued = try works.issue("a", ["--lang", "de", "--paper", "letter"])
    #expect(issued.code == 0, "\(issued.errors)")
    #expect(issued.errors.contains("test-report: a.pdf, a.json"))
    #expect(!works.exists("a.xml"))
    let verified = try works.verify("a.json")
    #expect(verified.code == 0, "\(verified.output)")
    #expect(verified.output.contains("not signed"))
    #expect(try works.text("a.json").contains("\"language\":\"de\""))
  }

  @Test(arguments: [
    ["--key", "k"], ["--lang", "fr", "--certificate", "a.pdf"],
    ["--laboratory", "none.toml", "--certificate", "a.pdf"],
    ["--certificate", "a.pdf", "--archive", "a.json"],
  ])
  func whatCannotBeMeantIsRefused(arguments: [String]) throws {
    let works = try Works()
    let path = Repository.root.appending(path: works.file).path
    let run = try CommandLineTool.run(["certify", path] + arguments, in: works.scratch.url)
    #expect(run.code == 64)
    #expect(!works.exists("a.pdf"))
  }

  @Test func aMisspeltKeyOfTheLaboratoryIsNamed() throws {
    let works = try Works()
    for (old, new, word) in [
      ("postal_code", "zip", "zip"), ("country = \"DE\"", "country = \"Germany\"", "Germany"),
      ("date = \"2026-01-15\"", "date = \"15.1.2026\"", "15.1.2026"), ("{sequence}", "", "sequence"),
    ] {
      try works.write(try works.text("laboratory.toml").replacing(old, with: new), "other.toml")
      let run = try works.issue("a", ["--laboratory", "other.toml"])
      #expect(run.code == 64, "\(new)")
      #expect(run.errors.contains(word), "\(run.errors)")
    }
  }

  @Test func theSchemaIsPrinted() throws {
    let run = try CommandLineTool.run(["certificate", "schema"])
    let parsed = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(parsed?["title"] as? String == "magcert.certificate/1")
  }
}
