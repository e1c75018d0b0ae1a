// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// Loops of one specimen at several temperatures, and the coefficients between one of them and each other.
public struct TemperatureSeries: Hashable, Sendable {
  /// One loop of the series.
  public struct Member: Hashable, Sendable {
    /// The specimen's temperature.
    public let temperature: Quantity<Temperature>
    /// What was read off the loop.
    public let estimates: [CharacteristicEstimate]
    /// The budget that the loop was analysed with.
    public let budget: TypeBBudget
    /// The id of the driver that read the loop; gains cancel within one instrument only.
    public let instrument: String?

    /// A loop from its parts.
    public init(
      temperature: Quantity<Temperature>, estimates: [CharacteristicEstimate], budget: TypeBBudget,
      instrument: String? = nil
    ) {
      self.temperature = temperature
      self.estimates = estimates
      self.budget = budget
      self.instrument = instrument
    }
  }

  /// A coefficient between the reference and one other loop.
  public struct Coefficient: Hashable, Sendable {
    /// Of what.
    public let characteristic: Characteristic
    /// The loop at T₂, as its place among the members.
    public let member: Int
    /// The coefficient, T₁ the temperature of the reference.
    public let coefficient: TemperatureCoefficient
    /// The factor that expands its uncertainty.
    public let coverage: CoverageFactor

    /// U = k·u, in 1/K.
    public var expandedUncertainty: Double { coverage.k * coefficient.standardUncertainty }
  }

  /// A quantity that one of the two loops does not give.
  public struct Gap: Hashable, Sendable {
    /// Which quantity.
    public let characteristic: Characteristic
    /// The loop at T₂, as its place among the members.
    public let member: Int
    /// The loop that lacks it, as its place among the members.
    public let lacking: Int
  }

  /// What has a coefficient: α of Br, β of HcJ, and the quantities that follow from both.
  public static let characteristics: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField,
  ]

  /// Loops closer than this, in K, are at one temperature.
  public static let smallestDifference = 1.0

  /// The reference temperature that was asked for.
  public let asked: Quantity<Temperature>
  /// The loops, in the order given.
  public let members: [Member]
  /// The place of the loop at T₁, whose temperature is nearest to the one asked for.
  public let reference: Int
  /// The coefficients, by rising T₂ and in the order of `characteristics`.
  public let coefficients: [Coefficient]
  /// What has no coefficient.
  public let gaps: [Gap]

  /// The series of loops with `reference` as the temperature asked for.
  ///
  /// Gains, the demagnetising factor and an apparent susceptibility are one unknown in all loops of one instrument
  /// with one budget. Zeros are set anew before every loop, drifts and noise happen anew in it: they are independent.
  /// Throws one sentence for fewer than two loops, and for one at the reference loop's temperature.
  public init(_ members: [Member], reference asked: Quantity<Temperature>) throws(AnalysisError) {
    guard members.count >= 2 else {
      throw AnalysisError(
        .temperatureSeries,
        "a temperature series needs loops at two temperatures at least, not \(members.count)")
    }
    func distance(_ index: Int) -> Double { abs(members[index].temperature.si - asked.si) }
    let nearest = members.indices.min { distance($0) < distance($1) } ?? 0
    let first = members[nearest]
    let others = members.indices.filter { $0 != nearest }
    if let twin = others.first(where: {
      abs(members[$0].temperature.si - first.temperature.si) < Self.smallestDifference
    }) {
      func celsius(_ index: Int) -> String {
        "\(((members[index].temperature.si - 273.15) * 100).rounded() / 100) °C"
      }
      throw AnalysisError(
        .temperatureSeries,
        "loops \(min(nearest, twin) + 1) and \(max(nearest, twin) + 1) of the temperature series were measured at "
          + "one temperature, \(celsius(nearest)) and \(celsius(twin)); they must differ by 1 K at least")
    }
    var coefficients: [Coefficient] = []
    var gaps: [Gap] = []
    for index in others.sorted(by: { members[$0].temperature < members[$1].temperature }) {
      let second = members[index]
      let shared =
        first.instrument == second.instrument && first.budget == second.budget ? first.budget.sharedIDs : []
      for characteristic in Self.characteristics {
        func estimate(_ member: Member) -> CharacteristicEstimate? {
          member.estimates.first { $0.characteristic == characteristic }
        }
        guard let at1 = estimate(first), let at2 = estimate(second),
          let coefficient = TemperatureCoefficient(
            at1, at: first.temperature, at2, at: second.temperature,
            temperatureLines: (TemperatureLines(of: first.budget), TemperatureLines(of: second.budget)),
            shared: { $0.evaluation == .typeB && shared.contains($0.id) })
        else {
          let lacking = estimate(first) == nil ? nearest : index
          gaps.append(Gap(characteristic: characteristic, member: index, lacking: lacking))
          continue
        }
        coefficients.append(
          Coefficient(
            characteristic: characteristic, member: index, coefficient: coefficient,
            coverage: CoverageFactor(
              probability: at1.coverage.probability, degreesOfFreedom: coefficient.degreesOfFreedom)))
      }
    }
    self.asked = asked
    self.members = members
    reference = nearest
    self.coefficients = coefficients
    self.gaps = gaps
  }
}

extension TypeBBudget {
  /// The lines that are one unknown in all loops of one specimen on one instrument.
  fileprivate var sharedIDs: Set<String> {
    Set(
      lines.filter {
        switch $0.input {
        case .polarisationGain, .fieldGain, .demagnetisingFactor, .susceptibility: true
        case .temperature, .polarisationOffset, .fieldOffset, .loopLevel, .responseProfiles, .fieldProfiles:
          false
        }
      }.map(\.id))
  }
}
