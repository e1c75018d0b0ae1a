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
    var json = JSONText()
    json.object { $0.members(of: self) }
    return json.string
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

extension JSONText {
  /// The keys of `magcert.temperature-series/1`.
  mutating func members(of reported: ReportedTemperatureSeries) {
    let series = reported.series
    objects("absent", series.gaps) { json, gap in
      json.member("lacking", gap.lacking)
      json.member("member", gap.member)
      json.member("quantity", gap.characteristic)
    }
    // A coefficient without its uncertainty would be taken for exact.
    let coefficients = series.coefficients.filter { row in
      finite(row.coefficient.perKelvin, row.named("")) != nil
        && finite(row.coefficient.standardUncertainty, row.named(".standardUncertainty")) != nil
        && finite(row.expandedUncertainty, row.named(".expandedUncertainty")) != nil
    }
    objects("coefficients", coefficients) { $0.members(of: $1) }
    objects("members", Array(zip(series.members, reported.sources))) { json, each in
      let (member, source) = each
      json.member("instrument", source.instrument)
      json.loop(of: source)
      json.member("path", source.path)
      json.member("sha256", source.sha256)
      json.object("temperature", member.temperature.si, .kelvin, "members.temperature")
    }
    member("reference", series.reference)
    object("referenceTemperature", series.asked.si, .kelvin, "referenceTemperature")
    member("sample", reported.specimen)
    member("schema", "magcert.temperature-series/1")
  }

  private mutating func members(of row: TemperatureSeries.Coefficient) {
    let coefficient = row.coefficient
    budget(coefficient.budget, row.named(""))
    member("coverageFactor", row.coverage.k, row.named(".coverageFactor"))
    member("coverageProbability", row.coverage.probability, row.named(".coverageProbability"))
    degreesOfFreedom(coefficient.degreesOfFreedom)
    member("expandedUncertainty", finite: row.expandedUncertainty)
    object("from", coefficient.reference.si, .kelvin, row.named(".from"))
    member("member", row.member)
    if [.remanence, .coercivityHcJ].contains(row.characteristic) {
      member("name", row.characteristic.coefficientName)
    }
    member("quantity", row.characteristic)
    member("standardUncertainty", finite: coefficient.standardUncertainty)
    object("to", coefficient.other?.si, .kelvin, row.named(".to"))
    member("unit", SIUnit.perKelvin)
    member("value", finite: coefficient.perKelvin)
  }
}

extension TemperatureSeries.Coefficient {
  /// What a number of the coefficient is called where it is left out.
  fileprivate func named(_ member: String) -> String {
    "temperatureSeries.\(characteristic.rawValue)\(member)"
  }
}
