// SPDX-License-Identifier: GPL-3.0-or-later

extension Span<UInt8> {
  /// The decimal number that starts at `position`, which moves behind it; nil, with `position` unspecified,
  /// when there is none.
  ///
  /// Sign, digits with or without a fraction, and an exponent of any width: `+10.32191E-06`, `24.`, `.5`,
  /// `2.999857e+002`. The result is the double nearest to the written number, ties to even, as `Double(_:)` gives.
  @inline(__always)
  func decimalNumber(at position: inout Int, end: Int, decimalMark: UInt8) -> Double? {
    let start = position
    var index = start
    var isNegative = false
    if index < end, self[index] == UInt8(ascii: "-") || self[index] == UInt8(ascii: "+") {
      isNegative = self[index] == UInt8(ascii: "-")
      index &+= 1
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
    position = index
    if digitCount <= 19 || significantDigits(start..<index) <= 19,
      let magnitude = nearestDouble(digits, timesTenTo: exponent)
    {
      return isNegative ? -magnitude : magnitude
    }
    var spelling: [UInt8] = []
    for place in start..<index { spelling.append(self[place] == decimalMark ? Byte.point : self[place]) }
    return Double(String(decoding: spelling, as: UTF8.self))
  }

  /// Appends the digits at `index` to `digits`, which wraps round.
  ///
  /// Four at a time, because the chain of multiplications is what takes the time.
  @inline(__always)
  private func accumulate(_ digits: inout UInt64, at index: inout Int, end: Int) {
    while end &- index >= 4 {
      let a = self[index] &- 48
      let b = self[index &+ 1] &- 48
      let c = self[index &+ 2] &- 48
      let d = self[index &+ 3] &- 48
      guard a < 10, b < 10, c < 10, d < 10 else { break }
      let high = UInt64(a) &* 10 &+ UInt64(b)
      let low = UInt64(c) &* 10 &+ UInt64(d)
      digits = digits &* 10_000 &+ (high &* 100 &+ low)
      index &+= 4
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
    if exponent <= 0, exponent >= -22 { return Double(digits) / powersOfTen[-exponent] }
    if exponent > 0, exponent <= 22 { return Double(digits) * powersOfTen[exponent] }
  }
  guard digits != 0, exponent < 0, exponent >= -27 else { return nil }
  // 10ᵏ is 5ᵏ·2ᵏ, and 5²⁷ is the last power of five below 2⁶⁴.
  return nearestQuotient(digits, powersOfFive[-exponent], halvings: -exponent)
}

/// numerator / (denominator · 2^halvings) rounded to nearest, ties to even; both above 0, at most 27 halvings.
private func nearestQuotient(_ numerator: UInt64, _ denominator: UInt64, halvings: Int) -> Double {
  let numeratorShift = numerator.leadingZeroBitCount
  let denominatorShift = denominator.leadingZeroBitCount
  let top = numerator << numeratorShift
  let bottom = denominator << denominatorShift
  // With both top bits set the quotient below has its top bit set as well: 64 bits, of which a double keeps 53.
  let halved = top >= bottom
  let (quotient, remainder) = bottom.dividingFullWidth(halved ? (top >> 1, top << 63) : (top, 0))
  var mantissa = quotient >> 11
  let dropped = quotient & 0x7FF
  if dropped > 0x400 || dropped == 0x400 && (remainder != 0 || mantissa & 1 == 1) { mantissa += 1 }
  // Between -143 and 11, so the power of two is a normal double and the product exact.
  let exponent = denominatorShift - numeratorShift - 53 + (halved ? 1 : 0) - halvings
  return Double(mantissa) * Double(bitPattern: UInt64(exponent + 1023) << 52)
}

/// 10⁰ … 10²², all exact.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19,
  1e20, 1e21, 1e22,
]

/// 5⁰ … 5²⁷.
private let powersOfFive: [UInt64] = [
  1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625,
  1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625,
  19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625,
  11_920_928_955_078_125, 59_604_644_775_390_625, 298_023_223_876_953_125, 1_490_116_119_384_765_625,
  7_450_580_596_923_828_125,
]
