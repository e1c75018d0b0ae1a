// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials
internal import Measurements
public import Report

/// Writes diagrams of samples as SVG, PDF or PNG, by the ending of the path.
///
/// Throws one sentence when the ending is another, when there is nothing to draw, when only a PDF has pages enough, or
/// when the file cannot be written.
public func writePlot(
  _ content: PlotContent = .demagnetisation, of samples: [ReportedSample], to path: String,
  units: DisplayUnits, title: String? = nil
) throws(InputError) {
  let format = try PlotFormat(path: path)
  let bytes: [UInt8]
  do {
    let plot = try Plot(
      samples, content: content, asDocument: format == .pdf, title: title, units: units)
    switch format {
    case .svg: bytes = try plot.svg()
    case .pdf: bytes = try plot.pdf(created: currentTime())
    case .png: bytes = try plot.png()
    }
  } catch {
    throw InputError("“\(path)” was not written: \(error)")
  }
  try writeFile(bytes, to: path)
}

/// The formats of a plot, by the ending of a path.
public enum PlotFormat: String, Sendable, CaseIterable {
  case svg, pdf, png

  /// The format that a path's ending names; throws one sentence for another ending.
  public init(path: String) throws(InputError) {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard let format = PlotFormat(rawValue: ending) else {
      throw InputError("“\(path)” does not end in .svg, .pdf or .png")
    }
    self = format
  }
}

/// Writes the test report of samples as PDF; `archive` is the finished archive that holds them.
///
/// Throws one sentence when it cannot be drawn or written.
public func writeTestReport(
  of samples: [ReportedSample], failures: [ReportedFailure], lot: String?, archive: String?,
  units: DisplayUnits, to path: String
) throws(InputError) {
  var details = TestReportDetails(created: currentTime())
  details.software = "magcert \(magcertVersion)"
  if let archive {
    details.archive = archive
    do { details.archiveSHA256 = ContentHash(of: try readSourceFile(archive).bytes).hexadecimal } catch {
      throw InputError("“\(path)” was not written: \(error)")
    }
  }
  let bytes: [UInt8]
  do {
    bytes = try CertificatePage(samples, failures: failures, details: details, lot: lot, units: units).pdf()
  } catch {
    throw InputError("“\(path)” was not written: \(error)")
  }
  try writeFile(bytes, to: path)
}

/// Now, UTC, as `YYYY-MM-DDThh:mm:ssZ`.
private func currentTime() -> String { Date.now.formatted(.iso8601) }
