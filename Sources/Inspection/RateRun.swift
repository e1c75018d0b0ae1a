// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Measurements
internal import Quantities
internal import Report

extension Inspector {
  /// Inspects shots of one specimen at two or three rates, the slowest first, as one result.
  ///
  /// Its source is the slowest shot; the others are its companions. A shot that gives no loop is the result.
  public func inspectRates(_ paths: [String]) -> InspectedFile {
    var single = self
    single.request.judge = nil
    single.request.reduction = nil
    single.request.combinesRates = true
    let files = paths.enumerated().map { single.inspect(path: $1, place: $0) }
    let samples = files.compactMap { file -> ReportedSample? in
      guard file.results.count == 1, case .sample(let sample) = file.results[0] else { return nil }
      return sample
    }
    guard samples.count == files.count, var reported = samples.first, var entry = files[0].entries.first,
      let budget = files[0].budgets[0]
    else {
      if let failure = files.first(where: { file in
        !file.results.allSatisfy { if case .sample = $0 { true } else { false } }
      }) {
        return failure
      }
      let other = files.first { $0.results.count != 1 } ?? files[0]
      return failed(
        SourceFile(name: other.path, bytes: []),
        ReportedFailure(
          source: ReportedSource(path: other.path), code: AnalysisError.Code.rates.rawValue,
          message: "the file holds \(other.results.count) loops, and a shot of a series of rates is one"))
    }
    do throws(AnalysisError) {
      try requireOneSpecimen(samples)
      let rates = try samples.map { sample throws(AnalysisError) in
        guard let rate = sample.analysis.conditions.sweepRate else {
          throw AnalysisError(
            .rates,
            "“\(sample.source.path)” tells no rate of the field at J = 0, so that it is no shot of a series of rates"
          )
        }
        return rate
      }
      reported.analysis = try RateExtrapolation(
        samples.map(\.analysis), rates: rates, unit: .amperePerMetreSecond
      ).analysis()
    } catch {
      let file = files[0].entries[0].source
      return failed(
        file,
        ReportedFailure(source: reported.source, code: error.code.rawValue, message: error.description))
    }
    for file in files.dropFirst() {
      entry.companions +=
        file.entries.map { Companion(.otherRate, $0.source) }
        + file.entries.flatMap(\.companions).filter { $0.role == .emptyShot }
    }
    reported.source.companions = entry.companions.map(\.reported)
    conclude(&reported, budget: budget, &entry)
    let result = Inspected.sample(reported)
    entry.record = result.archivedLine
    return InspectedFile(path: files[0].path, results: [result], entries: [entry], budgets: [0: budget])
  }

  /// Refuses shots of specimens of different names or shapes, or at temperatures more than 1 K apart, which is 0.6 % of
  /// HcJ.
  private func requireOneSpecimen(_ samples: [ReportedSample]) throws(AnalysisError) {
    let names = Set(samples.compactMap { $0.sample.id?.value })
    let shapes = Set(samples.compactMap { $0.sample.shape?.value })
    guard names.count <= 1, shapes.count <= 1 else {
      throw AnalysisError(
        .rates,
        "the shots are of different specimens: \(names.sorted().joined(separator: ", ")), \(shapes.count) shapes; "
          + "--sample, --shape and --size state one")
    }
    let temperatures = samples.compactMap { $0.analysis.conditions.temperature?.value.si }
    guard let low = temperatures.min(), let high = temperatures.max(), high - low > 1 else { return }
    throw AnalysisError(.rates, "the shots were made at temperatures \(high - low) K apart")
  }
}
