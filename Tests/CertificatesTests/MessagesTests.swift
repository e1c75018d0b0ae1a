// SPDX-License-Identifier: GPL-3.0-or-later
import Certificates
import Foundation
import TestSupport
import Testing

private func file() throws -> String {
  try String(
    contentsOf: Repository.root.appending(path: "Sources/Certificates/Messages/messages.toml"),
    encoding: .utf8)
}

private func names(in text: String) -> Set<String> {
  Set(text.matches(of: /\{(\w+)\}/).map { String($0.output.1) })
}

/// The text of every key in a language with each name replaced by itself in brackets.
private func filled(_ messages: Messages, _ key: Messages.Key, _ names: Set<String>) -> String {
  messages(key, Dictionary(uniqueKeysWithValues: names.map { ($0, "[\($0)]") }))
}

struct MessagesTests {
  // Every text is there in every language, and nothing in the file is left over.
  @Test func everyTextIsThereInEveryLanguage() throws {
    for language in Language.allCases { _ = try Messages(language) }
    let tables = try file().split(separator: "\n").filter { $0.hasPrefix("[") }.map {
      String($0.dropFirst().dropLast())
    }
    #expect(Set(tables) == Set(Messages.Key.allCases.map(\.rawValue)))
    #expect(tables.count == Messages.Key.allCases.count)
  }

  // The same names stand in braces in every language, and each is replaced.
  @Test func languagesSayTheSame() throws {
    let lines = try file().split(separator: "\n").filter { $0.contains(" = \"") }
    for start in stride(from: 0, to: lines.count, by: 3) {
      #expect(["en", "zh", "de"] == lines[start..<start + 3].map { String($0.prefix(2)) })
      let different = Set(lines[start..<start + 3].map { names(in: String($0)) })
      #expect(different.count == 1, "\(lines[start])")
    }
    let all = Set(lines.flatMap { names(in: String($0)) })
    for language in Language.allCases {
      let messages = try Messages(language)
      for key in Messages.Key.allCases {
        let text = filled(messages, key, all)
        #expect(!text.contains("{") && !text.contains("}"), "\(key) \(language)")
      }
    }
  }

  // A translation is none when it is the other text.
  @Test func translationsAreTranslated() throws {
    let (english, chinese) = (try Messages(.english), try Messages(.chinese))
    let all: Set = try names(in: file())
    for key in Messages.Key.allCases where ![.statistic].contains(key) {
      #expect(filled(english, key, all) != filled(chinese, key, all), "\(key)")
    }
    #expect(try Messages(.german)(.remanence) == "Remanenz")
    #expect(chinese(.energyProduct) == "最大磁能积")
  }
}
