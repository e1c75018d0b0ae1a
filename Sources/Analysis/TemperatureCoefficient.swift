// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The relative change of a quantity with temperature between two temperatures: α of Br, β of HcJ.
///
/// A secant, [X₂ − X₁]/[X₁·(T₂ − T₁)], negative when X falls; it holds for its two temperatures and not as a slope
/// between or beyond them.
public struct TemperatureCoefficient: Hashable, Sendable {
  /// The coefficient, in 1/K.
  public let perKelvin: Double
  /// T₁, to which X₁ in the denominator belongs.
  public let reference: Quantity<Temperature>
  /// T₂; nil for a coefficient that was stated without its range.
  public let other: Quantity<Temperature>?
  /// The independent components of its uncertainty, in 1/K.
  public let budget: [BudgetLine]

  /// A known coefficient and the temperatures that it belongs to; the uncertainty in 1/K.
  public init(
    perKelvin: Double, standardUncertainty: Double, degreesOfFreedom: Double? = nil,
    reference: Quantity<Temperature>, other: Quantity<Temperature>? = nil
  ) {
    self.perKelvin = perKelvin
    self.reference = reference
    self.other = other
    budget = [
      BudgetLine(
        id: "coefficient", evaluation: .typeB, title: "temperature coefficient",
        contribution: standardUncertainty, degreesOfFreedom: degreesOfFreedom)
    ]
  }

  /// The coefficient of a quantity measured at two temperatures; nil when they are equal or X₁ is zero.
  ///
  /// Lines that are `shared`, such as the gain of one instrument, are one unknown in both estimates: equal relative
  /// errors cancel. All others are independent. `temperatureLines` are the lines of the two budgets that stand for the
  /// temperature; their standard uncertainties are in K and independent at the two temperatures, since how far the
  /// specimen's temperature is from the sensor's differs at each. Their effect is that of the measured coefficient,
  /// −X₂/X₁·c/(T₂ − T₁) at T₁ and c/(T₂ − T₁) at T₂, in place of what the budgets assume (JCGM 100:2008,
  /// equation 13).
  public init?(
    _ first: CharacteristicEstimate, at reference: Quantity<Temperature>, _ second: CharacteristicEstimate,
    at temperature: Quantity<Temperature>, temperatureLines: (TemperatureLines, TemperatureLines),
    shared: (BudgetLine) -> Bool
  ) {
    let difference = temperature.si - reference.si
    let ratio = second.value / first.value
    guard difference != 0, ratio.isFinite else { return nil }
    perKelvin = (ratio - 1) / difference
    self.reference = reference
    other = temperature
    let slope = perKelvin * first.value
    let budgets = [
      temperatureLines.0.replaced(in: first.budget) { slope * $0 },
      temperatureLines.1.replaced(in: second.budget) { slope * $0 },
    ]
    let perValue = 1 / (first.value * difference)
    budget = combinedBudget(budgets, coefficients: [-ratio * perValue, perValue], shared: shared)
  }

  /// The combined standard uncertainty, in 1/K.
  public var standardUncertainty: Double { combinedStandardUncertainty(budget) }

  /// The effective degrees of freedom; nil when infinite.
  public var degreesOfFreedom: Double? { effectiveDegreesOfFreedom(budget) }

  /// X at one temperature over X at another, on the straight line through T₁ and T₂: [1 + c·(T − T₁)] at each.
  ///
  /// `change` is an error of the coefficient, in 1/K. nil where a factor is not positive, far outside any range in
  /// which a secant means something.
  public func ratio(
    of target: Quantity<Temperature>, to measured: Quantity<Temperature>, change: Double = 0
  ) -> Double? {
    func factor(_ temperature: Quantity<Temperature>) -> Double {
      1 + (perKelvin + change) * (temperature.si - reference.si)
    }
    let (above, below) = (factor(target), factor(measured))
    return above > 0 && below > 0 ? above / below : nil
  }

  /// How far a temperature lies outside the range of the coefficient, in K; 0 inside and without a range.
  public func excess(of temperature: Quantity<Temperature>) -> Double {
    guard let other else { return 0 }
    let (low, high) = (min(reference, other), max(reference, other))
    return max(0, low.si - temperature.si, temperature.si - high.si)
  }
}

/// The lines of a budget that stand for the specimen's temperature.
public struct TemperatureLines: Hashable, Sendable {
  /// The lines; their standard uncertainties in K.
  public let lines: [TypeBBudget.Line]

  /// No line at all: the temperature counts as exact.
  public init() { lines = [] }

  /// The lines of a budget.
  public init(of budget: TypeBBudget) {
    lines = budget.lines.filter { if case .temperature = $0.input { true } else { false } }
  }

  /// A budget whose lines of these ids are replaced by `contribution` of each standard uncertainty in K.
  func replaced(in budget: [BudgetLine], contribution: (Double) -> Double) -> [BudgetLine] {
    let ids = Set(lines.map(\.id))
    return budget.filter { !ids.contains($0.id) }
      + lines.map {
        BudgetLine(
          id: $0.id, evaluation: $0.evaluation, title: $0.title,
          contribution: contribution($0.standardUncertainty), degreesOfFreedom: $0.degreesOfFreedom)
      }
  }
}
