// SPDX-License-Identifier: GPL-3.0-or-later

/// What could not be done with an HDF5 file, and why.
public struct HDF5Error: Error, Hashable, Sendable {
  /// What was attempted, such as `open lot.h5`.
  public let action: String
  /// The reasons, outermost first; of libhdf5's error stack the last one is usually the cause.
  public let reasons: [String]

  /// An error from its parts.
  public init(action: String, reasons: [String]) {
    self.action = action
    self.reasons = reasons
  }
}

extension HDF5Error: CustomStringConvertible {
  /// One sentence with the outermost and the innermost reason.
  public var description: String {
    guard let first = reasons.first, let last = reasons.last else { return "cannot \(action)" }
    return "cannot \(action): \(first)" + (reasons.count > 1 ? " (\(last))" : "")
  }
}
