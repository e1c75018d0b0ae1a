// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import ArgumentParser
internal import Certification
internal import Foundation
internal import Inspection
internal import Quantities
internal import Report

/// One run of `analyze` or `certify`: files in, tables or JSON, archive, plot and report out, exit code.
struct Session {
  let request: InspectionRequest
  let output: OutputOptions
  let lot: String?
  let certificate: CertificateRequest?
  /// The sampling plan by which the files are judged as a lot; nil for none.
  var plannedLot: PlannedLot?
  /// The reference temperature of a temperature series; nil when the files are none.
  var seriesReference: Quantity<Temperature>?

  func run(_ files: [String]) async throws {
    // What the user cannot mean is said before the work, not after it.
    if let plot = output.plot {
      var format = PlotFormat.pdf
      try asUsage { format = try PlotFormat(path: plot) }
      guard output.plotContent == .demagnetisation || format == .pdf || files.count == 1 else {
        throw ValidationError(
          "--plot-content \(output.plotContent.rawValue) needs a page for each file: give --plot a name that ends in .pdf"
        )
      }
    }
    if let page = output.report, !page.lowercased().hasSuffix(".html") {
      throw ValidationError("--report “\(page)” does not end in .html")
    }
    if let workers = output.workers, workers < 1 {
      throw ValidationError("--workers \(workers) is less than 1")
    }
    let strangers = request.unmatchedSamples(files)
    guard strangers.isEmpty else {
      throw ValidationError("--samples names files that are not given: \(strangers.joined(separator: ", "))")
    }
    if request.combinesRates {
      guard (2...3).contains(files.count) else {
        throw ValidationError("--pulse-rates takes two or three files, not \(files.count)")
      }
      guard request.monteCarlo == nil, seriesReference == nil else {
        throw ValidationError("--pulse-rates goes neither with --monte-carlo nor with --temperature-series")
      }
    }
    guard request.emptyShots.count <= 1 || request.emptyShots.count == files.count else {
      throw ValidationError(
        "\(request.emptyShots.count) empty shots for \(files.count) files: give one for all, or one for each")
    }
    let written = (certificate?.paths).map { [$0.pdf, $0.json, $0.xml] } ?? []
    let archive = try output.place.destination(lot: lot)
    let targets = [archive?.path, output.plot, output.report].compactMap(\.self) + written
    guard Set(targets).count == targets.count else {
      throw ValidationError("--archive, --plot, --report and --certificate need names of their own")
    }
    do {
      try certificate?.check()
      try await inspect(files, archive: archive)
    } catch let error as InputError {
      printError("magcert: \(error)")
      throw ExitCode(2)
    }
  }

  private func inspect(_ files: [String], archive: ArchiveDestination?) async throws {
    var request = request
    request.wantsDetails =
      (output.plot != nil && output.plotContent.needsDetails(specimens: files.count))
      || (certificate != nil && files.count == 1)
    let inspector = try Inspector(request)
    var samples: [ReportedSample] = []
    var failures: [ReportedFailure] = []
    var pieces = LotPieces(for: plannedLot?.plan)
    var page = output.report == nil ? nil : LotPage(lot: lot, units: output.units)
    var done = 0
    var bar = ProgressBar(total: request.monteCarlo?.draws ?? 0)
    bar.isShown = output.showsProgress
    let showsFull =
      files.count == 1 || output.details || request.explains || (request.judge == nil && !output.json)
    let workers = output.workers ?? ProcessInfo.processInfo.activeProcessorCount
    func record(_ file: InspectedFile) throws {
      if request.monteCarlo != nil { bar.restart() }
      done += 1
      for result in file.results {
        if output.json { try printOut(result.jsonLine(showBudget: output.showBudget) + "\n") }
        switch result {
        case .sample(let sample):
          samples.append(sample)
          page?.add(sample)
          pieces.add(LotSpecimen(sample.analysis, verdict: sample.verdict))
          if sample.analysis.estimates.isEmpty {
            let reasons = sample.analysis.flags.map(\.message).joined(separator: "; ")
            printError("\(sample.source.path): no quantity could be read off this loop: \(reasons)")
          }
          if showsFull { try show(sample) }
        case .failure(let failure):
          failures.append(failure)
          page?.add(failure)
          pieces.add(.unread)
          printFailure(failure)
        }
      }
      if output.showsProgress, files.count > 1 { printProgress("\(done) of \(files.count) files") }
    }
    func lotReport() -> LotReport? {
      let judged = samples.lazy.compactMap(\.verdict).first
      return plannedLot.map {
        LotReport(
          LotSummary(lot: lot, samples: samples, failures: failures), plan: $0.plan, pieces: pieces,
          grade: judged?.grade, table: judged?.table, severityReason: $0.severityReason)
      }
    }
    var series: Result<ReportedTemperatureSeries, InputError>?
    if let seriesReference {
      series = try await inspectSeries(
        files, reference: seriesReference, with: inspector, workers: workers, archive: archive,
        lot: lot, record: record)
    } else {
      try await inspectFiles(
        files, with: inspector, workers: workers, archive: archive, lot: lot,
        lotRecord: { lotReport()?.jsonLine() }, progress: { bar.show($0) }, record: record)
    }
    if output.showsProgress, files.count > 1 { printProgress("") }
    if !output.json, !output.quiet, !showsFull, !samples.isEmpty {
      try printOut(
        lotTable(samples, failures: failures, lot: lot, units: output.units, colour: output.usesColour))
    }
    let report = lotReport()
    if let report { try show(report) }
    try writeFiles(samples, failures, report, archive: archive)
    if let page, let path = output.report {
      try writeLotPage(page, report: report, archive: archive?.path, to: path)
    }
    if let series { try show(series.get()) }
    throw exitCode(samples, failures, report)
  }

  private func show(_ report: LotReport) throws {
    if output.json {
      try printOut(report.jsonLine() + "\n")
    } else if !output.quiet {
      try printOut("\n" + report.text(units: output.units, colour: output.usesColour))
    }
  }

  private func show(_ series: ReportedTemperatureSeries) throws {
    if output.json {
      try printOut(series.jsonLine() + "\n")
    } else if !output.quiet {
      try printOut(series.terminalTable(colour: output.usesColour))
    }
  }

  private func show(_ sample: ReportedSample) throws {
    guard !output.json, !output.quiet else { return }
    try printOut(
      sample.terminalTable(
        units: output.units, colour: output.usesColour, allQuantities: output.allQuantities))
    if let table = sample.monteCarloTable(
      units: output.units, colour: output.usesColour, allQuantities: output.allQuantities)
    {
      try printOut("\n" + table)
    }
    if let plot = sample.terminalPlot(units: output.units) { try printOut("\n" + plot) }
    if output.showBudget {
      try printOut(
        "\n"
          + sample.budgetTable(
            units: output.units, colour: output.usesColour, allQuantities: output.allQuantities))
    }
    try printOut("" + "\n")
  }

  private func printFailure(_ failure: ReportedFailure) {
    if output.showsProgress { printProgress("") }
    printError(failure.terminalLine(colour: false))
  }

  private func writeFiles(
    _ samples: [ReportedSample], _ failures: [ReportedFailure], _ report: LotReport?,
    archive: ArchiveDestination?
  ) throws(InputError) {
    if let plot = output.plot {
      try writePlot(output.plotContent, of: samples, to: plot, units: output.units, title: lot)
    }
    if var certificate, !samples.isEmpty || !failures.isEmpty {
      certificate.acceptance = report?.acceptance
      let issued = try issueCertificate(
        certificate, samples: samples, failures: failures, lot: lot, archive: archive?.path,
        units: output.units)
      if !output.quiet { printError(issued.text) }
    }
  }

  private func exitCode(
    _ samples: [ReportedSample], _ failures: [ReportedFailure], _ report: LotReport?
  ) -> ExitCode {
    guard failures.isEmpty, report?.verdict?.result != .undetermined else { return ExitCode(2) }
    guard request.judge != nil else {
      // A file that gave no quantity at all is no success.
      return samples.contains { $0.analysis.estimates.isEmpty } ? ExitCode(2) : .success
    }
    // Without a grade a sample conforms when it meets any.
    let results = samples.map { sample -> Conformity in
      sample.verdict?.result ?? (sample.grades?.first?.result ?? .undetermined)
    }
    if results.contains(.undetermined) { return ExitCode(2) }
    let lotIsGood = report.map { $0.verdict?.result == .accepted } ?? true
    return lotIsGood && results.allSatisfy(\.conforms) ? .success : ExitCode(1)
  }
}
