// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// The exact properties of a reference loop, solved from its formula; fields are positive magnitudes in A/m.
public struct ReferenceAnswers: Hashable, Sendable {
  /// Br, T.
  public let remanence: Double
  /// HcJ, A/m.
  public let coercivityHcJ: Double
  /// HcB, A/m.
  public let coercivityHcB: Double
  /// (BH)max, J/m³.
  public let energyProduct: Double
  /// H at (BH)max, negative, A/m.
  public let fieldAtEnergyProduct: Double
  /// The field where J = 0.90·Br, A/m.
  public let kneeField: Double
  /// The field where J = 0.95·Br, A/m.
  public let kneeField95: Double
  /// The field where J = 0.80·Br, A/m.
  public let kneeField80: Double
  /// The field where J is 2 % of Br below the reversible line through Br, A/m.
  public let irreversibleLoss2: Double
  /// The same for 5 %, A/m.
  public let irreversibleLoss5: Double
  /// The same for 10 %, A/m.
  public let irreversibleLoss10: Double
  /// dJ/dH at −HcJ, T·m/A.
  public let slopeAtHcJ: Double
  /// The distance of the fields where the switching part of J is +½ and −½ of its saturation, A/m; nil for
  /// curves that do not switch to a saturation.
  public let switchingWidth: Double?

  /// Hk/HcJ.
  public var squareness: Double { kneeField / coercivityHcJ }
}

extension ReferenceLoop {
  /// The exact properties, found by bisection of the formula to the last digits of a `Double`.
  public var answers: ReferenceAnswers {
    let remanence = polarisation(atAmperesPerMetre: 0)
    let hcJ = magnitude { polarisation(atAmperesPerMetre: $0) }
    let hcB = magnitude { polarisation(atAmperesPerMetre: $0) + magneticConstant * $0 }
    func level(_ fraction: Double) -> Double {
      magnitude { polarisation(atAmperesPerMetre: $0) - fraction * remanence }
    }
    func loss(_ fraction: Double) -> Double {
      irreversibleLossField(fraction, recoilPermeability: 1 + susceptibility)
    }
    let best = fieldOfEnergyProduct(within: hcB)
    return ReferenceAnswers(
      remanence: remanence, coercivityHcJ: hcJ, coercivityHcB: hcB,
      energyProduct: -best * (polarisation(atAmperesPerMetre: best) + magneticConstant * best),
      fieldAtEnergyProduct: best, kneeField: level(0.90), kneeField95: level(0.95),
      kneeField80: level(0.80), irreversibleLoss2: loss(0.02), irreversibleLoss5: loss(0.05),
      irreversibleLoss10: loss(0.10), slopeAtHcJ: slope(atAmperesPerMetre: -hcJ),
      switchingWidth: switchingWidth)
  }

  /// The field in A/m, positive, where J is a fraction of Br below the line of slope µ0(µrec − 1) through Br.
  ///
  /// `fraction` lies between 0 and 1; the fields of irreversible loss in `answers` take µrec = 1 + χ.
  public func irreversibleLossField(_ fraction: Double, recoilPermeability: Double) -> Double {
    let remanence = polarisation(atAmperesPerMetre: 0)
    let reversible = (recoilPermeability - 1) * magneticConstant
    return magnitude { polarisation(atAmperesPerMetre: $0) - (1 - fraction) * remanence - reversible * $0 }
  }

  private var switchingWidth: Double? {
    guard case .steps(let saturation, let steps) = form, !steps.isEmpty else { return nil }
    let reversible = susceptibility * magneticConstant
    func reached(_ level: Double) -> Double {
      magnitude { polarisation(atAmperesPerMetre: $0) - reversible * $0 - level * saturation }
    }
    return reached(-0.5) - reached(0.5)
  }

  /// The root of −(B + H·dB/dH) next to the best of a grid: a maximum itself is flat, its slope is not.
  private func fieldOfEnergyProduct(within hcB: Double) -> Double {
    func product(_ h: Double) -> Double {
      -h * (polarisation(atAmperesPerMetre: h) + magneticConstant * h)
    }
    let count = 2000
    let step = hcB / Double(count)
    var best = 1
    for i in 1..<count where product(-Double(i) * step) > product(-Double(best) * step) { best = i }
    let start = Double(best - 1) * step
    return -bisect(from: start, to: start + 2 * step) { h in
      polarisation(atAmperesPerMetre: -h) - magneticConstant * h
        - h * (slope(atAmperesPerMetre: -h) + magneticConstant)
    }
  }

  /// The magnitude of the second-quadrant field where a function that falls towards −H becomes negative.
  private func magnitude(_ function: (Double) -> Double) -> Double {
    bisect(from: 0, to: 1e7) { function(-$0) }
  }
}

/// The root of a function that is positive at `low` and negative at `high`, to the last digit.
func bisect(from low: Double, to high: Double, _ function: (Double) -> Double) -> Double {
  var low = low
  var high = high
  while true {
    let middle = 0.5 * (low + high)
    guard middle > low, middle < high else { return middle }
    if function(middle) >= 0 { low = middle } else { high = middle }
  }
}
