// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Certificates
internal import FoundationEssentials
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

/// Writes a page about a lot as one file of hypertext; `archive` is the finished archive that holds the lot.
///
/// Throws one sentence when the archive cannot be read or the file cannot be written.
public func writeLotPage(
  _ page: LotPage, report: LotReport?, archive: String?, to path: String
) throws(InputError) {
  var origin = LotPageOrigin(
    created: currentTime(), software: Software(name: "magcert", version: magcertVersion))
  if let archive {
    origin.archive = URL(filePath: archive).lastPathComponent
    do { origin.archiveChain = try ArchiveReader(opening: archive).chainDigest() } catch {
      throw InputError(error.description)
    }
  }
  try writeFile(Array(page.html(report: report, origin: origin).utf8), to: path)
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

/// Now, UTC, as `YYYY-MM-DDThh:mm:ssZ`.
func currentTime() -> String { Date.now.formatted(.iso8601) }
