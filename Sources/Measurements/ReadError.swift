// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a file could not be read as a loop, where, and what to do about it.
public struct ReadError: Error, Hashable, Sendable {
  /// Reasons that callers tell apart.
  public enum Code: String, Codable, Hashable, Sendable {
    /// The file could not be opened or is not a regular file.
    case unreadable = "unreadable"
    /// There is nothing in the file.
    case empty = "empty"
    /// No driver knows the format, or two know it equally well.
    case unknownFormat = "unknown-format"
    /// A driver knows the format and the text breaks its rules.
    case malformed = "malformed"
    /// A column has no unit or one that is not known.
    case unit = "unit"
    /// A column that the measurement needs is missing.
    case missingColumn = "missing-column"
    /// The file holds several measurements and the user has not said which, or has named one that is not there.
    case block = "block"
    /// The file holds another kind of measurement than a hysteresis loop.
    case notALoop = "not-a-loop"
    /// The file holds another kind of measurement than voltages against time.
    case notAWaveform = "not-a-waveform"
    /// The header is there and the data are not, or stop in the middle.
    case truncated = "truncated"
    /// The sample's size, mass or another given fact cannot be true.
    case sample = "sample"
  }

  /// The reason.
  public let code: Code
  /// One sentence: what was found, what was expected, what the user can do.
  public let detail: String
  /// The line, counted from 1.
  public let line: Int?
  /// The name of the column.
  public let column: String?

  /// An error from its parts; `line` counts from 1.
  public init(_ code: Code, _ detail: String, line: Int? = nil, column: String? = nil) {
    self.code = code
    self.detail = detail
    self.line = line
    self.column = column
  }
}

extension ReadError: CustomStringConvertible {
  /// The sentence with its place in front.
  public var description: String {
    var place: [String] = []
    if let line { place.append("line \(line)") }
    if let column { place.append("column “\(column)”") }
    return place.isEmpty ? detail : place.joined(separator: ", ") + ": " + detail
  }
}
