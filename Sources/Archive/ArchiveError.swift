// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// Why an archive could not be written or read, and what to do about it.
public struct ArchiveError: Error, Hashable, Sendable {
  /// Reasons that callers tell apart.
  public enum Code: String, Codable, Hashable, Sendable {
    /// A file of that name is there already.
    case exists
    /// Another run is writing the archive, or one was killed while it did.
    case inProgress = "in-progress"
    /// The archive was written by a newer version of magcert.
    case newerSchema = "newer-schema"
    /// The file is not an archive of magcert.
    case notAnArchive = "not-an-archive"
    /// The archive's bytes were changed or lost.
    case damaged
    /// The operating system or libhdf5 refused.
    case input = "input-output"
  }

  /// The reason.
  public let code: Code
  /// One sentence that names the file: what was attempted, what was found, what the user can do.
  public let detail: String

  /// An error from its parts.
  public init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  init(_ error: HDF5Error) { self.init(.input, error.description) }
}

extension ArchiveError: CustomStringConvertible {
  /// The sentence.
  public var description: String { detail }
}

/// Runs file operations and turns their errors into the archive's.
func archiving<Result: ~Copyable>(
  _ body: () throws(HDF5Error) -> Result
) throws(ArchiveError) -> Result {
  do { return try body() } catch { throw ArchiveError(error) }
}
