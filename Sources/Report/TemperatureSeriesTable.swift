// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Quantities

/// A temperature series with the files that its loops came from.
public struct ReportedTemperatureSeries: Hashable, Sendable {
  /// The specimen's name; nil when no loop gives one.
  public var specimen: String?
  /// What the loops gave together.
  public var series: TemperatureSeries
  /// Where each member came from, in the order of the members.
  public var sources: [ReportedSource]

  /// A series from its parts; `sources` as many as `series.members`, in their order.
  public init(specimen: String?, series: TemperatureSeries, sources: [ReportedSource]) {
    precondition(sources.count == series.members.count, "\(sources.count) sources of \(series.members.count)")
    self.specimen = specimen
    self.series = series
    self.sources = sources
  }

  /// The series as one line of JSON, schema `magcert.temperature-series/1`, without the line feed.
  ///
  /// `referenceTemperature` is the one asked for, `reference` the member measured nearest to it, counted from 0.
  /// `members` have `path`, `sha256`, `loop` where a file has several, `instrument` and `temperature` in K.
  /// `coefficients` have `quantity`, `name` (alpha for Br, beta for HcJ), `member` (the loop at T₂), `from` and `to`
  /// (T₁ and T₂ in K), `value` in 1/K with `standardUncertainty`, `expandedUncertainty`, `coverageFactor`,
  /// `coverageProbability`, `degreesOfFreedom` and `budget` as in `magcert.result/1`. `absent` has `quantity`,
  /// `member` and `lacking`, the member that does not give it.
  public func jsonLine() -> String {
    var finite = FiniteNumbers()
    return jsonText(TemperatureSeriesObject(self, &finite))
  }

  /// The series for a terminal: every coefficient with U and its range, and where it is from.
  ///
  /// Ends with a line feed; no line ends with a blank. `colour` adds ANSI sequences.
  public func terminalTable(colour: Bool = false) -> String {
    let reference = series.members[series.reference].temperature.si
    var table = TextTable([
      ("", .left), ("% per K", .right), ("± U", .right), ("k", .right), ("from", .right), ("to", .right),
    ])
    for row in series.coefficients {
      let rounded = RoundedResult(
        100 * row.coefficient.perKelvin, uncertainty: 100 * row.expandedUncertainty)
      table.append([
        .init(row.characteristic.coefficientSymbol), .init(rounded.value),
        .init(rounded.uncertainty.map { "± " + $0 } ?? ""), .init(fixedText(row.coverage.k, decimals: 2)),
        .init(celsius(reference)), .init(celsius(series.members[row.member].temperature.si)),
      ])
    }
    var title = TerminalColour.bold.paint("temperature series", colour)
    if let specimen { title += " of \(printable(specimen))" }
    var lines = ["\(title), \(series.members.count) loops, reference \(celsius(reference))"]
    if !series.coefficients.isEmpty { lines += table.lines(colour: colour) }
    lines += series.gaps.map {
      let file = printable(sources[$0.lacking].path)
      return
        "  – \($0.characteristic.coefficientSymbol) to \(celsius(series.members[$0.member].temperature.si)): "
        + "\(file) does not give \($0.characteristic.rawValue)"
    }
    lines.append(
      "  [X(T2) − X(T1)]/[X(T1)·(T2 − T1)], for its two temperatures; gains of one instrument cancel, "
        + "temperatures are independent")
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Characteristic {
  /// The coefficient as people write it: `α(Br)`, `β(HcJ)`, else the quantity alone.
  fileprivate var coefficientSymbol: String {
    let symbol = Column(self, .si).symbol
    switch self {
    case .remanence: return "α(\(symbol))"
    case .coercivityHcJ: return "β(\(symbol))"
    default: return symbol
    }
  }
}

/// The members of this object are the keys of `magcert.temperature-series/1`.
struct TemperatureSeriesObject: Encodable {
  struct Member: Encodable {
    let path: String
    let sha256: String?
    let loop: SourceObject.Loop?
    let instrument: String?
    let temperature: NumberObject?
  }
  struct Coefficient: Encodable {
    let quantity: Characteristic
    let name: String?
    let member: Int
    let from: NumberObject?
    let to: NumberObject?
    let value: Double
    let unit: SIUnit
    let standardUncertainty: Double
    let expandedUncertainty: Double
    let coverageFactor: Double
    let coverageProbability: Double
    let degreesOfFreedom: Double?
    let budget: [QuantityObject.Line]
  }
  struct Gap: Encodable {
    let quantity: Characteristic
    let member: Int
    let lacking: Int
  }
  let schema: String
  let sample: String?
  let referenceTemperature: NumberObject?
  let reference: Int
  let members: [Member]
  let coefficients: [Coefficient]
  let absent: [Gap]

  init(_ reported: ReportedTemperatureSeries, _ finite: inout FiniteNumbers) {
    let series = reported.series
    schema = "magcert.temperature-series/1"
    sample = reported.specimen
    referenceTemperature = NumberObject(series.asked.si, .kelvin, nil, "referenceTemperature", &finite)
    reference = series.reference
    var members: [Member] = []
    for (member, source) in zip(series.members, reported.sources) {
      let object = SourceObject(source)
      members.append(
        Member(
          path: object.path, sha256: object.sha256, loop: object.loop, instrument: object.instrument,
          temperature: NumberObject(member.temperature.si, .kelvin, nil, "members.temperature", &finite)))
    }
    self.members = members
    var rows: [Coefficient] = []
    for row in series.coefficients {
      let name = "temperatureSeries." + row.characteristic.rawValue
      let coefficient = row.coefficient
      // A coefficient without its uncertainty would be taken for exact.
      guard let value = finite(coefficient.perKelvin, name),
        let u = finite(coefficient.standardUncertainty, name + ".standardUncertainty"),
        let expanded = finite(row.expandedUncertainty, name + ".expandedUncertainty")
      else { continue }
      rows.append(
        Coefficient(
          quantity: row.characteristic,
          name: [.remanence, .coercivityHcJ].contains(row.characteristic)
            ? row.characteristic.coefficientName : nil,
          member: row.member,
          from: NumberObject(coefficient.reference.si, .kelvin, nil, name + ".from", &finite),
          to: NumberObject(coefficient.other?.si, .kelvin, nil, name + ".to", &finite),
          value: value, unit: .perKelvin, standardUncertainty: u, expandedUncertainty: expanded,
          coverageFactor: row.coverage.k, coverageProbability: row.coverage.probability,
          degreesOfFreedom: coefficient.degreesOfFreedom.flatMap { $0.isFinite ? $0 : nil },
          budget: coefficient.budget.map { QuantityObject.Line($0, name, &finite) }))
    }
    coefficients = rows
    absent = series.gaps.map { Gap(quantity: $0.characteristic, member: $0.member, lacking: $0.lacking) }
  }
}
