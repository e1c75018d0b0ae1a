// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport

/// The Swift files of the repository as text.
struct SourceTree {
  struct File: Sendable {
    /// The path from the top folder.
    let path: String
    let text: String

    /// The lines outside comments and documentation.
    var code: [Substring] {
      text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
        !line.drop { $0 == " " }.hasPrefix("//")
      }
    }

    /// The modules that the file imports, with `internal`, `public` or `@testable` in front or not.
    var imports: Set<String> {
      Set(
        code.compactMap { line in
          let words = line.split(separator: " ").drop { $0 != "import" }
          guard let last = words.dropFirst().last else { return nil }
          // `import struct Foundation.Data` imports Foundation.
          return last.split(separator: ".").first.map(String.init)
        })
    }
  }

  /// The Swift files below a folder, sorted by path.
  static func files(below folder: String) throws -> [File] {
    try paths(below: folder).filter { $0.hasSuffix(".swift") }.map { path in
      File(path: path, text: try text(of: path))
    }
  }

  static let everywhere = ["Sources", "Instruments", "Tests"]

  /// Every Swift file that is ours, and the manifest.
  static func all() throws -> [File] {
    try everywhere.flatMap(files(below:))
      + [File(path: "Package.swift", text: try text(of: "Package.swift"))]
  }

  /// Files and folders below a folder, as paths from the top folder, sorted.
  static func paths(below folder: String) throws -> [String] {
    let url = Repository.root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: url.path).map { "\(folder)/\($0)" }.sorted()
  }

  /// Files, not folders, below a folder, as paths from the top folder, sorted.
  static func files(in folder: String) throws -> [String] {
    try paths(below: folder).filter { path in
      let url = Repository.root.appending(path: path)
      return try url.resourceValues(forKeys: [.isDirectoryKey]).isDirectory != true
    }
  }

  static func text(of path: String) throws -> String {
    try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Repository.root.appending(path: path).path)
  }

  /// The folders directly in a folder, sorted by name.
  static func folders(in folder: String) throws -> [String] {
    let url = Repository.root.appending(path: folder)
    return try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: [.isDirectoryKey])
      .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
      .map(\.lastPathComponent).sorted()
  }
}
