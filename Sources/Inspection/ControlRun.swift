// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import Archive
internal import LotStatistics
internal import Quantities
public import Report

/// The control charts of a characteristic over archives, in the order in which they were made.
///
/// `sample` takes the measurements of one specimen only, such as a reference magnet. `reference` is its known value as
/// `1600 kA/m` with U as `16 kA/m`. Throws one sentence when an archive cannot be read, has no such value, or there are too
/// few of them.
public func controlSheet(
  _ characteristic: Characteristic, in archives: [String], sample: String? = nil, subgroupSize: Int = 1,
  reference: (value: String, expandedUncertainty: String)? = nil
) throws(InputError) -> ControlSheet {
  guard subgroupSize > 0 else { throw InputError("subgroups of \(subgroupSize) values are none") }
  var read: [(created: String, path: String, values: [ControlValue])] = []
  for path in try Inspection.archives(at: archives) {
    do throws(ArchiveError) {
      let archive = try ArchiveReader(opening: path)
      let values = try archive.summaries().compactMap { summary -> ControlValue? in
        guard sample == nil || summary.sample == sample, let found = summary.quantities[characteristic] else {
          return nil
        }
        return ControlValue(
          name: summary.sample ?? summary.file, archive: path, value: found.value,
          expandedUncertainty: found.expandedUncertainty)
      }
      read.append((archive.created, path, values))
    } catch { throw InputError(error.description) }
  }
  let values = read.sorted { ($0.created, $0.path) < ($1.created, $1.path) }.flatMap(\.values)
  guard !values.isEmpty else {
    throw InputError(
      "the archives have no value of \(characteristic.rawValue)\(sample.map { " of “\($0)”" } ?? "")")
  }
  var known: ControlSheet.Reference?
  if let reference {
    known = ControlSheet.Reference(
      value: try number(reference.value, of: characteristic),
      expandedUncertainty: try number(reference.expandedUncertainty, of: characteristic))
  }
  do {
    return try ControlSheet(characteristic, values: values, subgroupSize: subgroupSize, reference: known)
  } catch { throw InputError(error.description) }
}

/// A number with a unit of the characteristic's kind, or without one where it has none; in SI.
func number(_ text: String, of characteristic: Characteristic) throws(InputError) -> Double {
  let unit = characteristic.unit.rawValue
  if unit == "1", let value = Double(text), value.isFinite { return value }
  guard let dimension = UnitOfMeasure(word: unit)?.dimension,
    let found = NumberWithUnit(text, dimension: dimension), found.si.isFinite
  else {
    throw InputError("“\(text)” is no value of \(characteristic.rawValue) with its unit, such as \(unit)")
  }
  return found.si
}
