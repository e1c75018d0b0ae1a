// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Testing

@Suite("Detection")
struct DetectionTests {
  @Test("only the owner claims a file, and says how sure it is", arguments: try allFiles())
  func onlyTheOwnerClaims(_ known: KnownFile) {
    for driver in allInstruments {
      let claim = driver.recognize(known.file)
      let expected = driver.id == known.owner ? known.recognition : .no
      #expect(claim.recognition == expected, "\(driver.id) of \(known.file.name): \(claim.reason)")
      #expect(!claim.reason.isEmpty)
    }
  }

  @Test("the registry chooses the owner, or says that nobody knows the file", arguments: try allFiles())
  func theOwnerIsChosen(_ known: KnownFile) throws {
    if let owner = known.owner {
      #expect(try instrument(for: known.file).id == owner)
      #expect(recognise(known.file).first?.instrument.id == owner)
    } else {
      let error = #expect(throws: ReadError.self) { try instrument(for: known.file) }
      #expect(error?.code == .unknownFormat)
    }
  }

  static func allFiles() throws -> [KnownFile] { try generatedFiles() + sampleFiles() + realFiles() }

  @Test("ids are unique and made of lower-case letters, digits and hyphens")
  func idsAreWellFormed() {
    #expect(Set(allInstruments.map(\.id)).count == allInstruments.count)
    for driver in allInstruments {
      #expect(driver.id.wholeMatch(of: /[a-z0-9-]+/) != nil, "\(driver.id)")
      #expect(!driver.title.isEmpty)
    }
  }

  @Test("two equal best claims are an error that names both")
  func equalClaimsAreAnError() throws {
    func driver(_ id: String, _ recognition: Recognition) -> Instrument {
      Instrument(
        id: id, title: id, recognize: { _ in Claim(recognition, "always") },
        read: { _, _ throws(ReadError) in throw ReadError(.malformed, "never") })
    }
    let pair = [driver("first", .plausible), driver("second", .plausible), driver("third", .no)]
    let error = #expect(throws: ReadError.self) { try instrument(for: textFile("x"), among: pair) }
    #expect(error?.code == .unknownFormat)
    #expect(error?.detail.contains("first and second") == true)
    #expect(try instrument(for: textFile("x"), override: "third", among: pair).id == "third")
    let surer = pair + [driver("fourth", .certain)]
    #expect(try instrument(for: textFile("x"), among: surer).id == "fourth")
  }

  @Test("an empty, a binary and an unknown file and an unknown id are refused with what to do")
  func refusalsSayWhatToDo() {
    let cases: [(SourceFile, String?, ReadError.Code, String)] = [
      (SourceFile(name: "", bytes: []), nil, .empty, "empty"),
      (SourceFile(name: "", bytes: [0x58, 0x44, 0x53, 0x6D, 0]), nil, .unknownFormat, "binary"),
      (textFile("something else\n"), nil, .unknownFormat, "--instrument"),
      (textFile("H (A/m),J (T)\n"), "no-such", .unknownFormat, "no-such"),
    ]
    for (file, id, code, word) in cases {
      let error = #expect(throws: ReadError.self) { try instrument(for: file, override: id) }
      #expect(error?.code == code)
      #expect(error?.detail.contains(word) == true, "\(error?.detail ?? "")")
    }
  }

  @Test("a block that is named is refused where a format has none, and where it is not there")
  func noBlockIsPassedOver() throws {
    for known in try sampleFiles() where !known.isRefused {
      let driver = try #require(allInstruments.first { $0.id == known.owner })
      let options = ReadingOptions(block: "no such block")
      let error = #expect(throws: ReadError.self, "\(known.file.name)") {
        try driver.read(known.file, options)
      }
      // A sample that needs a unit stated says so first.
      #expect(error?.code == .block || error?.code == .unit, "\(known.file.name): \(error?.detail ?? "")")
    }
  }
}
