// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Archive
import Certification
import Measurements
import Quantities

/// Entries with a known value in every place, each different from all others.
enum Example {
  static let budget = [
    BudgetLine(
      id: "noise", evaluation: .typeA, title: "noise of the loop", contribution: 3e-4, degreesOfFreedom: 40),
    BudgetLine(id: "moment-gain", evaluation: .typeB, title: "gain of the moment", contribution: -4e-4),
  ]

  static let source = SourceFile(
    name: "lot/magnet 1.dat", bytes: Array("HEADER;µ\r\n1;2\r\n".utf8) + [0, 255])

  static func measurement(_ instrument: String = "csv-loop", points: Int = 5) -> LoopMeasurement {
    var sample = Sample()
    sample.id = Sourced("magnet 1", .header)
    sample.lot = Sourced("L7", .user)
    sample.mass = Sourced(Quantity(si: 5.486e-5), .header)
    sample.density = Sourced(Quantity(si: 7500), .assumed)
    sample.shape = Sourced(
      .cuboid(a: Quantity(si: 1.98e-3), b: Quantity(si: 1.99e-3), c: Quantity(si: 2.7e-3)), .user)
    sample.circuit = Sourced(.open, .computed)
    let field = (0..<points).map { 1e6 - 4e5 * Double($0) }
    return LoopMeasurement(
      instrument: instrument, model: "VSM 7", measured: "2025-02-12T15:36:00",
      header: [HeaderEntry("Operator", "J. Müller"), HeaderEntry("zero\0character", "")], sample: sample,
      field: .applied(Series(si: field)), response: .moment(Series(si: field.map { $0 * 1e-9 })),
      processed: ProcessedColumns(
        field: .internal(Series(si: field.map { $0 + 1 })),
        response: .polarisation(Series(si: field.map { $0 * 1e-6 }))),
      time: Series(si: field.indices.map { Double($0) * 0.5 }),
      temperature: Series(si: field.map { _ in 300.25 }), lines: field.indices.map { $0 + 12 },
      notes: [ReadingNote(code: "dc-moment", message: "The DC moment was used.")])
  }

  static func analysis(points: Int = 5) -> LoopAnalysis {
    var properties = MagnetProperties()
    properties.remanence = Estimate(
      value: Quantity(si: 1.312), budget: budget, method: "local-polynomial",
      alternative: AlternativeValue(value: 1.3125, method: "ladder"))
    properties.irreversibleLoss5 = Estimate(
      value: Quantity(si: 1.55e6), budget: [], method: "J=0.95Br-recoil/secant/local-polynomial")
    properties.switchingFieldWidth = Estimate(
      value: Quantity(si: 37_910.83), budget: [], method: "w50/ladder")
    properties.coercivityHcJ = Estimate(
      value: Quantity(si: 1.63e6),
      budget: [BudgetLine(id: "field", evaluation: .typeB, title: "field", contribution: 2500)],
      method: "ladder")
    let field = (0..<points).map { 1e6 - 4.1e5 * Double($0) }
    var analysis = LoopAnalysis(
      properties: properties, absences: [Absence(.kneeField, .incompleteHk, lowerBound: 1.2e6)],
      conditions: Conditions(
        temperature: Sourced(Quantity(si: 300.25), .data), circuit: Sourced(.open, .computed),
        demagnetisingFactor: Sourced(Quantity(si: 0.26825772828), .computed), fieldIsInternal: true,
        maximumFieldAmperesPerMetre: 1e6),
      flags: [Flag(.defaultBudget, "A default budget was used."), Flag(.singleBranch, "One branch only.")],
      corrections: [
        AppliedCorrection(id: "despike", parameters: []),
        AppliedCorrection(
          id: "demagnetisation",
          parameters: [.init("factor", 0.26825772828, .one), .init("volume", 1.06e-8, .cubicMetre)]),
      ],
      loop: ConditionedLoop(
        internalField: Series(si: field), polarisation: Series(si: field.map { $0 * 1.3e-6 }),
        sweeps: [0..<2, 2..<points]),
      curve: DemagnetisationCurve(
        internalField: Series(si: [0, -1e5]), polarisation: Series(si: [1.312, 1.3])),
      budgetName: "default", coverageProbability: 0.9545)
    analysis.recoilMethod = .secant
    analysis.ladderComponents = 3
    analysis.saturationPolarisation = Estimate(
      value: Quantity(si: 1.35),
      budget: [BudgetLine(id: "noise", evaluation: .typeA, title: "n", contribution: 0.01)],
      method: "approach")
    analysis.diagnostics = LoopDiagnostics(signalToNoise: 2.75, recoilLinearity: 0.5)
    analysis.blank = BlankIdentity(name: "empty holder.dat", sha256: String(repeating: "5a", count: 32))
    return analysis
  }

  static let verdict = Verdict(
    grade: "N42SH", table: "consensus-ndfeb", edition: "1", confidence: "consensus", rule: "ilac-g8",
    guardBand: 1, result: .conditionalPass, reasons: ["The knee field is unknown."],
    characteristics: [
      CharacteristicVerdict(
        characteristic: .remanence, side: .minimum, limit: 1.28, value: 1.312, expandedUncertainty: 0.001,
        probabilityOfConformity: 0.9998, result: .pass),
      CharacteristicVerdict(
        characteristic: .kneeField, side: .maximum, limit: 9e5, value: nil, expandedUncertainty: nil,
        probabilityOfConformity: nil, result: .undetermined, reason: "The knee field is unknown."),
    ])

  /// A full entry.
  static func full(loop: Int = 0, of count: Int = 1, points: Int = 5, source: SourceFile = source)
    -> ArchiveEntry
  {
    var entry = ArchiveEntry(
      source: source, instrument: "csv-loop", loopIndex: loop, loopCount: count,
      measurement: measurement(points: points), analysis: analysis(points: points), verdict: verdict,
      grades: [MetGrade(name: "N42SH", result: .conditionalPass, confidence: "consensus")],
      record: #"{"loop":\#(loop),"text":"µ"}"#)
    entry.settings = settings
    return entry
  }

  static let settings = ArchivedSettings(
    branch: "falling", columns: "processed", demagnetisation: "0.25", columnUnits: "H=Oe\nM=emu", block: "2",
    limits: "min-max", allowsUnchecked: true
  )

  /// A loop of a specimen whose volume is not known: only its moment is.
  static var withoutVolume: ArchiveEntry {
    var entry = full()
    entry.source = SourceFile(name: "no volume.dat", bytes: [1, 2, 3])
    entry.measurement?.sample = Sample()
    entry.measurement?.processed = nil
    entry.measurement?.time = nil
    entry.measurement?.temperature = nil
    entry.measurement?.lines = []
    var properties = MagnetProperties()
    properties.remanentMoment = Estimate(value: Quantity(si: 1.1e-3), budget: budget, method: "interpolation")
    entry.analysis?.properties = properties
    entry.analysis?.method = .interpolation
    entry.analysis?.ladderComponents = nil
    entry.analysis?.blank = nil
    entry.analysis?.saturationPolarisation = nil
    entry.analysis?.diagnostics = LoopDiagnostics()
    entry.analysis?.loop.polarisation = Series(si: [])
    entry.analysis?.curve = DemagnetisationCurve(internalField: Series(si: []), polarisation: Series(si: []))
    entry.verdict = nil
    entry.grades = []
    entry.record = "{}"
    return entry
  }

  /// A file that no driver could read.
  static var failed: ArchiveEntry {
    ArchiveEntry(
      source: SourceFile(name: "broken.dat", bytes: Array("not a loop".utf8)),
      record: #"{"error":{"code":"malformed"}}"#)
  }

  /// Voltages and a current against time.
  static let waveform = WaveformMeasurement(
    instrument: "waveform-table",
    timeBase: TimeBase(start: Quantity(si: -1e-3), interval: Quantity(si: 5e-6)),
    channels: [
      WaveformChannel("pickup µ", .voltage(Series(si: [0.25, -0.5, 1.75]))),
      WaveformChannel("coil", .current(Series(si: [100, 200, -300]))),
    ])

  /// The files that the shot rests on.
  static let companions = [
    Companion(.setup, SourceFile(name: "setup.toml", bytes: Array("name = \"PFM\"\n".utf8))),
    Companion(.emptyShot, SourceFile(name: "empty.csv", bytes: Array("t,V\n0,0\n".utf8))),
  ]

  /// A loop that was made of voltages, with its companions.
  static var shot: ArchiveEntry {
    var entry = full()
    entry.source = SourceFile(name: "shot.csv", bytes: Array("t,V\n0,1\n".utf8))
    entry.instrument = "waveform-table"
    entry.waveform = waveform
    entry.companions = companions
    entry.record = #"{"shot":1}"#
    return entry
  }

  /// What archives of schemas 1 and 2 hold.
  static var loops: [ArchiveEntry] {
    [full(loop: 0, of: 2), full(loop: 1, of: 2, points: 7), failed, withoutVolume]
  }

  static var all: [ArchiveEntry] { loops + [shot] }
}
