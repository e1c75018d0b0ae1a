// SPDX-License-Identifier: GPL-3.0-or-later
internal import Simulation
public import Validation

/// With which software, when and where a validation ran: what makes its output a record.
public struct ValidationCircumstances: Hashable, Sendable {
  /// Program and version, such as `magcert 0.1.0`.
  public var software: String
  /// The time of the start, UTC, as `YYYY-MM-DDThh:mm:ssZ`.
  public var created: String
  /// The number of active processors.
  public var processors: Int
  /// The instruction set, such as `x86_64`.
  public var architecture: String
  /// The operating system with its version.
  public var system: String

  /// Circumstances from their parts.
  public init(software: String, created: String, processors: Int, architecture: String, system: String) {
    self.software = software
    self.created = created
    self.processors = processors
    self.architecture = architecture
    self.system = system
  }

  /// Two lines for a terminal: program, plan and time, then the machine; ends with a line feed.
  public func terminalText(_ plan: ValidationPlan, colour: Bool = false) -> String {
    let title = TerminalColour.bold.paint("validation, plan “\(printable(plan.name))”", colour)
    return "\(title): \(plan.cells.count) cells, \(plan.loops) loops\n"
      + "  \(printable(software)), \(created), \(processors == 1 ? "1 processor" : "\(processors) processors"), "
      + "\(architecture), \(printable(system))\n"
  }
}

extension CellResult {
  /// The cell for a terminal: what was simulated, then a row per characteristic.
  ///
  /// Errors, bounds and uncertainties are in % of the exact value. A limit that was widened because of few loops is
  /// shown as it was applied. Ends with a line feed; no line ends with a blank.
  public func terminalTable(colour: Bool = false) -> String {
    let onlyNoise = cell.checks == [.noiseCoverage]
    let coverage: ValidationFigure = onlyNoise ? .noiseCoverage : .coverage
    var table = TextTable([
      ("", .left), ("mean error", .right), ("RMSE", .right), ("± s.e.", .right), ("bound", .right),
      ("RMSE/bound", .right), ("covered", .right), ("± s.e.", .right), ("median U", .right),
      ("result", .left), ("limits", .left),
    ])
    for row in rows {
      func figure(_ figure: ValidationFigure) -> TextTable.Cell { .init(Self.text(row.figures[figure])) }
      func error(_ figure: ValidationFigure) -> TextTable.Cell {
        .init(Self.text(row.standardErrors[figure], significant: 2))
      }
      table.append([
        .init(Column(row.characteristic, .si).symbol),
        .init(Self.text(row.meanErrorPercent, significant: 2)), figure(.rmse), error(.rmse),
        .init(Self.text(row.boundPercent)), .init(row.ratioToBound.map { fixedText($0, decimals: 2) } ?? ""),
        figure(coverage), error(coverage), figure(.medianUncertainty),
        .init(row.resultWords, row.passes == false ? .red : .green),
        .init(row.outcomes.map(\.words).joined(separator: ", ")),
      ])
    }
    let title = TerminalColour.bold.paint(printable(cell.truth.name), colour)
    let what =
      switch cell.recording {
      case .loop:
        "\(cell.noiseKind.rawValue) noise of \(shortText(cell.noisePercent)) % of Br, \(cell.points) points"
      case .shot: "pulsed shots with hum, delay, offsets and drawn gains, \(cell.points) samples"
      case .shotWithExactGains:
        "pulsed shots with hum, delay, offsets and exact gains, \(cell.points) samples"
      }
    let words =
      ": \(what), "
      + "\(cell.loops) \(cell.loops == 1 ? "loop" : "loops"), seed base \(cell.seedBase), in %"
    return ([title + words] + table.lines(colour: colour)).joined(separator: "\n") + "\n"
  }

  private static func text(_ number: Double?, significant: Int = 3) -> String {
    number.map { shortText($0, significant: significant) } ?? ""
  }
}

extension ValidationRow {
  /// `pass`, or `fail` with the figures that miss their limits; nothing without a requirement.
  fileprivate var resultWords: String {
    switch passes {
    case nil: return ""
    case true?: return "pass"
    case false?:
      let missed = outcomes.filter { !$0.passes }.map(\.requirement.figure.words)
      let gaps = absent > 0 ? ["absent in \(absent)"] : []
      return "fail: " + (gaps + missed).joined(separator: ", ")
    }
  }
}

extension ValidationFigure {
  fileprivate var words: String {
    switch self {
    case .rmse: "RMSE"
    case .standardDeviation: "s.d."
    case .bias: "|mean error|"
    case .coverage: "covered"
    case .noiseCoverage: "covered by noise"
    case .meanDeviation: "|mean z|"
    case .varianceOfDeviation: "var z"
    case .medianUncertainty: "U"
    }
  }
}

extension RequirementOutcome {
  /// The limit as it was applied with its origin, such as `RMSE ≤ 0.00486 (M17)`.
  fileprivate var words: String {
    let name = requirement.figure.words
    func text(_ limit: Double) -> String { shortText(limit, significant: 3) }
    let condition =
      switch (lower, upper) {
      case (let lower?, let upper?): "\(text(lower)) ≤ \(name) ≤ \(text(upper))"
      case (let lower?, nil): "\(name) ≥ \(text(lower))"
      case (nil, let upper?): "\(name) ≤ \(text(upper))"
      case (nil, nil): name
      }
    return "\(condition) (\(requirement.source))"
  }
}

extension ValidationSummary {
  /// The result and the counts in one line; ends with a line feed.
  public func terminalLine(colour: Bool = false) -> String {
    let result = (passes ? TerminalColour.green : .red).paint(passes ? "PASS" : "FAIL", colour)
    let open = withoutLimit > 0 ? ", \(withoutLimit) without a limit" : ""
    return "\(result): \(passed) rows pass, \(failed) fail\(open); \(cells) cells, \(loops) loops\n"
  }
}
