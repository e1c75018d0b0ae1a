// SPDX-License-Identifier: GPL-3.0-or-later

/// Where a rising continuous function passes zero, to the last digits of the argument.
///
/// The interval is widened to both sides, by its double each time, until it holds the root; where the function does
/// not pass zero within 2⁶⁰ widths, the nearer end. Brent's method (Algorithms for Minimization without Derivatives,
/// 1973, chapter 4): quadratic steps inside a bracket that always closes.
public func monotoneRoot(from low: Double, to high: Double, _ function: (Double) -> Double) -> Double {
  precondition(low < high, "a root between \(low) and \(high)")
  var (a, b) = (low, high)
  var (atA, atB) = (function(a), function(b))
  for _ in 0..<60 {
    guard atA > 0 || atB < 0 else { break }
    let width = 2 * (b - a)
    if atA > 0 {
      a -= width
      atA = function(a)
    } else {
      b += width
      atB = function(b)
    }
  }
  guard atA < 0 else { return a }
  guard atB > 0 else { return b }
  var (c, atC) = (a, atA)
  var (step, before) = (b - a, b - a)
  for _ in 0..<200 where atB != 0 {
    if (atB > 0) == (atC > 0) {
      (c, atC) = (a, atA)
      (step, before) = (b - a, b - a)
    }
    if abs(atC) < abs(atB) { (a, b, c, atA, atB, atC) = (b, c, b, atB, atC, atB) }
    let tolerance = 2 * b.ulp
    let half = 0.5 * (c - b)
    guard abs(half) > tolerance else { break }
    if abs(before) >= tolerance, abs(atA) > abs(atB), let guess = interpolatedStep(a, b, c, atA, atB, atC),
      2 * abs(guess) < min(3 * abs(half) - tolerance, abs(before)), guess * half > 0
    {
      (before, step) = (step, guess)
    } else {
      (before, step) = (half, half)
    }
    (a, atA) = (b, atB)
    b += abs(step) > tolerance ? step : (half > 0 ? tolerance : -tolerance)
    atB = function(b)
  }
  return b
}

/// The step from b to the root of the inverse parabola through three points, or of the straight line through two.
private func interpolatedStep(
  _ a: Double, _ b: Double, _ c: Double, _ atA: Double, _ atB: Double, _ atC: Double
) -> Double? {
  let s = atB / atA
  let step: Double
  if a == c {
    step = (b - c) * s / (1 - s)
  } else {
    let q = atA / atC
    let r = atB / atC
    step = s * ((c - b) * q * (q - r) - (b - a) * (r - 1)) / -((q - 1) * (r - 1) * (s - 1))
  }
  return step.isFinite ? step : nil
}
