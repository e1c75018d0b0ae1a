// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
public import Quantities

/// The reduction of what one loop gives to another temperature, by coefficients that someone stated or measured.
///
/// A quantity with a coefficient of its own follows X(T₀) = X(T)·[1 + c·(T₀ − T₁)]/[1 + c·(T − T₁)], which is
/// X(T)/[1 + c·(T − T₀)] where c refers to T₀. Others are read off the fitted curve, once as it is and once with
/// J multiplied and switching fields moved so that Br and HcJ come out as their coefficients say; the quantity as
/// measured is multiplied by what became of it. The budget then has a line for the width of the switching: from 60 K
/// above, with −0.6 %/K, Hk of a sintered magnet differs by 3 % between widths that stay and widths that follow HcJ,
/// (BH)max not at all; of a wide distribution like a bonded magnet's by 50 % and 6 %.
public struct TemperatureReduction: Hashable, Sendable {
  /// How far beyond its range, in K, a measured coefficient may serve.
  ///
  /// Half the width of (23 ± 5) °C, so that a series measured from room temperature reaches 20 °C; a secant says
  /// nothing of the curve beyond.
  public static let tolerance = 5.0

  /// What can be reduced.
  static let characteristics: [Characteristic] = [
    .remanence, .coercivityHcB, .coercivityHcJ, .energyProduct, .kneeField, .kneeField95, .kneeField80,
    .squareness,
  ]

  /// The temperature that values are reduced to.
  public let target: Quantity<Temperature>
  /// The coefficients of each quantity, each for its range.
  public let coefficients: [Characteristic: [TemperatureCoefficient]]

  /// A reduction to a temperature.
  public init(
    to target: Quantity<Temperature>, coefficients: [Characteristic: [TemperatureCoefficient]]
  ) {
    self.target = target
    self.coefficients = coefficients
  }

  /// The coefficient whose other end is nearest to the loop's temperature, among those that reach both temperatures.
  func coefficient(
    of characteristic: Characteristic, at measured: Quantity<Temperature>
  ) -> TemperatureCoefficient? {
    func distance(_ coefficient: TemperatureCoefficient) -> Double {
      abs((coefficient.other ?? measured).si - measured.si)
    }
    return coefficients[characteristic]?
      // Temperatures in K differ from those in °C by rounding.
      .filter { max($0.excess(of: target), $0.excess(of: measured)) <= Self.tolerance + 1e-6 }
      .min { distance($0) < distance($1) }
  }
}

/// Quantities at a reference temperature, beside those that were measured.
public struct ReducedQuantities: Hashable, Sendable {
  /// The reference temperature.
  public let temperature: Quantity<Temperature>
  /// The estimates, expanded like those of the loop.
  public let estimates: [CharacteristicEstimate]
  /// What could not be reduced.
  public let absences: [Absence]

  /// Reduced quantities from their parts.
  public init(
    temperature: Quantity<Temperature>, estimates: [CharacteristicEstimate], absences: [Absence]
  ) {
    self.temperature = temperature
    self.estimates = estimates
    self.absences = absences
  }
}

extension LoopAnalysis {
  /// Adds the quantities at another temperature, with the correction that made them and what a reader must know.
  ///
  /// `budget` is the one that the loop was analysed with: its temperature lines say how well the temperature is known.
  public mutating func reduce(by reduction: TemperatureReduction, budget: TypeBBudget) {
    func warn(_ message: String) { flags.append(Flag(.temperatureReduction, message)) }
    let target = reduction.target
    guard let measured = conditions.temperature?.value else {
      warn(
        "nothing was reduced to \(target.celsius): the loop's temperature is not known; state --temperature")
      reduced = ReducedQuantities(
        temperature: target, estimates: [],
        absences: TemperatureReduction.characteristics.map { Absence($0, .temperatureReduction) })
      return
    }
    let used = TemperatureReduction.characteristics.reduce(into: [Characteristic: TemperatureCoefficient]()) {
      $0[$1] = reduction.coefficient(of: $1, at: measured)
    }
    let refused = TemperatureReduction.characteristics.filter {
      used[$0] == nil && reduction.coefficients[$0] != nil
    }
    if !refused.isEmpty {
      warn(
        "no coefficient of \(refused.map(\.rawValue).joined(separator: ", ")) reaches from \(measured.celsius) to "
          + "\(target.celsius); each holds between the temperatures it was measured at and "
          + "\(TemperatureReduction.tolerance) K beyond")
    }
    let beyond = used.values.reduce(0) { max($0, $1.excess(of: target), $1.excess(of: measured)) }
    if beyond > 0.05 {
      warn(
        "values at \(target.celsius) rest on coefficients extended by \((10 * beyond).rounded() / 10) K beyond the "
          + "temperatures they were measured at")
    }
    let temperatureLines = TemperatureLines(of: budget)
    if temperatureLines.lines.isEmpty {
      warn("the budget has no line for the temperature: values at \(target.celsius) take it as exact")
    }
    let reducer = Reducer(
      measured: measured, target: target, coefficients: used, temperatureLines: temperatureLines,
      curve: fittedCurve.flatMap { $0.unit == .tesla ? CurveAtTemperature($0) : nil },
      fieldLimit: 2 * conditions.maximumFieldAmperesPerMetre)
    var made: [CharacteristicEstimate] = []
    var missing: [Absence] = []
    for characteristic in TemperatureReduction.characteristics {
      if let estimate = estimates.first(where: { $0.characteristic == characteristic }) {
        if let value = reducer.reduced(estimate) {
          made.append(value)
        } else {
          missing.append(Absence(characteristic, .temperatureReduction))
        }
      } else if let absence = absences.first(where: { $0.characteristic == characteristic }) {
        missing.append(Absence(characteristic, absence.reason))
      }
    }
    let left = missing.filter { $0.reason == .temperatureReduction }.map(\.characteristic.rawValue)
    if !left.isEmpty, refused.isEmpty {
      warn(
        "\(left.joined(separator: ", ")) could not be reduced to \(target.celsius): each needs a coefficient of its "
          + "own, or alpha, beta and a fitted curve")
    }
    reduced = ReducedQuantities(temperature: target, estimates: made, absences: missing)
    corrections.append(reducer.correction)
  }
}

/// Multiplies the quantities of one loop.
private struct Reducer {
  let measured: Quantity<Temperature>
  let target: Quantity<Temperature>
  let coefficients: [Characteristic: TemperatureCoefficient]
  let temperatureLines: TemperatureLines
  let curve: CurveAtTemperature?
  /// Roots of the curve are looked for below this field, A/m.
  let fieldLimit: Double

  /// What is not as assumed.
  struct Error {
    /// The temperature of the loop, K.
    var kelvin = 0.0
    /// A coefficient, 1/K.
    var coefficient: (of: Characteristic, perKelvin: Double)?
    /// How switching fields move.
    var movement = CurveAtTemperature.Movement.shift
  }

  func reduced(_ estimate: CharacteristicEstimate) -> CharacteristicEstimate? {
    let characteristic = estimate.characteristic
    guard let ratio = ratio(characteristic, Error()) else { return nil }
    let value = ratio * estimate.value
    /// Half the change of the value between an error of either sign.
    func effect(_ error: (Double) -> Error) -> Double? {
      guard let above = self.ratio(characteristic, error(1)),
        let below = self.ratio(characteristic, error(-1))
      else { return nil }
      return 0.5 * (above - below) * estimate.value
    }
    var lines = estimate.budget.map {
      BudgetLine(
        id: $0.id, evaluation: $0.evaluation, title: $0.title, contribution: ratio * $0.contribution,
        degreesOfFreedom: $0.degreesOfFreedom)
    }
    var isComplete = true
    lines = temperatureLines.replaced(in: lines) { kelvin in
      guard let effect = effect({ Error(kelvin: $0 * kelvin) }) else {
        isComplete = false
        return 0
      }
      return effect
    }
    var parts: [BudgetLine] = []
    for source in sources(of: characteristic) {
      guard let coefficient = coefficients[source],
        let effect = effect({ Error(coefficient: (source, $0 * coefficient.standardUncertainty)) })
      else { return nil }
      parts.append(
        BudgetLine(
          id: "", evaluation: .typeB, title: "", contribution: effect,
          degreesOfFreedom: coefficient.degreesOfFreedom))
    }
    lines.append(
      BudgetLine(
        id: "temperature-reduction", evaluation: .typeB, title: "temperature coefficients",
        contribution: quadratureSum(parts.map(\.contribution)),
        degreesOfFreedom: effectiveDegreesOfFreedom(parts)))
    if usesCurve(characteristic) {
      guard let other = self.ratio(characteristic, Error(movement: .stretch)) else { return nil }
      // The distribution may widen with its fields or not; the value is that without, the other the end of what may be.
      lines.append(
        BudgetLine(
          id: "temperature-model", evaluation: .typeB,
          title: "width of the switching at the other temperature",
          contribution: (other * estimate.value - value) / 3.0.squareRoot()))
    }
    let isFinite = value.isFinite && lines.allSatisfy(\.contribution.isFinite)
    guard isComplete, isFinite else { return nil }
    return CharacteristicEstimate(
      characteristic, value: value, budget: lines, method: estimate.method + "/temperature-reduction",
      coverageProbability: estimate.coverage.probability)
  }

  /// The value at the target over the value as measured.
  private func ratio(_ characteristic: Characteristic, _ error: Error) -> Double? {
    if let coefficient = coefficients[characteristic] {
      let change = error.coefficient.flatMap { $0.of == characteristic ? $0.perKelvin : nil } ?? 0
      return coefficient.ratio(of: target, to: Quantity(si: measured.si + error.kelvin), change: change)
    }
    if characteristic == .squareness {
      guard let knee = ratio(.kneeField, error), let coercivity = ratio(.coercivityHcJ, error) else {
        return nil
      }
      return knee / coercivity
    }
    guard let curve, characteristic.followsBrAndHcJ,
      coefficients[.remanence] != nil, coefficients[.coercivityHcJ] != nil,
      let remanence = ratio(.remanence, error), let coercivity = ratio(.coercivityHcJ, error),
      let moved = curve.moved(
        remanenceRatio: remanence, coercivityRatio: coercivity, error.movement, below: fieldLimit),
      let before = curve.value(of: characteristic, below: fieldLimit),
      let after = moved.value(of: characteristic, below: fieldLimit)
    else { return nil }
    return after / before
  }

  /// The coefficients that a quantity rests on.
  private func sources(of characteristic: Characteristic) -> [Characteristic] {
    if coefficients[characteristic] != nil { return [characteristic] }
    if characteristic == .squareness {
      let own = sources(of: .kneeField)
      return own + sources(of: .coercivityHcJ).filter { !own.contains($0) }
    }
    return [.remanence, .coercivityHcJ]
  }

  private func usesCurve(_ characteristic: Characteristic) -> Bool {
    characteristic == .squareness ? usesCurve(.kneeField) : coefficients[characteristic] == nil
  }

  /// What was done, for the archive.
  var correction: AppliedCorrection {
    var parameters: [AppliedCorrection.Parameter] = [
      .init("from", measured.si, .kelvin), .init("to", target.si, .kelvin),
    ]
    for characteristic in Characteristic.allCases {
      guard let coefficient = coefficients[characteristic] else { continue }
      let name = characteristic.coefficientName
      parameters.append(.init(name, coefficient.perKelvin, .perKelvin))
      parameters.append(.init(name + "Uncertainty", coefficient.standardUncertainty, .perKelvin))
      parameters.append(.init(name + "Reference", coefficient.reference.si, .kelvin))
    }
    return AppliedCorrection(id: "temperature-reduction", parameters: parameters)
  }
}

extension Characteristic {
  /// What its temperature coefficient is called: `alpha` for Br, `beta` for HcJ, else `coefficient` and the key.
  public var coefficientName: String {
    switch self {
    case .remanence: "alpha"
    case .coercivityHcJ: "beta"
    default: "coefficient" + rawValue
    }
  }

  /// Whether the value follows from the curve once Br and HcJ are known at a temperature.
  fileprivate var followsBrAndHcJ: Bool {
    switch self {
    case .coercivityHcB, .energyProduct, .kneeField, .kneeField95, .kneeField80: true
    default: false
    }
  }
}

extension Quantity<Temperature> {
  /// The temperature in °C with at most one decimal, for sentences.
  fileprivate var celsius: String { "\(((si - 273.15) * 10).rounded() / 10) °C" }
}
