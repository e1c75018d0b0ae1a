// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

struct HouseRuleTests {
  @Test func everySwiftFileStartsWithItsLicence() throws {
    for file in try SourceTree.all() {
      // A manifest's first line belongs to the package manager.
      let line = file.path.hasSuffix("Package.swift") ? 1 : 0
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(
        lines.count > line && lines[line] == "// SPDX-License-Identifier: GPL-3.0-or-later",
        "\(file.path)")
    }
  }

  @Test func filesStayShort() throws {
    for file in try SourceTree.all() {
      let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
      #expect(lines < 600, "\(file.path) has \(lines) lines")
    }
  }

  @Test func filesAreNamedForWhatTheyDo() throws {
    let banned = ["util", "utils", "utilities", "helper", "helpers", "common", "misc", "manager", "stuff"]
    for path in try SourceTree.everywhere.flatMap(SourceTree.paths(below:)) {
      let name = URL(filePath: path).deletingPathExtension().lastPathComponent
      #expect(!banned.contains(name.lowercased()), "\(path)")
      for ending in banned where name.count > ending.count {
        #expect(!name.hasSuffix(ending.capitalized), "\(path)")
      }
    }
  }

  /// Written in halves, so that this file does not hold the words it looks for.
  static let forbiddenInCode = [
    "fatal" + "Error(", "try" + "!", "as" + "!", "assert" + "(", "assertion" + "Failure(",
    "import XC" + "Test",
  ]

  @Test func forbiddenCallsAreAbsent() throws {
    for file in try SourceTree.all() {
      for line in file.code {
        for word in Self.forbiddenInCode {
          #expect(!Self.holds(line, word), "\(file.path): \(line)")
        }
      }
    }
  }

  static let forbiddenAnywhere = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "not " + "implemented", "HA" + "CK"]

  @Test func nothingIsLeftForLater() throws {
    for file in try SourceTree.all() {
      for line in file.text.split(separator: "\n") {
        for word in Self.forbiddenAnywhere {
          #expect(!Self.holds(line, word), "\(file.path): \(line)")
        }
      }
    }
  }

  @Test func theseChecksSeeWhatTheyLookFor() {
    for word in Self.forbiddenInCode + Self.forbiddenAnywhere {
      #expect(Self.holds("  " + word + " x", word))
    }
    #expect(!Self.holds("my" + "assert" + "(", "assert" + "("))
  }

  /// Whether a line holds the text as a word of its own, not as the end of a longer one.
  private static func holds(_ line: Substring, _ word: String) -> Bool {
    var rest = line
    while let range = rest.firstRange(of: word) {
      let before = rest[..<range.lowerBound].last
      if !(before?.isLetter ?? false) { return true }
      rest = rest[range.upperBound...]
    }
    return false
  }

  @Test func everySampleHasItsRow() throws {
    guard SourceTree.exists("SampleData") else {
      print("passed over: there is no folder SampleData yet")
      return
    }
    let readMe = try SourceTree.text(of: "SampleData/README.md")
    for path in try SourceTree.files(in: "SampleData") where path != "SampleData/README.md" {
      let name = URL(filePath: path).lastPathComponent
      let folder = path.dropFirst("SampleData/".count).dropLast(name.count + 1)
      // The files of a lot may share one row, which names their folder as `folder/*`.
      #expect(
        readMe.contains(name) || readMe.contains("\(folder)/*"),
        "SampleData/README.md has no row for \(path)")
    }
  }
}
