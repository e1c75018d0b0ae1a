// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// How the objects of an archive are copied to another file.
struct ObjectCopy {
  /// Whether numbers are compressed; else blocks stay as they are.
  var deflates = false
  /// How many elements of a dataset are copied, by its path; all of those that are not here.
  var lengths: [String: Int] = [:]
  /// The attributes of the root that are left out.
  var omitted: Set<String> = []
}

extension ArchiveReader {
  /// Copies every object to a new file; returns where its numbers lie.
  @discardableResult
  func copyObjects(to target: String, _ way: ObjectCopy) throws(HDF5Error) -> [Range<Int>] {
    let copy = try HDF5File(creating: target)
    guard let held = try HeldFile(target) else {
      throw HDF5Error(action: "lock \(target)", reasons: ["another process has it open"])
    }
    // libhdf5 does not survive a disk that fills up, so there has to be room for all before the first object.
    try held.reserve(try StoredFile.byteCount(path) + ArchiveWriter.structureRoom)
    defer { held.release() }
    var datasets: [String] = []
    try copyGroup("/", to: copy, way, depth: 0, &datasets)
    try copy.flush()
    var ranges: [Range<Int>] = []
    for path in datasets {
      let dataset = try copy.dataset(path)
      if dataset.type != .text { ranges += try dataset.storedRanges() }
    }
    try copy.close()
    return ranges
  }

  private func copyGroup(
    _ group: String, to copy: borrowing HDF5File, _ way: ObjectCopy, depth: Int, _ datasets: inout [String]
  ) throws(HDF5Error) {
    // A verified archive is not that deep.
    guard depth < 8 else {
      throw HDF5Error(action: "copy \(group)", reasons: ["groups inside groups without end"])
    }
    try copyAttributes(group, to: copy, omitting: depth == 0 ? way.omitted : [])
    for member in try file.members(of: group) {
      let path = group == "/" ? "/\(member.name)" : "\(group)/\(member.name)"
      switch member.kind {
      case .group:
        try copy.createGroup(path)
        try copyGroup(path, to: copy, way, depth: depth + 1, &datasets)
      case .dataset:
        try copyDataset(file.dataset(path), to: copy, way)
        try copyAttributes(path, to: copy, omitting: [])
        datasets.append(path)
      }
    }
  }

  private func copyAttributes(
    _ path: String, to copy: borrowing HDF5File, omitting omitted: Set<String>
  ) throws(HDF5Error) {
    try copy.setAttributes(try file.attributes(of: path, except: omitted), of: path)
  }

  private func copyDataset(
    _ dataset: HDF5Dataset, to copy: borrowing HDF5File, _ way: ObjectCopy
  ) throws(HDF5Error) {
    let count = try min(dataset.count(), way.lengths[dataset.path] ?? .max)
    // Larger blocks compress better; small tables do not need a large one.
    let chunk = way.deflates ? min(count, 16_384) : dataset.blockCount
    let target = try copy.createDataset(
      dataset.path, dataset.type, chunk: max(1, chunk),
      deflate: way.deflates && dataset.type != .text ? 4 : nil)
    let step = dataset.type == .text ? 1024 : 1 << 18
    for first in stride(from: 0, to: count, by: step) {
      let range = first..<min(first + step, count)
      switch dataset.type {
      case .double: try target.append(dataset.numbers(Double.self, in: range))
      case .int64: try target.append(dataset.numbers(Int64.self, in: range))
      case .uint8: try target.append(dataset.numbers(UInt8.self, in: range))
      case .text: try target.append(dataset.texts(in: range))
      }
    }
  }
}
