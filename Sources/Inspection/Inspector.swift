// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Archive
internal import Certification
internal import Instruments
public import Measurements
internal import Quantities
public import Report
internal import Validation

/// What one loop of a file, or a file that could not be read, gave.
public enum Inspected: Sendable {
  /// A loop that was analysed, and judged when asked for.
  case sample(ReportedSample)
  /// A file that could not be read or a loop that could not be analysed.
  case failure(ReportedFailure)

  /// The JSON line of the result or of the error.
  public func jsonLine(showBudget: Bool) -> String {
    switch self {
    case .sample(let sample): sample.jsonLine(showBudget: showBudget)
    case .failure(let failure): failure.jsonLine()
    }
  }

  /// The line as archives take it, which leave the budgets to tables.
  var archivedLine: String {
    switch self {
    case .sample(let sample): sample.archivedLine()
    case .failure(let failure): failure.jsonLine()
    }
  }
}

/// What one file gave: its loops in order, or one failure.
public struct InspectedFile: Sendable {
  /// The path as given.
  public let path: String
  /// The results.
  public internal(set) var results: [Inspected]
  /// The same as the archive takes them.
  public internal(set) var entries: [ArchiveEntry]
  /// The Type B budget of each loop that was analysed, by the place of the result.
  var budgets: [Int: TypeBBudget] = [:]
  /// The Monte Carlo evaluations that were asked for, by the place of the result.
  var evaluations: [Int: MonteCarlo] = [:]

  /// The line of JSON of each result, without budgets.
  public var lines: [String] {
    results.enumerated().map { place, result in
      // Mostly that is the archived one.
      if case .sample(let sample) = result, sample.hasBudgetsWithoutTables { return sample.jsonLine() }
      return entries.indices.contains(place) ? entries[place].record : result.archivedLine
    }
  }

  /// The size of the file; 0 when it could not be read.
  var byteCount: Int { entries.first?.source.bytes.count ?? 0 }
}

/// Takes one file through reading, analysis and judgement.
public struct Inspector: Sendable {
  /// What to do.
  public internal(set) var request: InspectionRequest
  let budgets: [Circuit: TypeBBudget]
  private let blank: BlankRecord?
  private let waveforms: WaveformConversion?
  private let imageEffect: ImageEffectFile?
  private let profile: ProfileFile?

  /// An inspector; throws one sentence when a file that all others need cannot be read, or the general budgets.
  public init(_ request: InspectionRequest) throws(InputError) {
    self.request = request
    if let budget = request.budget {
      budgets = [.open: budget, .closed: budget]
    } else {
      budgets = [.open: try .general(for: .open), .closed: try .general(for: .closed)]
    }
    let profile = try request.profile.map { name throws(InputError) in try ProfileFile(name) }
    self.profile = profile
    blank = try request.blank.map { path throws(InputError) in
      try Self.blankRecord(path, request, profile)
    }
    imageEffect = try request.imageEffect.map { path throws(InputError) in try ImageEffectFile(path) }
    waveforms = try request.setup.map { path throws(InputError) in try WaveformConversion(path, request) }
  }

  private static func blankRecord(
    _ path: String, _ request: InspectionRequest, _ profile: ProfileFile?
  ) throws(InputError) -> BlankRecord {
    do {
      let file = try readSourceFile(path)
      let driver = try driver(for: file, request, profile)
      return BlankRecord(
        try driver.readLoop(file, request.reading), name: path,
        sha256: file.hash.hexadecimal)
    } catch {
      throw InputError("the blank record “\(path)” cannot be read: \(error.description)")
    }
  }

  /// The driver of the profile, else the one asked for, else the one that claims the file.
  private static func driver(
    for file: SourceFile, _ request: InspectionRequest, _ profile: ProfileFile?
  ) throws(ReadError) -> Instrument {
    if let profile { return profile.instrument }
    return try instrument(for: file, override: request.instrumentID)
  }

  /// Inspects a file, one of several by its place; everything that goes wrong with it is part of the result.
  public func inspect(path: String, place: Int = 0) -> InspectedFile {
    do {
      return inspect(try readSourceFile(path), place: place)
    } catch {
      return unread(path: path, error)
    }
  }

  /// What a file gives that cannot be read; it is in no archive.
  func unread(path: String, _ error: ReadError) -> InspectedFile {
    let failure = ReportedFailure(source: ReportedSource(path: path), error)
    return InspectedFile(path: path, results: [.failure(failure)], entries: [])
  }

  /// Inspects bytes that were read already.
  public func inspect(_ file: SourceFile, place: Int = 0) -> InspectedFile {
    let hash = file.hash.hexadecimal
    var source = ReportedSource(path: file.name, sha256: hash, bytes: file.bytes.count)
    do {
      let driver = try Self.driver(for: file, request, profile)
      source.instrument = driver.id
      switch try driver.read(file, request.reading) {
      case .loop(let loop):
        source.model = loop.model
        source.measured = loop.measured
        source.companions = companions.map(\.reported)
        return inspect(loop, of: file, source)
      case .waveform(let waveform):
        source.model = waveform.model
        source.measured = waveform.measured
        return inspect(waveform, of: file, place: place, source)
      }
    } catch {
      return failed(file, ReportedFailure(source: source, error))
    }
  }

  private func inspect(
    _ waveform: WaveformMeasurement, of file: SourceFile, place: Int, _ source: ReportedSource
  ) -> InspectedFile {
    guard let waveforms else {
      return failed(
        file,
        ReportedFailure(
          source: source, code: AnalysisError.Code.waveform.rawValue,
          message: "the file holds voltages against time, and only a setup says what they mean; state --setup"
        ))
    }
    do {
      let sample = waveform.sample.overridden(by: request.stated(for: file.name))
      let recorded = try waveforms.loop(
        of: waveform, sample: sample, place: place, isOneOfSeveralRates: request.combinesRates)
      var source = source
      source.channels = waveform.channels.map { .init(name: $0.name, unit: $0.signal.unit.rawValue) }
      source.companions = waveforms.companions(place: place).map(\.reported)
      var inspected = inspect(recorded.measurement, of: file, source, recorded)
      for index in inspected.entries.indices {
        inspected.entries[index].waveform = waveform
        inspected.entries[index].companions = waveforms.companions(place: place)
      }
      return inspected
    } catch {
      return failed(
        file, ReportedFailure(source: source, code: error.code.rawValue, message: error.description))
    }
  }

  /// The files that every loop rests on which was not made of voltages.
  private var companions: [Companion] {
    [profile.map { Companion(.profile, $0.file) }, imageEffect.map { Companion(.imageEffect, $0.file) }]
      .compactMap(\.self)
  }

  func failed(_ file: SourceFile, _ failure: ReportedFailure) -> InspectedFile {
    var entry = ArchiveEntry(
      source: file, instrument: failure.source.instrument, loopIndex: 0, loopCount: 1, measurement: nil,
      analysis: nil, verdict: nil, grades: [], record: failure.jsonLine())
    entry.settings = request.archived
    return InspectedFile(path: file.name, results: [.failure(failure)], entries: [entry])
  }

  private func inspect(
    _ measurement: LoopMeasurement, of file: SourceFile, _ source: ReportedSource,
    _ recorded: RecordedLoop? = nil
  ) -> InspectedFile {
    let loops: [SeparatedLoop]
    do { loops = try measurement.separatedLoops() } catch {
      return failed(
        file, ReportedFailure(source: source, code: error.code.rawValue, message: error.description))
    }
    var results: [Inspected] = []
    var entries: [ArchiveEntry] = []
    var evaluations: [Int: MonteCarlo] = [:]
    var budgets: [Int: TypeBBudget] = [:]
    for (index, loop) in loops.enumerated() {
      var source = source
      source.loopIndex = index + 1
      source.loopCount = loops.count
      var entry = ArchiveEntry(
        source: file, instrument: source.instrument, loopIndex: index, loopCount: loops.count,
        measurement: loop.measurement, analysis: nil, verdict: nil, grades: [], record: "")
      entry.companions = companions
      entry.settings = request.archived
      let budget = budget(of: loop, source, recorded)
      budgets[index] = budget
      let result = inspect(loop, source, recorded, &entry, budget, &evaluations[index])
      entry.record = result.archivedLine
      results.append(result)
      entries.append(entry)
    }
    return InspectedFile(
      path: file.name, results: results, entries: entries, budgets: budgets, evaluations: evaluations)
  }

  /// The budget of a loop: that of its circuit with what the steps from voltages left.
  private func budget(
    of loop: SeparatedLoop, _ source: ReportedSource, _ recorded: RecordedLoop?
  ) -> TypeBBudget {
    let sample = loop.measurement.sample.overridden(by: request.stated(for: source.path))
    let isApplied = if case .applied = loop.measurement.field { true } else { false }
    let circuit = sample.circuit?.value ?? (isApplied ? .open : .closed)
    guard let budget = budgets[circuit] else { preconditionFailure("no budget for \(circuit)") }
    return recorded.map { budget.adding($0.budgetLines) } ?? budget
  }

  private func inspect(
    _ loop: SeparatedLoop, _ source: ReportedSource, _ recorded: RecordedLoop?, _ entry: inout ArchiveEntry,
    _ budget: TypeBBudget, _ evaluation: inout MonteCarlo?
  ) -> Inspected {
    let sample = loop.measurement.sample.overridden(by: request.stated(for: source.path))
    var settings = AnalysisSettings(
      method: request.method, branch: request.branch, columns: request.columns,
      demagnetisation: request.demagnetisation, budget: budget,
      coverageProbability: request.coverageProbability,
      approachToSaturation: request.approachToSaturation, recoilMethod: request.recoilMethod, blank: blank)
    settings.wantsDetails = request.wantsDetails
    settings.imageEffect = imageEffect?.table
    let analyzer = LoopAnalyzer(settings: settings)
    entry.measurement?.sample = sample
    do throws(AnalysisError) {
      var analysis: LoopAnalysis
      if let asked = request.monteCarlo {
        let (made, model) = try analyzer.analyzeWithModel(loop, sample: sample)
        guard let model else {
          throw AnalysisError(
            .noCurve, "Monte Carlo draws loops from the fitted curve, and none was fitted to this loop")
        }
        evaluation = try MonteCarlo(
          made, model, settings: analyzer.settings, sample: sample, seed: asked.seed)
        analysis = made
      } else {
        analysis = try analyzer.analyze(loop, sample: sample)
      }
      if let recorded { analysis.include(recorded) }
      var reported = ReportedSample(
        source: source, sample: sample, analysis: analysis, notes: loop.measurement.notes)
      conclude(&reported, budget: budget, &entry)
      return .sample(reported)
    } catch {
      return .failure(
        ReportedFailure(source: source, code: error.code.rawValue, message: error.description))
    }
  }

  /// Refers an analysis to the temperature that was asked for, and judges it.
  func conclude(_ reported: inout ReportedSample, budget: TypeBBudget, _ entry: inout ArchiveEntry) {
    if let reduction = request.reduction { reported.analysis.reduce(by: reduction, budget: budget) }
    entry.analysis = reported.analysis
    guard let judge = request.judge else { return }
    if let grade = request.grade { reported.verdict = judge.verdict(on: reported.analysis, against: grade) }
    let met = judge.gradesMet(by: reported.analysis)
    reported.grades = met
    if request.explains {
      reported.reasoning = JudgementReasoning(of: judge, grade: request.grade, sample: reported)
    }
    entry.verdict = reported.verdict
    entry.grades = met
  }
}
