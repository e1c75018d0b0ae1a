// SPDX-License-Identifier: GPL-3.0-or-later
import Testing

/// Which target may import what; the compiler checks only what the manifest declares.
struct ModuleTests {
  /// What each target may import of our own targets and of other packages.
  static let allowed: [String: Set<String>] = [
    "Fourier": ["CFFTW"],
    "HDF5": ["CHDF5"],
    "Drawing": ["CCairo"],
    "FolderEvents": [],
    "TOMLText": ["TOMLKit"],
    "Quantities": [],
    "LotStatistics": ["Quantities", "TOMLText"],
    "Measurements": ["Crypto", "Quantities"],
    "Signal": ["Fourier"],
    "Analysis": ["Measurements", "Quantities", "Signal"],
    "Certification": ["Analysis", "LotStatistics", "Measurements", "Quantities", "TOMLText"],
    "Certificates": ["Analysis", "Certification", "Crypto", "Measurements", "Quantities", "TOMLText"],
    "Simulation": ["Fourier", "Measurements", "Quantities"],
    "Validation": ["Analysis", "Measurements", "Quantities", "Simulation"],
    "Instruments": ["Measurements", "Quantities", "TOMLText"],
    "Archive": ["Analysis", "Certification", "HDF5", "Measurements", "Quantities"],
    "Report": [
      "Analysis", "Certificates", "Certification", "Drawing", "LotStatistics", "Measurements", "Quantities",
      "Simulation", "Validation",
    ],
    "Inspection": [
      "Analysis", "Archive", "Certificates", "Certification", "FolderEvents", "Instruments", "LotStatistics",
      "Measurements", "Quantities", "Report", "Simulation", "SystemPackage", "TOMLText", "Validation",
    ],
    "magcert": [
      "Analysis", "ArgumentParser", "Certificates", "Certification", "Inspection", "LotStatistics",
      "Measurements", "Quantities", "Report", "Simulation", "SystemPackage", "Validation",
    ],
  ]

  /// What comes with the toolchain, and is nobody's secret.
  static let toolchain: Set<String> = [
    "Darwin", "Dispatch", "Foundation", "FoundationEssentials", "Glibc", "Musl", "Synchronization",
  ]

  private static func folder(of target: String) -> String {
    target == "Instruments" ? "Instruments" : "Sources/\(target)"
  }

  @Test(arguments: allowed.keys.sorted())
  func targetsImportOnlyWhatTheirPlaceAllows(_ target: String) throws {
    let rule = try #require(Self.allowed[target])
    for file in try SourceTree.files(below: Self.folder(of: target)) {
      for module in file.imports.subtracting(Self.toolchain).sorted() {
        #expect(rule.contains(module), "\(file.path) imports \(module), which \(target) must not know")
      }
    }
  }

  @Test(arguments: allowed.keys.sorted())
  func theManifestDeclaresExactlyWhatIsAllowed(_ target: String) throws {
    let manifest = try SourceTree.text(of: "Package.swift")
    let declared = try #require(Self.dependencies(of: target, in: manifest), "no target \(target)")
    #expect(declared == Self.allowed[target])
  }

  @Test func everyTargetHasItsRow() throws {
    let swift = try SourceTree.folders(in: "Sources").filter { !$0.hasPrefix("C") || $0.hasPrefix("Certif") }
    #expect(Set(swift) == Set(Self.allowed.keys).subtracting(["Instruments"]))
    let wrapped = try SourceTree.folders(in: "Sources").filter { !swift.contains($0) }
    #expect(wrapped == ["CCairo", "CFFTW", "CHDF5"])
  }

  @Test(arguments: [
    ("CFFTW", ["Fourier"]), ("CHDF5", ["HDF5"]), ("CCairo", ["Drawing"]), ("TOMLKit", ["TOMLText"]),
    ("Crypto", ["Measurements", "Certificates"]), ("SystemPackage", ["magcert", "Inspection"]),
    ("ArgumentParser", ["magcert"]),
  ])
  func outsideModulesHaveFewImporters(_ module: String, _ targets: [String]) throws {
    for file in try SourceTree.all() where file.imports.contains(module) {
      #expect(
        targets.contains { file.path.hasPrefix("Sources/\($0)/") }, "\(file.path) imports \(module)")
    }
  }

  @Test func unsafeCodeStaysInTheWrappers() throws {
    // libFuzzer hands over a pointer.
    let wrappers = [
      "Sources/Fourier/", "Sources/HDF5/", "Sources/Drawing/", "Sources/FolderEvents/", "Tests/Fuzzing/",
    ]
    for file in try SourceTree.all() where !wrappers.contains(where: file.path.hasPrefix) {
      for line in file.code {
        // The keyword stands in front of an expression, or as an attribute.
        let words = line.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "@") }
        let found = words.contains(Self.word) || words.contains("@" + Self.word)
        #expect(!found || Self.isQuoted(Self.word, in: line), "\(file.path): \(line)")
      }
    }
  }

  @Test func thisFilesParserSeesWhatItShould() {
    let file = SourceTree.File(
      path: "x",
      text:
        "// import A\npublic import B\ninternal import C\nimport struct D.E\n@testable import F\n  import G")
    #expect(file.imports == ["B", "C", "D", "F", "G"])
    let manifest = #"module("Two", ["A", crypto], path: "x"), tests("Two", ["Z"])"#
    #expect(Self.dependencies(of: "Two", in: manifest) == ["A", "Crypto"])
    #expect(Self.dependencies(of: "Three", in: manifest) == nil)
    #expect(Self.isQuoted("word", in: #"let a = "word""#))
    #expect(!Self.isQuoted("word", in: "word f()"))
  }

  private static let word: Substring = "unsafe"

  private static func isQuoted(_ word: Substring, in line: Substring) -> Bool {
    let pieces = line.split(separator: "\"", omittingEmptySubsequences: false)
    return !pieces.enumerated().contains { index, piece in
      index.isMultiple(of: 2) && piece.contains(word)
    }
  }

  /// The names in the list of dependencies that follows a target's name, package products by their module.
  private static func dependencies(of target: String, in manifest: String) -> Set<String>? {
    let products = [
      "crypto": "Crypto", "system": "SystemPackage", "toml": "TOMLKit", "argumentParser": "ArgumentParser",
    ]
    let text = manifest.split { $0.isWhitespace }.joined()
    let declarations = ["module(\"\(target)\",", ".executableTarget(name:\"\(target)\",dependencies:"]
    for declaration in declarations {
      guard let start = text.firstRange(of: declaration),
        let open = text[start.upperBound...].firstIndex(of: "["),
        let close = text[open...].firstIndex(of: "]")
      else { continue }
      let names = text[text.index(after: open)..<close].split(separator: ",").map { name in
        name.hasPrefix("\"") ? String(name.dropFirst().dropLast()) : products[String(name)] ?? String(name)
      }
      return Set(names)
    }
    return nil
  }
}
