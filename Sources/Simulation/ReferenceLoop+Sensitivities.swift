// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

extension ReferenceLoop {
  /// Which parameters someone who fits the loop with its own formula would have to find.
  public enum Family: Hashable, Sendable {
    /// J0, χ, all fractions but one, and the field and width of every part: the drops add up to 2·J0.
    case balanced
    /// Offset, χ, and the drop, field and width of every part, as published fits of hyperbolic tangents have it.
    case free
  }

  /// The family that the loop is counted to: `free` for a single hyperbolic tangent, else `balanced`.
  public var family: Family {
    guard case .steps(_, let steps) = form, steps.count == 1, steps[0].switching == .logistic else {
      return .balanced
    }
    return .free
  }

  /// The derivatives of J at a field in A/m with respect to the parameters of the loop's family, on the descending
  /// branch.
  ///
  /// The order is that of the family's description, a parameter's scale arbitrary: fractions are counted so that
  /// what one part gains the last one loses. Traps for a loop that is not a sum of switching parts.
  public func sensitivities(atAmperesPerMetre h: Double) -> [Double] {
    guard case .steps(let saturation, let steps) = form, !steps.isEmpty else {
      preconditionFailure("loop \(name) is not a sum of switching parts")
    }
    let reduced = steps.map { (-h - $0.field) / $0.width }
    let fractions = zip(steps, reduced).map { $0.switching.fraction(at: $1) }
    var result: [Double]
    switch family {
    case .balanced:
      let level = zip(steps, fractions).reduce(1) { $0 - $1.0.drop / saturation * $1.1 }
      let last = fractions[fractions.count - 1]
      result = [level, magneticConstant * h] + fractions.dropLast().map { last - $0 }
    case .free: result = [1, magneticConstant * h] + fractions.map { -$0 }
    }
    for (step, x) in zip(steps, reduced) {
      let byField = step.drop / step.width * step.switching.density(at: x)
      result += [byField, byField * x]
    }
    return result
  }
}
