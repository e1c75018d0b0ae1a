// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

/// Adding a driver touches its folder, its samples, its article, its tests and one line of the registry.
@Suite("The recipe for a driver")
struct RecipeTests {
  /// The drivers' constants, as the list of the registry has them.
  private func symbols() throws -> [String] {
    let text = try text("Instruments/Registry.swift")
    let list = try #require(text.firstRange(of: "public let allInstruments: [Instrument] = ["))
    let rest = text[list.upperBound...]
    return rest[..<(rest.firstIndex(of: "]") ?? rest.endIndex)].split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /\s*\.(\w+),\s*/).map { String($0.1) }
    }
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
  }

  private func folders(in path: String) throws -> [String] {
    let root = Repository.root.appending(path: path)
    return try FileManager.default.contentsOfDirectory(atPath: root.path).filter { name in
      let url = root.appending(path: name)
      return (try? url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
    }
  }

  private static func plain(_ name: String) -> String { name.lowercased().filter { $0 != "-" } }

  @Test("every driver has one line, one folder, one folder of samples and one article of its name")
  func placesAgree() throws {
    let symbols = try symbols()
    #expect(symbols.count >= 6)
    #expect(Set(symbols).count == symbols.count)
    #expect(Set(symbols.map(Self.plain)) == Set(allInstruments.map { Self.plain($0.id) }))
    // A text profile is the user's, and so the registry does not have it.
    let drivers = try folders(in: "Instruments").filter {
      !$0.hasSuffix(".docc") && $0 != "Support" && $0 != "TextProfile"
    }
    #expect(Set(drivers.map(Self.plain)) == Set(symbols.map(Self.plain)))
    #expect(try Set(folders(in: "SampleData").map(Self.plain)).isSuperset(of: symbols.map(Self.plain)))
    let articles = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Instruments/Instruments.docc").path
    ).map(Self.plain)
    for symbol in symbols {
      let name = Self.plain(symbol)
      #expect(articles.contains { $0.hasPrefix("reading") && $0.contains(name) }, "no article of \(symbol)")
    }
  }

  @Test("the list of what is read names every driver once and every page of one, and nothing else")
  func everyDriverIsListed() throws {
    let list = try text("Instruments/Instruments.docc/Which-files-magcert-reads.md")
    let rows = list.matches(of: /\n\| \[`([a-z0-9-]+)`\]\(([^)]+)\) \|/)
    #expect(rows.map { String($0.1) }.sorted() == allInstruments.map(\.id).sorted())
    let articles = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "Instruments/Instruments.docc").path)
    let pages = articles.filter { $0.hasPrefix("Reading-") && $0 != "Reading-with-a-text-profile.md" }
    #expect(Set(rows.map { String($0.2) }) == Set(pages))
    for row in rows {
      #expect(
        try text("Instruments/Instruments.docc/\(row.2)").contains("`\(row.1)`"), "\(row.2) is of another")
    }
  }

  private static let multiVu =
    "one container holds the files of three drivers, and errors point to the right one"

  /// Where a driver is named outside its folder, and why.
  private static let exceptions: [(path: String, id: String, reason: String)] = [
    ("Sources/magcert/SimulateCommand.swift", "table", "what is simulated needs a format to be written in"),
    ("Sources/magcert/SimulateCommand.swift", "quantum-design-vsm", "a lot is written as a VSM would"),
    ("Sources/magcert/SimulateShotCommand.swift", "waveform-table", "a shot needs a format to be written in"),
    ("Instruments/Support/MultiVuKind.swift", "quantum-design-vsm", multiVu),
    ("Instruments/Support/MultiVuKind.swift", "quantum-design-acms", multiVu),
    ("Instruments/Support/MultiVuKind.swift", "quantum-design-mpms", multiVu),
    (
      "Sources/Report/CertificatePage.swift", "table",
      "a grade table in a sentence of the certificate, not the driver"
    ),
    ("Sources/Report/VerdictObjects.swift", "table", "the grade table of a verdict, not the driver"),
    ("Sources/Report/LotPageText.swift", "table", "an element of hypertext, not the driver"),
    ("Sources/Archive/ArchiveSchema.swift", "table", "the name of a grade table's column, not of the driver"),
  ]

  @Test("nothing but its folder and the registry names a driver")
  func nobodyElseNamesADriver() throws {
    let symbols = try symbols()
    var used: Set<Int> = []
    for path in try swiftFiles() where path != "Instruments/Registry.swift" {
      let content = try text(path)
      for driver in allInstruments where !Self.belongs(path, to: driver.id) {
        let symbol = symbols.first { Self.plain($0) == Self.plain(driver.id) } ?? driver.id
        let words = ["\"\(driver.id)\"", ".\(symbol)"]
        // Hardly any file has the words at all, and a search in the whole text is quick.
        guard words.contains(where: { content.range(of: $0, options: .literal) != nil }) else { continue }
        let code = content.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
        guard code.contains(where: { Self.names($0, driver.id, symbol) }) else { continue }
        let exception = Self.exceptions.firstIndex { $0.path == path && $0.id == driver.id }
        if let exception { used.insert(exception) }
        #expect(exception != nil, "\(path) names the driver \(driver.id)")
      }
    }
    #expect(used == Set(Self.exceptions.indices), "an exception is not needed any more")
  }

  @Test("the search sees a driver's id and its constant, and no member of that name")
  func searchSeesNames() {
    for line in ["let id = \"table\"", "read(.table)", "= Instrument.table", "  .table,"] {
      #expect(Self.names(line[...], "table", "table"), "\(line)")
    }
    for line in ["self.table = table", "verdict?.table", "\"tables\"", ".tables", "f().table", "$0.table"] {
      #expect(!Self.names(line[...], "table", "table"), "\(line)")
    }
    #expect(Self.belongs("Instruments/NITDMS/TDMSFile.swift", to: "ni-tdms"))
    #expect(!Self.belongs("Instruments/Support/Lines.swift", to: "ni-tdms"))
  }

  private func swiftFiles() throws -> [String] {
    try ["Sources", "Instruments"].flatMap { folder in
      // A checkout may be put together of links.
      let url = Repository.root.appending(path: folder).resolvingSymlinksInPath()
      return try FileManager.default.subpathsOfDirectory(atPath: url.path)
        .filter { $0.hasSuffix(".swift") }.map { "\(folder)/\($0)" }
    }
  }

  private static func belongs(_ path: String, to id: String) -> Bool {
    let parts = path.split(separator: "/")
    return parts.count > 2 && parts[0] == "Instruments" && plain(String(parts[1])) == plain(id)
  }

  /// Whether a line has the id as a text of its own, or the constant: as a member of `Instrument` or of what the
  /// context says, which leaves nothing before the point.
  private static func names(_ line: Substring, _ id: String, _ symbol: String) -> Bool {
    if line.contains("\"\(id)\"") || line.contains("Instrument.\(symbol)") { return true }
    var rest = line
    while let found = rest.firstRange(of: ".\(symbol)") {
      let before = rest[..<found.lowerBound].last
      let after = rest[found.upperBound...].first
      let isMember = before.map { $0.isLetter || $0.isNumber || "_)]?!}$".contains($0) } ?? false
      let isLonger = after.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
      if !isMember, !isLonger { return true }
      rest = rest[found.upperBound...]
    }
    return false
  }

  @Test("a driver that is only given to the registry recognises and reads without any other entry")
  func aNewDriverIsOneConstant() throws {
    let made = Instrument(
      id: "made-up", title: "a driver that only this test knows",
      recognize: { file in
        file.bytes.starts(with: "MADE-UP".utf8) ? Claim(.certain, "its mark") : Claim(.no, "no mark")
      },
      read: { file, _ throws(ReadError) in
        guard file.bytes.count > 8 else { throw ReadError(.truncated, "the file ends behind its mark") }
        let rows = file.bytes.dropFirst(8).map(Double.init)
        return LoopMeasurement(
          instrument: "made-up", field: .applied(Series(si: rows)), response: .moment(Series(si: rows)),
          lines: rows.indices.map { $0 + 1 })
      })
    let file = SourceFile(name: "a", bytes: Array("MADE-UP\n".utf8) + [3, 1, 4, 1, 5])
    let chosen = try instrument(for: file, among: allInstruments + [made])
    #expect(chosen.id == "made-up")
    #expect(try chosen.readLoop(file, ReadingOptions()).response.si == [3, 1, 4, 1, 5])
    #expect(recognise(file, among: allInstruments + [made]).first?.instrument.id == "made-up")
    // What the others own stays theirs.
    for known in try generatedFiles() {
      #expect(try instrument(for: known.file, among: allInstruments + [made]).id == known.owner)
    }
    #expect(throws: ReadError.self) { try instrument(for: file) }
  }
}
