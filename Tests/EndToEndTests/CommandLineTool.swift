// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport

/// The built `magcert`, run as a user would.
enum CommandLineTool {
  /// What a run left behind.
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String

    /// The JSON objects of standard output, line by line.
    var objects: [[String: Any]] {
      get throws {
        try output.split(separator: "\n").map { line in
          let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
          guard let object = parsed as? [String: Any] else { throw CocoaError(.coderReadCorrupt) }
          return object
        }
      }
    }
  }

  /// The executable beside the test bundle.
  static var executable: URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "magcert")
  }

  /// A run that goes on.
  final class Running {
    let process = Process()
    private let scratch: URL

    fileprivate init(_ arguments: [String], in folder: URL) throws {
      scratch = try Repository.temporaryFolder()
      process.executableURL = executable
      process.arguments = arguments
      process.currentDirectoryURL = folder
      // Files instead of pipes: a full pipe would block the child.
      for url in [out, err] { _ = FileManager.default.createFile(atPath: url.path, contents: nil) }
      process.standardOutput = try FileHandle(forWritingTo: out)
      process.standardError = try FileHandle(forWritingTo: err)
      process.standardInput = FileHandle.nullDevice
      try process.run()
    }

    deinit { try? FileManager.default.removeItem(at: scratch) }

    private var out: URL { scratch.appending(path: "out") }
    private var err: URL { scratch.appending(path: "err") }

    /// What it has printed so far.
    var output: String {
      get throws { String(decoding: try Data(contentsOf: out), as: UTF8.self) }
    }

    /// Waits for its end.
    func outcome() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        code: process.terminationStatus, output: try output,
        errors: String(decoding: try Data(contentsOf: err), as: UTF8.self))
    }
  }

  /// Starts `magcert` with arguments in a folder, by default the repository's top.
  static func start(_ arguments: [String], in folder: URL = Repository.root) throws -> Running {
    try Running(arguments, in: folder)
  }

  /// Runs `magcert` with arguments in a folder, by default the repository's top.
  static func run(_ arguments: [String], in folder: URL = Repository.root) throws -> Outcome {
    try start(arguments, in: folder).outcome()
  }

  /// The files of the sample lot, in order.
  static var lot: [String] {
    get throws {
      let folder = "SampleData/QuantumDesignVSM/lot"
      return try FileManager.default.contentsOfDirectory(atPath: Repository.root.appending(path: folder).path)
        .sorted().map { "\(folder)/\($0)" }
    }
  }
}

/// A folder that goes away with the test.
final class ScratchFolder {
  let url: URL

  init() throws { url = try Repository.temporaryFolder() }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

  func write(_ name: String, _ data: Data) throws -> String {
    let file = url.appending(path: name)
    try data.write(to: file)
    return file.path
  }
}
