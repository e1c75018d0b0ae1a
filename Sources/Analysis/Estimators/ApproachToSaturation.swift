// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities
internal import Signal

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The approach to saturation with a fixed exponent: J(H) = Js + χ·µ0·H + a·H^β, by least squares.
///
/// One loop does not tell the exponent. With a free one Js is lost in noise, with a straight line it is several
/// percent too low.
public struct ApproachToSaturation: Hashable, Sendable {
  /// β.
  public let exponent: Double
  /// Js.
  public let saturation: Quantity<Polarisation>
  /// χ, relative to µ0.
  public let susceptibility: Double
  /// The standard deviation of the samples about the fit, in T.
  public let scatter: Double
  /// The standard deviation of Js per that of a sample, under white noise.
  public let noiseGain: Double
  /// The degrees of freedom of `scatter`.
  public let degreesOfFreedom: Double

  /// The exponent of a homogeneous anisotropic magnet, in which the moments turn into the field.
  public static let conventionalExponent = -2.0

  /// Fits samples of positive field and polarisation; nil when they do not determine the three unknowns.
  public init?(field: Series<InternalField>, polarisation: Series<Polarisation>, exponent: Double) {
    let top = field.si.max() ?? 0
    guard field.count == polarisation.count, field.count > 3, top > 0, field.si.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    var equations = NormalEquations(order: 3)
    for (h, j) in zip(field.si, polarisation.si) { equations.add([1, h / top, pow(h / top, exponent)], j) }
    guard let solution = equations.solution() else { return nil }
    self.exponent = exponent
    saturation = Quantity(si: solution.values[0])
    susceptibility = solution.values[1] / (top * magneticConstant)
    degreesOfFreedom = Double(field.count - 3)
    let squares = zip(field.si, polarisation.si).reduce(0.0) { sum, sample in
      let x = sample.0 / top
      let fit = solution.values[0] + solution.values[1] * x + solution.values[2] * pow(x, exponent)
      return sum + (sample.1 - fit) * (sample.1 - fit)
    }
    scatter = (squares / degreesOfFreedom).squareRoot()
    noiseGain = solution.inverse[0].squareRoot()
  }

  /// Js with β = −2; what β = −1 would give instead is carried as uncertainty.
  ///
  /// The exponent may lie anywhere between, so the difference is the half-width of a rectangular distribution. nil
  /// when the samples do not determine the fits.
  public static func estimate(
    field: Series<InternalField>, polarisation: Series<Polarisation>
  ) -> Estimate<Polarisation>? {
    guard
      let fit = ApproachToSaturation(
        field: field, polarisation: polarisation, exponent: conventionalExponent),
      let other = ApproachToSaturation(field: field, polarisation: polarisation, exponent: -1)
    else { return nil }
    let spread = other.saturation.si - fit.saturation.si
    return Estimate(
      value: fit.saturation,
      budget: [
        BudgetLine(
          id: "noise", evaluation: .typeA, title: "scatter about the approach to saturation, taken as white",
          contribution: fit.scatter * fit.noiseGain, degreesOfFreedom: fit.degreesOfFreedom),
        BudgetLine(
          id: "approach-exponent", evaluation: .typeB, title: "exponent of the approach, −2 to −1",
          contribution: spread / 3.0.squareRoot()),
      ], method: "approach-to-saturation")
  }
}

/// The saturated ends of a loop, to which the approach to saturation is fitted.
struct SaturatedEnds {
  let branches: [Branch]
  let shear: Shear
  /// HcJ, A/m.
  let coercivity: Double?
  let budget: TypeBBudget

  /// Js, or one sentence why there is none.
  ///
  /// From the samples whose field is at least 0.7 of the largest, of both ends of both branches with their signs
  /// taken off: every way in and out of saturation. Asked for are a largest field of 2·HcJ, below which switching
  /// reaches into the range, and 20 samples.
  func estimate() -> Result<Estimate<Polarisation>, SaturationRefusal> {
    guard let coercivity else { return .failure(.init("HcJ is not known")) }
    var samples = branches.flatMap { branch in
      zip(branch.field, branch.response).map { (field: shear.internalField($0, $1), response: $1) }
    }
    let top = samples.reduce(0) { max($0, abs($1.field)) }
    guard top >= 2 * coercivity else {
      return .failure(
        .init(
          "the largest field of \((top / 1000).rounded()) kA/m is below twice HcJ, "
            + "\((2 * coercivity / 1000).rounded()) kA/m"))
    }
    samples.removeAll { abs($0.field) < 0.7 * top || $0.field * $0.response <= 0 }
    guard samples.count >= 20 else {
      return .failure(
        .init("only \(samples.count) samples lie above 0.7 of the largest field; 20 are needed"))
    }
    guard
      let own = ApproachToSaturation.estimate(
        field: Series(si: samples.map { abs($0.field) }),
        polarisation: Series(si: samples.map { abs($0.response) })),
      own.value.si > 0, own.standardUncertainty.isFinite
    else { return .failure(.init("the samples do not determine it")) }
    return .success(
      Estimate(value: own.value, budget: own.budget + gains(own.value.si), method: own.method))
  }

  /// What of a Type B budget scales J; field errors are taken up by the slope.
  private func gains(_ saturation: Double) -> [BudgetLine] {
    budget.lines.compactMap { line in
      let perUnit: Double =
        switch line.input {
        case .polarisationGain: saturation
        case .temperature(let alpha, _): alpha * saturation
        case .responseProfiles(let profiles): quadratureSum(profiles.map { $0.value(at: .infinity) })
        case .fieldGain, .demagnetisingFactor, .susceptibility, .polarisationOffset, .fieldOffset, .loopLevel,
          .fieldProfiles:
          0
        }
      guard perUnit != 0 else { return nil }
      return BudgetLine(
        id: line.id, evaluation: .typeB, title: line.title, contribution: perUnit * line.standardUncertainty,
        degreesOfFreedom: line.degreesOfFreedom)
    }
  }
}

/// Why no approach to saturation is fitted.
struct SaturationRefusal: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}
