// SPDX-License-Identifier: GPL-3.0-or-later

/// A number with what its printing may have changed, such as `37.00107E-03`, whose last digit stands for 1e-8.
struct PrintedNumber {
  let value: Double
  /// Half a unit of the last printed digit.
  let rounding: Double

  /// The number that a text is; nil for anything else and for what is not finite.
  init?(_ text: String) {
    let bytes = Array(text.trimmed.utf8)
    var position = 0
    guard let number = bytes.span.decimalNumber(at: &position, end: bytes.count, decimalMark: Byte.point),
      position == bytes.count, number.isFinite
    else { return nil }
    value = number
    let parts = bytes.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 | 32 == UInt8(ascii: "e") }
    let mantissa = parts.first ?? []
    let decimals = mantissa.firstIndex(of: Byte.point).map { mantissa.endIndex - $0 - 1 } ?? 0
    let exponent = parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : "0"
    rounding = 0.5 * (Double("1e\(exponent)") ?? 0) * (Double("1e-\(decimals)") ?? 0)
  }
}
