// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
public import Quantities

/// Loops of one specimen at two or three rates of the field, and what they say of an infinitely slow one.
///
/// Every quantity is extrapolated on its own. From two rates X0 = X1 − (X2 − X1)·r1/(r2 − r1), 2·X1 − X2 when one is
/// twice the other. At a fixed J that is the extrapolation of the field, which serves HcJ and Hk; Br at H = 0, and HcB
/// and (BH)max above the knee, are changed by eddy currents in proportion to the rate and by so little that
/// extrapolating them is extrapolating J at fixed field. From three rates of equal ratios Aitken's Δ² takes the place
/// of the line where the differences are far above their noise and grow like a power of the rate from ½ to 1.
///
/// Magnetic viscosity, which goes with the logarithm of the rate, is not eddy currents: it stays in the result, and
/// the rates are stated for it.
public struct RateExtrapolation: Sendable {
  private let analyses: [LoopAnalysis]
  private let rates: [Double]
  private let rateUnit: SIUnit

  /// Loops with their rates, slowest first: dH/dt at HcJ or the frequency of the pulse, all in `unit`.
  ///
  /// Throws unless there are two or three of each, with rates that rise from above zero.
  public init(_ analyses: [LoopAnalysis], rates: [Double], unit: SIUnit) throws(AnalysisError) {
    guard (2...3).contains(analyses.count), rates.count == analyses.count else {
      throw AnalysisError(
        .rates,
        "\(analyses.count) loops and \(rates.count) rates; an extrapolation needs two or three of each")
    }
    guard rates[0] > 0, rates.allSatisfy(\.isFinite), zip(rates, rates.dropFirst()).allSatisfy(<) else {
      throw AnalysisError(.rates, "rates of \(rates) \(unit.rawValue) do not rise from above zero")
    }
    self.analyses = analyses
    self.rates = rates
    rateUnit = unit
  }

  /// The analysis of the slowest loop with its properties extrapolated to rest.
  ///
  /// Lines of the instrument, of Type B and one id in all loops, are one error and are added with their signs; what
  /// each loop tells of itself is combined in quadrature. The line `eddy-extrapolation` is half of the extrapolated
  /// amount. Curves, diagnostics and conditions stay those of the slowest loop. A property that one of the loops lacks
  /// is absent for the reason that holds there.
  public func analysis() -> LoopAnalysis {
    var result = analyses[0]
    var amounts: [AppliedCorrection.Parameter] = []
    let given = Dictionary(
      uniqueKeysWithValues: result.estimates.map { ($0.characteristic, $0.value) })
    result.properties = properties()
    for estimate in result.estimates {
      guard let value = given[estimate.characteristic] else { continue }
      amounts.append(
        .init(estimate.characteristic.rawValue, estimate.value - value, estimate.characteristic.unit))
    }
    let present = Set(result.estimates.map(\.characteristic))
    result.absences = Characteristic.allCases.filter { !present.contains($0) }.compactMap { characteristic in
      let told = analyses.compactMap { $0.absences.first { $0.characteristic == characteristic } }.first
      // What all loops have and the extrapolation lost has no positive value at rest.
      return told ?? (given[characteristic] == nil ? nil : Absence(characteristic, .rateDependent))
    }
    for flag in analyses.dropFirst().flatMap(\.flags)
    where !result.flags.contains(where: { $0.code == flag.code }) {
      result.flags.append(flag)
    }
    if let flag = rateDependence { result.flags.append(flag) }
    result.corrections.append(
      AppliedCorrection(
        id: WaveformSetup.Step.eddyCurrents.rawValue,
        parameters: rates.enumerated().map { .init("rate-\($0 + 1)", $1, rateUnit) } + amounts))
    return result
  }

  private var rateDependence: Flag? {
    let coercivities = analyses.compactMap(\.properties.coercivityHcJ?.value.si)
    guard coercivities.count == analyses.count else { return nil }
    let change = (coercivities[1] / coercivities[0] - 1) * 100
    guard abs(change) > 1 else { return nil }
    return Flag(
      .rateDependent,
      "HcJ changes by \((change * 100).rounded() / 100) % from the slowest rate to the next, \(rates[0]) to "
        + "\(rates[1]) \(rateUnit.rawValue); the extrapolation to rest is uncertain by half of itself")
  }

  private func properties() -> MagnetProperties {
    var result = MagnetProperties()
    result.remanence = extrapolated(\.remanence)
    result.coercivityHcB = extrapolated(\.coercivityHcB)
    result.coercivityHcJ = extrapolated(\.coercivityHcJ)
    result.energyProduct = extrapolated(\.energyProduct)
    result.kneeField = extrapolated(\.kneeField)
    result.kneeField95 = extrapolated(\.kneeField95)
    result.kneeField80 = extrapolated(\.kneeField80)
    result.irreversibleLoss2 = extrapolated(\.irreversibleLoss2)
    result.irreversibleLoss5 = extrapolated(\.irreversibleLoss5)
    result.irreversibleLoss10 = extrapolated(\.irreversibleLoss10)
    result.squareness = extrapolated(\.squareness)
    result.recoilPermeability = extrapolated(\.recoilPermeability)
    result.switchingFieldWidth = extrapolated(\.switchingFieldWidth)
    result.maximumPolarisation = extrapolated(\.maximumPolarisation)
    result.remanentMoment = extrapolated(\.remanentMoment)
    return result
  }

  private func extrapolated<Kind>(_ path: KeyPath<MagnetProperties, Estimate<Kind>?>) -> Estimate<Kind>? {
    let estimates = analyses.compactMap { $0.properties[keyPath: path] }
    guard estimates.count == analyses.count else { return nil }
    let values = estimates.map(\.value.si)
    let budgets = estimates.map(\.budget)
    let line = lineCoefficients
    let linear = zip(line, values).reduce(0) { $0 + $1.0 * $1.1 }
    let share = aitkenShare(values, budgets)
    let coefficients = share.map { [(1 + $0) * (1 + $0), -2 * $0 * (1 + $0), $0 * $0] } ?? line
    let value = share.map { values[0] - $0 * (values[1] - values[0]) } ?? linear
    let lines =
      combined(budgets, coefficients) + [
        BudgetLine(
          id: "eddy-extrapolation", evaluation: .typeB, title: "half of the extrapolation to a field at rest",
          contribution: abs(value - values[0]) / 2)
      ]
    guard value.isFinite, value > 0, combinedStandardUncertainty(lines).isFinite else { return nil }
    let method = estimates[0].method
    return Estimate(
      value: Quantity(si: value), budget: lines,
      method: method + (share == nil ? "/two-rates" : "/three-rates"),
      alternative: share.map { _ in AlternativeValue(value: linear, method: method + "/two-rates") })
  }

  /// The coefficients of the line through the two slowest rates, at rest.
  private var lineCoefficients: [Double] {
    let share = rates[0] / (rates[1] - rates[0])
    return Array([1 + share, -share, 0][..<rates.count])
  }

  /// s of X0 = X1 − s·(X2 − X1), 1/(q − 1) with q the ratio of the two differences; nil where the line is to serve.
  private func aitkenShare(_ values: [Double], _ budgets: [[BudgetLine]]) -> Double? {
    guard values.count == 3 else { return nil }
    let (first, second) = (values[1] - values[0], values[2] - values[1])
    let step = rates[1] / rates[0]
    // A percent of the ratio is what instruments keep to; the differences then grow by step to the power.
    guard abs(rates[2] / rates[1] / step - 1) < 0.01, first != 0 else { return nil }
    let ratio = second / first
    let noise = [[-1.0, 1, 0], [0, -1, 1]].map { combinedStandardUncertainty(combined(budgets, $0)) }
    guard abs(first) > 3 * noise[0], abs(second) > 3 * noise[1] else { return nil }
    return ratio >= step.squareRoot() && ratio <= step ? 1 / (ratio - 1) : nil
  }

  private func combined(_ budgets: [[BudgetLine]], _ coefficients: [Double]) -> [BudgetLine] {
    combinedBudget(budgets, coefficients: coefficients) { line in
      line.evaluation == .typeB && !Self.ofOneLoop.contains(line.id)
    }
  }

  /// Type B lines that every loop has of its own.
  private static let ofOneLoop: Set<String> = [
    "estimator", "misfit", "branches", "sampling", "extrapolation", "recoil-form", "pickup-delay",
    "empty-shot", "compensation-residue",
  ]
}
