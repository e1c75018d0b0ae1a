// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a page could not be drawn.
public struct DrawingError: Error, Hashable, Sendable {
  /// Reasons that callers tell apart.
  public enum Code: String, Hashable, Sendable {
    /// No installed font has all characters of a text.
    case missingGlyphs = "missing-glyphs"
    /// The creation date is not `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, with `Z` or `±hh:mm` if at all.
    case date
    /// The drawing library gave up.
    case cairo = "library"
  }

  /// The reason.
  public let code: Code
  /// One sentence: what was attempted, what was found, what the user can do.
  public let detail: String

  init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }
}

extension DrawingError: CustomStringConvertible {
  /// The sentence.
  public var description: String { detail }
}
