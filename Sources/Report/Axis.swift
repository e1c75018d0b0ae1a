// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// One axis of a diagram: the values at its ends and the numbers along it.
struct Axis: Hashable, Sendable {
  /// The value at the left or lower end.
  let low: Double
  /// The value at the right or upper end.
  let high: Double
  /// The values that have a line and a number, with their numbers.
  let ticks: [Tick]
  /// The values that have a line only.
  let minorTicks: [Double]
  private let isLogarithmic: Bool

  struct Tick: Hashable, Sendable {
    let value: Double
    let label: String
  }

  /// An axis of about `count` even steps that holds two values; one from 0 to 1 where they are no range.
  ///
  /// It ends at numbers unless told to end at the two values.
  init(from lowest: Double, to highest: Double, count: Int, endsAtNumbers: Bool = true) {
    let steps = AxisTicks(to: highest - lowest, count: count)
    // Less than 1e9 steps from zero, so that they can be counted and told apart.
    let isRange = highest > lowest && max(abs(lowest), abs(highest)) < 1e9 * steps.step
    let first = isRange ? (lowest / steps.step * (1 - 1e-9)).rounded(.down) : 0
    let last = isRange ? max((highest / steps.step * (1 - 1e-9)).rounded(.up), first + 1) : 1
    let isTight = isRange && !endsAtNumbers
    let (low, high) = isTight ? (lowest, highest) : (first * steps.step, last * steps.step)
    ticks = (Int(first)...Int(last)).map { index in
      let value = Double(index) * steps.step
      return Tick(value: value, label: steps.label(value))
    }.filter { !isTight || (low...high).contains($0.value) }
    (self.low, self.high) = (low, high)
    (minorTicks, isLogarithmic) = ([], false)
  }

  /// An axis of even ratios that holds two positive values; one from 1 to 10 where they are no range.
  ///
  /// Its ends are 1, 2 or 5 times a power of ten. Powers of ten have numbers, and over less than three decades
  /// their double and fivefold, too.
  init(ratiosFrom lowest: Double, to highest: Double) {
    let isRange = lowest > 1e-200 && highest > lowest && highest < 1e200
    let (least, most) = isRange ? (lowest, highest) : (1, 10)
    let decades = Int(log10(least).rounded(.down))...Int(log10(most).rounded(.up))
    let steps = decades.flatMap { exponent in
      [1.0, 2, 5].map { (value: $0 * pow(10, Double(exponent)), factor: Int($0), exponent: exponent) }
    }
    let first = steps.lastIndex { $0.value <= least * (1 + 1e-9) } ?? 0
    let last = steps.firstIndex { $0.value >= most * (1 - 1e-9) } ?? steps.count - 1
    let shown = steps[first...max(last, first)]
    let isShort = most / least < 1000
    // More than about eight numbers would run into each other.
    let every = max(1, (decades.count + 7) / 8)
    let isPlain = shown.allSatisfy { (-4...3).contains($0.exponent) }
    ticks = shown.filter { isShort || ($0.factor == 1 && $0.exponent.isMultiple(of: every)) }
      .map { step in
        Tick(
          value: step.value,
          label: isPlain ? shortText(step.value) : Self.powerLabel(step.factor, step.exponent))
      }
    low = steps[first].value
    high = steps[max(last, first)].value
    minorTicks = decades.count > 12 ? [] : Self.multiples(decades, within: low...high)
    isLogarithmic = true
  }

  /// The single multiples of powers of ten.
  private static func multiples(_ decades: ClosedRange<Int>, within range: ClosedRange<Double>) -> [Double] {
    decades.flatMap { exponent in (2...9).map { Double($0) * pow(10, Double(exponent)) } }
      .filter(range.contains)
  }

  private static func powerLabel(_ factor: Int, _ exponent: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let raised = String(exponent.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } }
    return (factor == 1 ? "" : "\(factor)·") + "10" + (exponent < 0 ? "⁻" : "") + String(raised)
  }

  /// The place of a value, 0 at the low end and 1 at the high one; what lies far outside is moved near to the axis.
  func fraction(_ value: Double) -> Double {
    let share =
      isLogarithmic
      ? (log(value) - log(low)) / (log(high) - log(low)) : (value - low) / (high - low)
    // What is no number, as the logarithm of a negative one, is below.
    return share.isNaN ? -2 : max(-2, min(3, share))
  }
}
