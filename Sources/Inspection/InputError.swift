// SPDX-License-Identifier: GPL-3.0-or-later

/// Something the user gave beside the measurement — a budget, a table, a target — that cannot be used.
public struct InputError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence: what was found, what was expected.
  public let description: String

  /// An error from its sentence.
  public init(_ description: String) { self.description = description }
}
