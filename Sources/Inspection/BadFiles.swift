// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials
internal import Measurements
internal import Report

/// A file that a watch could not certify, and why.
public struct BadFile: Hashable, Codable, Sendable {
  /// The name of the form of the line of JSON.
  public static let schema = "magcert.bad/1"
  /// The code of a file that changed after it was certified.
  public static let changed = "changed"
  /// The code of a file that was still being written when its lot was closed.
  public static let unfinished = "unfinished"
  /// The code of a file whose name is not UTF-8.
  public static let misnamed = "misnamed"

  /// The form of the line.
  public let schema: String
  /// When this was found, UTC, as ISO 8601.
  public let time: String
  /// The path of the file.
  public let path: String
  /// A stable name such as `malformed`.
  public let code: String
  /// One sentence: what was found and what the user can do.
  public let message: String
  /// The digest of its bytes; nil when they could not be read.
  public let sha256: String?

  init(_ failure: ReportedFailure) {
    schema = Self.schema
    time = currentTime()
    path = failure.source.path
    code = failure.code
    message = failure.message
    sha256 = failure.source.sha256
  }

  /// The line of JSON.
  public func jsonLine() -> String { jsonText(self) }

  /// Whether it says the same as another, at whatever time.
  func repeats(_ other: BadFile) -> Bool {
    (path, code, message, sha256) == (other.path, other.code, other.message, other.sha256)
  }
}

/// The list of bad files, a line of JSON for each, which is appended to and never rewritten.
struct BadFileList {
  let path: String
  /// The last line about each file.
  private var last: [String: BadFile] = [:]
  /// Lines that are not in the file yet.
  private var pending = ""

  /// The list as an earlier run left it; what cannot be read of it is passed over.
  init(_ path: String) {
    self.path = path
    guard let bytes = try? readSourceFile(path).bytes, let end = bytes.last else { return }
    // Of a line that a loss of power cut off the rest is nowhere.
    if end != UInt8(ascii: "\n") { pending = "\n" }
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let file = try? JSONDecoder().decode(BadFile.self, from: Data(line)) else { continue }
      last[file.path] = file
    }
  }

  /// Adds a file unless the last line about it says the same.
  mutating func add(_ file: BadFile) {
    if let known = last[file.path], known.repeats(file) { return }
    last[file.path] = file
    pending += file.jsonLine() + "\n"
  }

  /// Appends what was added to the file; throws one sentence when it cannot be written, and keeps it.
  mutating func write() throws(InputError) {
    guard pending.utf8.count > 1 else { return }
    try LockedFile(path).append(Array(pending.utf8))
    pending = ""
  }
}
