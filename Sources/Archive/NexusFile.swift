// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import HDF5
internal import Quantities

extension ArchiveReader {
  /// Writes one row as a NeXus file of its own: specimen, loop as analysed and results, for other programs.
  ///
  /// J against the internal field, or the response as it was read where the volume is not known. The file is complete when
  /// it gets its name. `record` is the row's line of JSON with its budgets, for which such a file has no tables. Throws
  /// when the file exists or cannot be written; traps for a row that is not in the archive.
  public func writeNexus(_ row: Int, record: String, to target: String) throws(ArchiveError) {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    let summary = try summaries(of: row..<row + 1)[0]
    try makeNewFile(target) { partial throws(ArchiveError) in
      try archiving { () throws(HDF5Error) in try writeNexus(summary, record, to: partial) }
    }
  }

  private func writeNexus(_ row: ArchiveSummary, _ record: String, to path: String) throws(HDF5Error) {
    let file = try HDF5File(creating: path)
    try file.setAttribute("NX_class", .text("NXroot"))
    try file.setAttribute("default", .text("entry"))
    try file.setAttribute("creator", .text(software))
    try Self.group("/entry", "NXentry", in: file)
    try file.setAttribute("default", .text("data"), of: "/entry")
    try Self.text("/entry/title", row.sample ?? row.file, in: file)
    if let measured = row.measured { try Self.text("/entry/start_time", measured, in: file) }
    try Self.group("/entry/sample", "NXsample", in: file)
    try Self.text("/entry/sample/name", row.sample ?? row.file, in: file)
    for (name, column) in [
      ("mass", ("/entry/samples", "mass", "kg")), ("volume", ("/entry/samples", "effective_volume", "m3")),
      ("temperature", ("/entry/conditions", "temperature", "K")),
    ] {
      guard case .doubles(let value) = try cells(column.0, column.1, row.row..<row.row + 1), value[0].isFinite
      else { continue }
      try Self.numbers("/entry/sample/\(name)", value, column.2, in: file)
    }
    try writeData(of: row.row, to: file)
    try Self.group("/entry/results", "NXcollection", in: file)
    for (characteristic, value) in row.quantities {
      let path = "/entry/results/\(characteristic.rawValue)"
      try Self.group(path, "NXcollection", in: file)
      try file.setAttribute("long_name", .text(characteristic.title), of: path)
      let unit = characteristic.unit.rawValue
      try Self.numbers(path + "/value", [value.value], unit, in: file)
      try Self.numbers(path + "/standard_uncertainty", [value.standardUncertainty], unit, in: file)
      try Self.numbers(path + "/expanded_uncertainty", [value.expandedUncertainty], unit, in: file)
    }
    if let grade = row.grade { try Self.text("/entry/results/grade", grade, in: file) }
    if let verdict = row.verdict { try Self.text("/entry/results/verdict", verdict.rawValue, in: file) }
    // What a program that wants more than this needs: the record, and where it comes from.
    try Self.group("/entry/process", "NXprocess", in: file)
    try Self.text("/entry/process/program", software, in: file)
    try Self.text("/entry/process/record", record, in: file)
    try Self.text("/entry/process/source_file", row.file, in: file)
    try Self.text("/entry/process/source_sha256", row.sha256, in: file)
    try file.close()
  }

  /// The loop as a signal over its axis.
  private func writeData(of row: Int, to file: borrowing HDF5File) throws(HDF5Error) {
    try Self.group("/entry/data", "NXdata", in: file)
    var (field, signal) = try curve("/entry/data", row)
    var (signalName, unit) = ("polarisation", "T")
    var fieldName = "internal_field"
    if signal.isEmpty {
      (field, signal) = try curve("/entry/raw", row)
      signalName = try texts("/entry/raw", "response_kind", row..<row + 1)[0].split(separator: " ")
        .joined(separator: "_")
      unit = try texts("/entry/raw", "response_units", row..<row + 1)[0]
      fieldName = try texts("/entry/raw", "field_kind", row..<row + 1)[0] + "_field"
    }
    // A file that could not be read has neither.
    guard !signal.isEmpty, !signalName.isEmpty, signalName != fieldName else { return }
    try Self.numbers("/entry/data/\(fieldName)", field, "A/m", in: file)
    try Self.numbers("/entry/data/\(signalName)", signal, unit, in: file)
    try file.setAttribute("signal", .text(signalName), of: "/entry/data")
    try file.setAttribute("axes", .text(fieldName), of: "/entry/data")
  }

  /// The two columns of numbers of a row that lie side by side in a group.
  private func curve(_ path: String, _ row: Int) throws(HDF5Error) -> (field: [Double], signal: [Double]) {
    guard let table = loops.first(where: { $0.layout.path == path && $0.layout.index == "offset" }) else {
      return ([], [])
    }
    let columns = try table.block(row..<row + 1).columns
    guard columns.count == 2, case .doubles(let field) = columns[0], case .doubles(let signal) = columns[1]
    else {
      return ([], [])
    }
    return (field, signal)
  }

  private static func group(
    _ path: String, _ nexusClass: String, in file: borrowing HDF5File
  ) throws(HDF5Error) {
    try file.createGroup(path)
    try file.setAttribute("NX_class", .text(nexusClass), of: path)
  }

  private static func text(_ path: String, _ text: String, in file: borrowing HDF5File) throws(HDF5Error) {
    try file.createDataset(path, .text, chunk: 1).append([text])
  }

  private static func numbers(
    _ path: String, _ numbers: [Double], _ unit: String, in file: borrowing HDF5File
  ) throws(HDF5Error) {
    try file.createDataset(path, .double, chunk: max(1, numbers.count)).append(numbers)
    try file.setAttribute("units", .text(unit), of: path)
  }
}
