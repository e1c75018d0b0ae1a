// SPDX-License-Identifier: GPL-3.0-or-later

/// One way in which a whole curve may be wrong: an error that depends on the applied field.
///
/// Given for the descending branch, and the same for the ascending one after mirroring. Straight lines between the
/// points, constant beyond them.
public struct ErrorProfile: Hashable, Sendable {
  /// Fields as measured, A/m, rising.
  public let field: [Double]
  /// The error for one standard uncertainty at each field.
  public let error: [Double]

  /// A profile from its points; traps unless the fields rise and there are as many errors, at least one, all finite.
  public init(field: [Double], error: [Double]) {
    precondition(
      !field.isEmpty && field.count == error.count, "\(error.count) errors at \(field.count) fields")
    precondition(zip(field, field.dropFirst()).allSatisfy { $0 < $1 }, "the fields of a profile do not rise")
    precondition(error.allSatisfy(\.isFinite), "an error that is not finite")
    self.field = field
    self.error = error
  }

  /// The error at a field in A/m.
  public func value(at field: Double) -> Double {
    var (low, high) = (0, self.field.count)
    while low < high {
      let middle = (low + high) / 2
      if self.field[middle] <= field { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return error[0] }
    guard low < error.count else { return error[error.count - 1] }
    let part = (field - self.field[low - 1]) / (self.field[low] - self.field[low - 1])
    return error[low - 1] + part * (error[low] - error[low - 1])
  }

  /// The same errors in another unit.
  func scaled(by factor: Double) -> ErrorProfile {
    ErrorProfile(field: field, error: error.map { $0 * factor })
  }
}
