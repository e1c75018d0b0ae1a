// SPDX-License-Identifier: GPL-3.0-or-later
public import Foundation

/// Where the repository and the data beside it are.
public enum Repository {
  /// The top folder of the checkout.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The folder `../shared/<path>` beside the checkout, nil when it is absent.
  ///
  /// Real instrument files are not part of the repository; tests that need them say so and pass over.
  public static func shared(_ path: String) -> URL? {
    let url = root.deletingLastPathComponent().appending(path: "shared").appending(path: path)
    return FileManager.default.fileExists(atPath: url.path) ? url : nil
  }

  /// The first of these programs that is on the `PATH`; nil when none is.
  public static func installed(_ names: String...) -> URL? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.lazy.flatMap { name in folders.map { URL(filePath: String($0)).appending(path: name) } }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// A new folder that no other test uses; the caller removes it.
  public static func temporaryFolder() throws -> URL {
    let url = FileManager.default.temporaryDirectory.appending(path: "magcert-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    return url
  }
}
