// SPDX-License-Identifier: GPL-3.0-or-later

extension Span<UInt8> {
  /// The decimal number that starts at `position`, which moves behind it; nil, with `position` unspecified,
  /// when there is none.
  ///
  /// Sign, digits with or without a fraction, and an exponent of any width: `+10.32191E-06`, `24.`, `.5`,
  /// `2.999857e+002`. The result is the double nearest to the written number, ties to even, as `Double(_:)` gives.
  func decimalNumber(at position: inout Int, end: Int, decimalMark: UInt8) -> Double? {
    guard let found = decimalNumber(from: position, end: end, decimalMark: decimalMark) else { return nil }
    position = found.end
    return found.number
  }

  /// The decimal number that starts at `start` and where it ends, as above.
  func decimalNumber(from start: Int, end: Int, decimalMark: UInt8) -> (number: Double, end: Int)? {
    var index = start
    var sign: UInt64 = 0
    if index < end {
      // 0 for a plus sign and 2 for a minus; without a branch, because nobody can foretell the signs of noise.
      let code = self[index] &- UInt8(ascii: "+")
      let isSigned: UInt64 = code & ~2 == 0 ? 1 : 0
      sign = UInt64(code) >> 1 & isSigned
      index &+= Int(isSigned)
    }
    // Wraps round beyond 19 digits, which are then read the slow way.
    var digits: UInt64 = 0
    let firstDigit = index
    accumulate(&digits, at: &index, end: end)
    var digitCount = index &- firstDigit
    var exponent = 0
    if index < end, self[index] == decimalMark {
      index &+= 1
      let firstDecimal = index
      accumulate(&digits, at: &index, end: end)
      exponent = firstDecimal &- index
      digitCount &+= index &- firstDecimal
    }
    guard digitCount > 0 else { return nil }
    if index < end, self[index] | 32 == UInt8(ascii: "e") {
      var after = index &+ 1
      var isSmall = false
      if after < end, self[after] == UInt8(ascii: "-") || self[after] == UInt8(ascii: "+") {
        isSmall = self[after] == UInt8(ascii: "-")
        after &+= 1
      }
      var written = 0
      let firstDigit = after
      while after < end, case let digit = self[after] &- 48, digit < 10 {
        // Any larger exponent is settled by the slow way.
        if written < 100_000 { written = written &* 10 &+ Int(digit) }
        after &+= 1
      }
      guard after > firstDigit else { return nil }
      exponent &+= isSmall ? -written : written
      index = after
    }
    if digitCount <= 19 || significantDigits(start..<index) <= 19,
      let magnitude = nearestDouble(digits, timesTenTo: exponent)
    {
      return (Double(bitPattern: magnitude.bitPattern | sign << 63), index)
    }
    var spelling: [UInt8] = []
    for place in start..<index { spelling.append(self[place] == decimalMark ? Byte.point : self[place]) }
    return Double(String(decoding: spelling, as: UTF8.self)).map { ($0, index) }
  }

  /// Appends the digits at `index` to `digits`, which wraps round.
  ///
  /// Up to eight at a time, because the chain of multiplications is what takes the time.
  @inline(__always)
  private func accumulate(_ digits: inout UInt64, at index: inout Int, end: Int) {
    while count &- index >= 8 {
      let differences = eightBytes(at: index) ^ 0x3030_3030_3030_3030
      // The top bit of every byte that is no digit: one above 9, or one that had it all along.
      let others =
        ((differences & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676 | differences) & 0x8080_8080_8080_8080
      let found = Swift.min(others.trailingZeroBitCount >> 3, end &- index)
      guard found > 0 else { return }
      // What follows the digits is shifted out, and zeros come in before them.
      let word = differences << UInt64(64 &- found &* 8)
      // The first digit is the lowest byte: pairs, then fours, then all eight come together at the upper end.
      let pairs = (word &* 10 &+ word >> 8) & 0x00FF_00FF_00FF_00FF
      let fours = (pairs &* 100 &+ pairs >> 16) & 0x0000_FFFF_0000_FFFF
      let eight = (fours &* 10_000 &+ fours >> 32) & 0xFFFF_FFFF
      digits = digits &* wholePowersOfTen[found] &+ eight
      index &+= found
      guard found == 8 else { return }
    }
    while index < end, case let digit = self[index] &- 48, digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      index &+= 1
    }
  }

  /// How many digits before the exponent are left without leading zeros.
  private func significantDigits(_ range: Range<Int>) -> Int {
    var count = 0
    for index in range {
      if self[index] | 32 == UInt8(ascii: "e") { break }
      let digit = self[index] &- 48
      if digit < 10, count > 0 || digit > 0 { count += 1 }
    }
    return count
  }
}

/// digits · 10^exponent rounded correctly, where that takes one exact operation; nil elsewhere.
@inline(__always)
private func nearestDouble(_ digits: UInt64, timesTenTo exponent: Int) -> Double? {
  // Both operands are exact doubles, so one operation rounds once (Clinger, How to read floating point numbers
  // accurately, PLDI 1990).
  if digits <= 1 << 53 {
    if exponent <= 0, exponent >= -22 { return Double(Int64(digits)) / powersOfTen[-exponent] }
    if exponent > 0, exponent <= 22 { return Double(Int64(digits)) * powersOfTen[exponent] }
  }
  guard digits != 0, exponent < 0, exponent >= -27 else { return nil }
  return nearestQuotient(digits, powersOfFive[-exponent], halvings: -exponent)
}

/// A power of five below 2⁶⁴, of which 5²⁷ is the last, with its top bit shifted up and what dividing by it takes.
private struct PowerOfFive {
  let shift: Int
  let normalised: UInt64
  /// The 64 bits below the leading one of 2¹²⁸ / normalised.
  let reciprocal: UInt64

  init(_ exponent: Int) {
    let power = (0..<exponent).reduce(UInt64(1)) { power, _ in power * 5 }
    shift = power.leadingZeroBitCount
    normalised = power << shift
    reciprocal = normalised.dividingFullWidth((~normalised, .max)).quotient
  }

  /// high·2⁶⁴ + low divided by the normalised power, for a `high` below it.
  ///
  /// Möller and Granlund, Improved division by invariant integers, IEEE Transactions on Computers 60 (2011),
  /// algorithm 4.
  @inline(__always)
  func dividing(_ high: UInt64, _ low: UInt64) -> (quotient: UInt64, remainder: UInt64) {
    let product = reciprocal.multipliedFullWidth(by: high)
    let (fraction, carry) = product.low.addingReportingOverflow(low)
    var quotient = product.high &+ high &+ (carry ? 1 : 0) &+ 1
    var remainder = low &- quotient &* normalised
    let excess: UInt64 = remainder > fraction ? .max : 0
    quotient &+= excess
    remainder &+= normalised & excess
    if remainder >= normalised {
      quotient &+= 1
      remainder = remainder &- normalised
    }
    return (quotient, remainder)
  }
}

/// numerator / (power · 2^halvings) rounded to nearest, ties to even; above 0, at most 27 halvings.
@inline(__always)
private func nearestQuotient(_ numerator: UInt64, _ power: PowerOfFive, halvings: Int) -> Double {
  let numeratorShift = numerator.leadingZeroBitCount
  let top = numerator << numeratorShift
  // With both top bits set the quotient below has its top bit set as well: 64 bits, of which a double keeps 53.
  // No branches from here on, because nobody can foretell them.
  let halved: UInt64 = top >= power.normalised ? 1 : 0
  let (quotient, remainder) = power.dividing(top >> halved, (top & halved) << 63)
  let odd = quotient >> 11 & 1
  let inexact: UInt64 = remainder != 0 ? 1 : 0
  // Carries where more than half a unit is dropped, and at half a unit where that makes it even.
  let mantissa = (quotient >> 11) &+ (((quotient & 0x7FF) | inexact) &+ 0x3FF &+ odd) >> 11
  // Between -143 and 11, so the power of two is a normal double and the product exact.
  let exponent = power.shift &- numeratorShift &- 53 &+ Int(truncatingIfNeeded: halved) &- halvings
  return Double(Int64(truncatingIfNeeded: mantissa))
    * Double(bitPattern: UInt64(truncatingIfNeeded: exponent &+ 1023) << 52)
}

/// 10⁰ … 10⁸.
private let wholePowersOfTen: [UInt64] = [
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
]

/// 10⁰ … 10²², all exact.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19,
  1e20, 1e21, 1e22,
]

/// 5⁰ … 5²⁷; 10ᵏ is 5ᵏ·2ᵏ.
private let powersOfFive = (0...27).map { PowerOfFive($0) }
