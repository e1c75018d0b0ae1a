// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Archive
internal import FoundationEssentials
internal import Measurements
public import Quantities
public import Report

/// Inspects loops of one specimen at several temperatures and gives the series beside the files.
///
/// As `inspectFiles`, but for a few files that are held in memory together, because every row of the archive records
/// the series. The files are complete also when they make no series; the second part of the result is then one
/// sentence that says why.
public func inspectSeries(
  _ paths: [String], reference: Quantity<Temperature>, with inspector: Inspector, workers: Int,
  archive: ArchiveDestination? = nil, lot: String? = nil, record: (InspectedFile) throws -> Void
) async throws -> Result<ReportedTemperatureSeries, InputError> {
  var files: [InspectedFile] = []
  try await inOrder(paths.count, workers: workers) {
    inspector.inspect(path: paths[$0], place: $0)
  } record: {
    files.append($0)
  }
  let outcome = Result { () throws(InputError) in
    try temperatureSeries(files, reference: reference)
  }
  try await archiving(to: archive, lot: lot) { append in
    for file in files {
      for (entry, result) in zip(file.entries, file.results) {
        var entry = entry
        if case .success(let series) = outcome, case .sample(var sample) = result {
          sample.temperatureSeries = series
          entry.record = sample.archivedLine()
        }
        try append(entry)
      }
      try record(file)
    }
  }
  return outcome
}

private func temperatureSeries(
  _ files: [InspectedFile], reference: Quantity<Temperature>
) throws(InputError) -> ReportedTemperatureSeries {
  var members: [TemperatureSeries.Member] = []
  var sources: [ReportedSource] = []
  var names: [String] = []
  let results = files.flatMap { file in file.results.indices.map { (file.results[$0], file.budgets[$0]) } }
  for (result, budget) in results {
    guard case .sample(let sample) = result else {
      throw InputError("no temperature series was made, because a file gave no result")
    }
    guard let temperature = sample.analysis.conditions.temperature?.value else {
      throw InputError(
        "no temperature series was made, because the temperature of “\(sample.source.path)” is not known; a column "
          + "temperature of --samples states it")
    }
    if let name = sample.sample.id?.value, !names.contains(name) { names.append(name) }
    guard let budget else { preconditionFailure("a loop that was analysed without a budget") }
    members.append(
      TemperatureSeries.Member(
        temperature: temperature, estimates: sample.analysis.estimates, budget: budget,
        instrument: sample.source.instrument))
    sources.append(sample.source)
  }
  guard names.count <= 1 else {
    throw InputError(
      "no temperature series was made, because the loops are of different specimens: "
        + names.map { "“\($0)”" }.joined(separator: ", ") + "; --sample names one")
  }
  do {
    return ReportedTemperatureSeries(
      specimen: names.first, series: try TemperatureSeries(members, reference: reference), sources: sources)
  } catch { throw InputError(error.description) }
}

/// The coefficients of the last temperature series in a file of JSON lines that `--temperature-series --json` wrote.
///
/// Throws one sentence when there is none, or when a number in it cannot be one.
public func measuredCoefficients(
  _ path: String
) throws(InputError) -> [Characteristic: [TemperatureCoefficient]] {
  var found: StoredSeries?
  for line in try readSettingsText(path).split(whereSeparator: \.isNewline) {
    let data = Data(line.utf8)
    guard let head = try? JSONDecoder().decode(StoredSchema.self, from: data),
      head.schema == "magcert.temperature-series/1"
    else { continue }
    do { found = try JSONDecoder().decode(StoredSeries.self, from: data) } catch {
      throw InputError("the temperature series in “\(path)” is not as magcert writes it: \(reason(error))")
    }
  }
  guard let found else {
    throw InputError(
      "“\(path)” holds no temperature series; magcert analyze --temperature-series --json prints one")
  }
  var result: [Characteristic: [TemperatureCoefficient]] = [:]
  for row in found.coefficients {
    let isPossible =
      row.unit == .perKelvin && row.value.isFinite && row.standardUncertainty >= 0
      && row.standardUncertainty.isFinite && row.from.isTemperature && row.to.isTemperature
      && row.from.value != row.to.value && (row.degreesOfFreedom ?? 1) > 0
    guard isPossible else {
      throw InputError(
        "the temperature series in “\(path)” has impossible numbers for \(row.quantity.rawValue)")
    }
    result[row.quantity, default: []].append(
      TemperatureCoefficient(
        perKelvin: row.value, standardUncertainty: row.standardUncertainty,
        degreesOfFreedom: row.degreesOfFreedom, reference: Quantity(si: row.from.value),
        other: Quantity(si: row.to.value)))
  }
  guard !result.isEmpty else { throw InputError("the temperature series in “\(path)” has no coefficient") }
  return result
}

private struct StoredSchema: Decodable {
  let schema: String
}

private struct StoredSeries: Decodable {
  struct Number: Decodable {
    let value: Double
    let unit: SIUnit

    var isTemperature: Bool { unit == .kelvin && value > 0 && value.isFinite }
  }
  struct Row: Decodable {
    let quantity: Characteristic
    let from: Number
    let to: Number
    let value: Double
    let unit: SIUnit
    let standardUncertainty: Double
    let degreesOfFreedom: Double?
  }
  let coefficients: [Row]
}

/// What a decoder missed, by the name of the key.
private func reason(_ error: any Error) -> String {
  switch error as? DecodingError {
  case .keyNotFound(let key, _): "“\(key.stringValue)” is missing"
  case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
    "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” is not what it should be"
  default: "it cannot be read"
  }
}
