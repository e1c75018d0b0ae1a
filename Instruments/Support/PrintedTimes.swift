// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// The times of a record as a file prints them: rounded to a number of decimals or of digits.
struct PrintedTimes {
  /// The numbers, in the file's unit.
  let values: [Double]
  /// The unit of the numbers.
  let unit: UnitOfMeasure
  /// The line of each number.
  let lines: [Int]
  /// The name of the column.
  let column: String

  /// The largest departure of a step from the others that passes for jitter of the clock.
  private static let jitter = 0.05

  /// The equally spaced times that the numbers stand for; throws `malformed` at the first step that is of another
  /// size by more than 5 % and more than the rounding of the printed numbers.
  ///
  /// The interval is the slope of the straight line through all times by least squares, taken to the fewest digits
  /// that fit the times as well; the start is the first time. Takes at least two times, all finite.
  func timeBase() throws(ReadError) -> TimeBase {
    let count = values.count
    guard let first = values.first, let last = values.last, count > 1 else {
      throw ReadError(.truncated, "one time does not make a record", column: column)
    }
    let step = (last - first) / Double(count - 1)
    guard step > 0, step.isFinite else {
      throw ReadError(.malformed, "the times do not rise", line: lines[count - 1], column: column)
    }
    let rounding = Rounding(values)
    for index in 1..<count where !isUsual(index, step, rounding) { throw unequalSteps(rounding) }
    let start = unit.si(first)
    let interval = interval(from: unit.si(step))
    guard start.isFinite, interval.isFinite, interval > 0 else {
      throw ReadError(
        .malformed, "the numbers are too large or too small to be times", line: lines[0], column: column)
    }
    return TimeBase(start: Quantity(si: start), interval: Quantity(si: interval))
  }

  /// Whether the step before a time is as long as the others.
  private func isUsual(_ index: Int, _ step: Double, _ rounding: Rounding) -> Bool {
    let departure = abs(values[index] - values[index - 1] - step)
    if departure <= Self.jitter * step { return true }
    let slack = (rounding.size(values[index]) + rounding.size(values[index - 1])) / 2
    // Rounded further than this, a missing sample would pass unseen.
    return slack < 0.4 * step && departure <= Self.jitter * step + slack
  }

  /// The first step that is not of the usual size, which is the median because a gap spoils the mean.
  private func unequalSteps(_ rounding: Rounding) -> ReadError {
    let steps = zip(values.dropFirst(), values).map { $0 - $1 }
    let usual = steps.sorted()[steps.count / 2]
    let place = steps.indices.first { !isUsual($0 + 1, usual, rounding) } ?? 0
    return ReadError(
      .malformed,
      "the time goes on by \(steps[place]) \(unit.symbol) here and by \(usual) \(unit.symbol) usually; a record "
        + "needs equal steps, printed with the digits that show it", line: lines[place + 1], column: column)
  }

  /// The interval in s, from the mean step.
  private func interval(from step: Double) -> Double {
    let start = unit.si(values[0])
    let centre = Double(values.count - 1) / 2
    // Departures from the line through the ends are small, so their sums lose nothing.
    let departures = values.enumerated().map { unit.si($1) - start - Double($0) * step }
    let mean = departures.reduce(0, +) / Double(values.count)
    var (slope, weight) = (0.0, 0.0)
    for (index, departure) in departures.enumerated() {
      let offset = Double(index) - centre
      slope += offset * (departure - mean)
      weight += offset * offset
    }
    slope /= weight
    var worst = 0.0
    for (index, departure) in departures.enumerated() {
      worst = max(worst, abs(departure - mean - slope * (Double(index) - centre)))
    }
    let interval = step + slope
    // A change by this much moves the ends of the line by no more than the times miss it already.
    return shortestDecimal(near: interval, within: max(worst / centre, 2 * interval.ulp))
  }

  /// The number of fewest decimal digits in reach; `value` is above zero.
  private func shortestDecimal(near value: Double, within reach: Double) -> Double {
    guard value.isNormal else { return value }
    let place = Decimals("\(value)").leadingPlace
    for digits in 1...17 {
      // Digits and a power of ten, which the parser turns into the nearest double.
      let power = place - digits + 1
      let scaled = power < 0 ? value * powerOfTen(-power) : value / powerOfTen(power)
      guard scaled.isFinite, scaled < 1e18, let candidate = Double("\(Int64(scaled.rounded()))e\(power)")
      else {
        return value
      }
      if abs(candidate - value) <= reach { return candidate }
    }
    return value
  }
}

/// How far printed numbers may be from what they stand for.
private struct Rounding {
  /// Decimals behind the point, where all numbers have as many.
  private let decimals: Int
  /// Significant digits, where all numbers have as many.
  private let digits: Int

  /// Looks at the digits of some numbers; a fixed number of decimals and a fixed number of digits both show.
  init(_ values: [Double]) {
    // Next to each other, because at a regular distance all may end in the same digit.
    let texts = (values.prefix(256) + values.suffix(256)).filter { $0 != 0 }.map { Decimals("\($0)") }
    decimals = texts.map(\.places).max() ?? 0
    digits = texts.map(\.digits).max() ?? 1
  }

  /// The unit of the last printed digit, or of a number in single precision, as many recorders compute.
  func size(_ value: Double) -> Double {
    let place = max(-decimals, value == 0 ? -decimals : Decimals("\(value)").leadingPlace - digits + 1)
    return max(powerOfTen(place), abs(value) * 0x1p-24)
  }
}

private func powerOfTen(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }

/// What a number's shortest decimal text says of its digits.
private struct Decimals {
  /// Significant digits.
  let digits: Int
  /// Decimals behind the point, below zero for a number that ends in zeros.
  let places: Int
  /// The power of ten of the first digit.
  let leadingPlace: Int

  init(_ text: String) {
    let parts = text.split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    var mantissa = (parts.first ?? "").drop { $0 == "-" }
    if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = halves.first?.drop { $0 == "0" } ?? ""
    let fraction = halves.count > 1 ? halves[1] : ""
    let leadingZeros = whole.isEmpty ? fraction.prefix { $0 == "0" }.count : 0
    digits = max(1, whole.count + fraction.count - leadingZeros)
    places = fraction.count - exponent
    leadingPlace = exponent + (whole.isEmpty ? -leadingZeros - 1 : whole.count - 1)
  }
}
