// SPDX-License-Identifier: GPL-3.0-or-later

/// A finite number as decimal digits, for exact rounding.
///
/// What is rounded is the shortest decimal text that stands for the number, the same digits that the JSON
/// output has; so a reader who rounds the JSON by hand gets what the table shows. Ties go to the even digit.
struct Decimal: Hashable, Sendable {
  let isNegative: Bool
  /// The digits, most significant first, without leading zeros; empty for zero.
  private(set) var digits: [UInt8]
  /// The power of ten of the last digit.
  private(set) var exponent: Int

  /// The digits of a number; traps when it is not finite.
  init(_ number: Double) {
    precondition(number.isFinite, "digits of \(number)")
    isNegative = number < 0
    let parts = number.magnitude.description.split(separator: "e")
    let mantissa = (parts.first ?? "0").split(separator: ".", omittingEmptySubsequences: false)
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let all = (mantissa.first ?? "").utf8.map { $0 &- 48 } + fraction.utf8.map { $0 &- 48 }
    digits = Array(all.drop { $0 == 0 })
    exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - fraction.utf8.count
  }

  /// The power of ten of the first digit; 0 for zero.
  var leadingExponent: Int { digits.isEmpty ? 0 : exponent + digits.count - 1 }

  /// Rounds half to even so that the last digit has the power of ten `place`.
  func rounded(to place: Int) -> Decimal {
    var result = self
    let dropped = place - exponent
    guard dropped > 0, !digits.isEmpty else { return self }
    let kept = max(0, digits.count - dropped)
    let rest = zeros(dropped - digits.count) + digits[kept...]
    result.digits = Array(digits[..<kept])
    result.exponent = place
    let isAboveHalf = rest[0] > 5 || rest[0] == 5 && rest.dropFirst().contains { $0 > 0 }
    let isTie = rest[0] == 5 && !isAboveHalf
    if isAboveHalf || isTie && (result.digits.last ?? 0) % 2 == 1 { result.increment() }
    return result
  }

  private func zeros(_ count: Int) -> [UInt8] { Array(repeating: 0, count: max(0, count)) }

  private mutating func increment() {
    var index = digits.count - 1
    while index >= 0, digits[index] == 9 {
      digits[index] = 0
      index -= 1
    }
    if index >= 0 { digits[index] += 1 } else { digits.insert(1, at: 0) }
  }

  /// Plain text with the last digit at the power of ten `place`, zeros filling the rest.
  func text(to place: Int) -> String {
    let value = rounded(to: place)
    let last = min(place, 0)
    let decimals = -last
    var all: [UInt8] = value.digits.isEmpty ? [] : value.digits + zeros(value.exponent - last)
    all = zeros(decimals + 1 - all.count) + all
    var text = all.dropLast(decimals).map { String($0) }.joined()
    if decimals > 0 { text += "." + all.suffix(decimals).map { String($0) }.joined() }
    return isNegative && !value.digits.isEmpty ? "−" + text : text
  }
}

/// A result as people read it: U with two significant digits, the value to the same decimal place.
///
/// Two digits as in JCGM 100:2008, 7.2.6; half to even as in ISO 80000-1:2009, B.3.
struct RoundedResult: Hashable, Sendable {
  let value: String
  /// Nothing when no uncertainty is known.
  let uncertainty: String?
  /// The power of ten of the last digit shown.
  let place: Int

  /// Rounds a value and its U, both in the unit shown.
  ///
  /// Without a positive, finite U the value has five significant digits. A number that is not finite is shown as
  /// “–”.
  init(_ value: Double, uncertainty: Double) {
    guard value.isFinite else {
      (self.value, self.uncertainty, place) = ("–", nil, 0)
      return
    }
    guard uncertainty > 0, uncertainty.isFinite else {
      place = Decimal(value).leadingExponent - 4
      self.value = Decimal(value).text(to: place)
      self.uncertainty = nil
      return
    }
    let digits = Decimal(uncertainty)
    let first = digits.leadingExponent - 1
    // 0.0996 rounds up to 0.100, which needs one digit less.
    place = digits.rounded(to: first).leadingExponent - 1
    self.value = Decimal(value).text(to: place)
    self.uncertainty = digits.text(to: place)
  }
}

/// A number with so many significant digits at most, trailing zeros of the fraction left out.
func shortText(_ number: Double, significant: Int = 6) -> String {
  guard number.isFinite else { return "–" }
  let decimal = Decimal(number)
  let rounded = decimal.rounded(to: decimal.leadingExponent - significant + 1)
  guard (-6...9).contains(rounded.leadingExponent) else {
    let mantissa = rounded.digits.map { String($0) }
    let trimmed = String(mantissa.dropFirst().joined().reversed().drop { $0 == "0" }.reversed())
    let sign = number < 0 ? "−" : ""
    return sign + (mantissa.first ?? "0") + (trimmed.isEmpty ? "" : "." + trimmed)
      + "e\(rounded.leadingExponent)"
  }
  let text = rounded.text(to: min(0, rounded.exponent))
  guard text.contains(".") else { return text }
  let trimmed = text.reversed().drop { $0 == "0" }.reversed()
  return String(trimmed.last == "." ? trimmed.dropLast() : trimmed[...])
}

/// A number with a fixed count of decimals; “–” when it is not finite.
func fixedText(_ number: Double, decimals: Int) -> String {
  number.isFinite ? Decimal(number).text(to: -decimals) : "–"
}

/// A probability in percent with two decimals, bounded so that a chance short of certainty never reads as 100 %.
func percent(_ probability: Double) -> String {
  guard probability.isFinite else { return "–" }
  if probability > 0.9999, probability < 1 { return "> 99.99 %" }
  if probability < 0.0001, probability > 0 { return "< 0.01 %" }
  return Decimal(probability * 100).text(to: -2) + " %"
}
