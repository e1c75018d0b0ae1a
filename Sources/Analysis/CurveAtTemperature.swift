// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A fitted curve as it would be at another temperature: J multiplied, switching fields moved.
///
/// Which of the two ways fields move is not known from one loop; both bring J = 0 to the same field.
struct CurveAtTemperature {
  /// How the switching fields move.
  enum Movement: CaseIterable {
    /// All by the same A/m, as when one energy barrier changes; the distribution keeps its width.
    case shift
    /// All by the same factor; the distribution widens with its fields.
    case stretch
  }

  let curve: FittedCurve
  private var gain = 1.0
  private var shift = 0.0
  private var stretch = 1.0

  /// The curve at the temperature of the loop.
  init(_ curve: FittedCurve) { self.curve = curve }

  /// The same curve with Br and HcJ multiplied; nil where the curve does not cross J = 0 below `limit`, in A/m.
  func moved(
    remanenceRatio: Double, coercivityRatio: Double, _ movement: Movement, below limit: Double
  ) -> CurveAtTemperature? {
    guard let coercivity = coercivityHcJ(below: limit) else { return nil }
    let target = coercivity * coercivityRatio
    // The reversible part answers to the field as it is, so the steps must be read where J is zero at the new field.
    guard let place = root(in: 0...2 * limit, { unscaled(reversible: -target, switching: -$0) })
    else { return nil }
    var result = self
    switch movement {
    case .shift: result.shift = target - place
    case .stretch: result.stretch = target / place
    }
    result.gain = remanenceRatio * value(at: 0) / result.value(at: 0)
    return result.gain.isFinite && result.gain > 0 ? result : nil
  }

  /// A quantity of the curve, in SI; nil for one that is not read off it, or not found below `limit`, in A/m.
  func value(of characteristic: Characteristic, below limit: Double) -> Double? {
    let remanence = value(at: 0)
    func level(_ fraction: Double) -> Double? {
      root(in: 0...limit) { value(at: -$0) - fraction * remanence }
    }
    switch characteristic {
    case .remanence: return remanence
    case .coercivityHcJ: return coercivityHcJ(below: limit)
    case .coercivityHcB: return coercivityHcB(below: limit)
    case .energyProduct: return coercivityHcB(below: limit).map(energyProduct)
    case .kneeField: return level(0.90)
    case .kneeField95: return level(0.95)
    case .kneeField80: return level(0.80)
    case .squareness:
      guard let knee = level(0.90), let coercivity = coercivityHcJ(below: limit) else { return nil }
      return knee / coercivity
    default: return nil
    }
  }

  private func coercivityHcJ(below limit: Double) -> Double? { root(in: 0...limit) { value(at: -$0) } }

  private func coercivityHcB(below limit: Double) -> Double? {
    root(in: 0...limit) { value(at: -$0) - magneticConstant * $0 }
  }

  /// The maximum of −B·H: the best of a grid, then golden sections about it; the value is flat there.
  private func energyProduct(within coercivityHcB: Double) -> Double {
    func product(_ h: Double) -> Double { h * (value(at: -h) - magneticConstant * h) }
    let step = coercivityHcB / 200
    let best = (1..<200).max { product(Double($0) * step) < product(Double($1) * step) } ?? 1
    var (low, high) = (Double(best - 1) * step, Double(best + 1) * step)
    let golden = 0.5 * (5.0.squareRoot() - 1)
    for _ in 0..<40 {
      let (a, b) = (high - golden * (high - low), low + golden * (high - low))
      if product(a) < product(b) { low = a } else { high = b }
    }
    return product(0.5 * (low + high))
  }

  private func value(at field: Double) -> Double {
    gain * unscaled(reversible: field, switching: (field + shift) / stretch)
  }

  /// J with the reversible part and the steps read at fields of their own.
  private func unscaled(reversible field: Double, switching place: Double) -> Double {
    curve.steps.reduce(curve.saturation + curve.slope * field) { sum, step in
      sum - step.drop * step.fraction(at: (-place - step.field) / step.width)
    }
  }
}

extension FittedCurve.Step {
  /// The fraction that has switched at the reduced field.
  fileprivate func fraction(at x: Double) -> Double {
    switch shape {
    case "normal": normalProbability(below: x)
    case "extreme": -expm1(-exp(x))
    default: 1 / (1 + exp(-x))
    }
  }
}

/// The root of a function that is positive at the lower bound and falls; nil when it does not change its sign.
private func root(in range: ClosedRange<Double>, _ function: (Double) -> Double) -> Double? {
  var (low, high) = (range.lowerBound, range.upperBound)
  guard function(low) > 0, function(high) < 0 else { return nil }
  for _ in 0..<100 {
    let middle = 0.5 * (low + high)
    guard middle > low, middle < high else { break }
    if function(middle) > 0 { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}
