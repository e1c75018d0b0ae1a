// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The records of a file that Fortran wrote unformatted, little endian: each between two copies of its length.
struct FortranRecords {
  /// Where each record's content lies.
  let records: [Range<Int>]

  /// Finds all records; throws `truncated` when the file ends inside one and `malformed` when two lengths differ.
  init(_ bytes: Span<UInt8>) throws(ReadError) {
    var records: [Range<Int>] = []
    var position = 0
    while position < bytes.count {
      guard let length = bytes.littleEndian(at: position).map({ Int($0) }),
        bytes.count - position - 8 >= length
      else {
        throw ReadError(
          .truncated,
          "the file ends inside record \(records.count + 1), which begins at byte \(position); copy it again")
      }
      let content = position + 4..<position + 4 + length
      guard bytes.littleEndian(at: content.upperBound) == UInt32(length) else {
        throw ReadError(
          .malformed,
          "the two lengths around record \(records.count + 1), at byte \(position), differ; the file is damaged"
        )
      }
      records.append(content)
      position = content.upperBound + 4
    }
    self.records = records
  }

  /// The record at a position, which has one of the lengths.
  func record(_ position: Int, _ what: String, lengths: [Int]) throws(ReadError) -> Range<Int> {
    guard records.indices.contains(position) else {
      throw ReadError(.truncated, "the file ends before \(what), which is record \(position + 1)")
    }
    guard lengths.contains(records[position].count) else {
      throw ReadError(
        .malformed,
        "record \(position + 1) has \(records[position].count) bytes, where \(what) takes "
          + lengths.map(String.init).joined(separator: " or "))
    }
    return records[position]
  }
}

extension Span<UInt8> {
  /// The number of 32 bits at an offset, lowest byte first; nil where it does not fit in.
  func littleEndian(at offset: Int) -> UInt32? {
    guard offset >= 0, count - offset >= 4 else { return nil }
    var number: UInt32 = 0
    for index in 0..<4 { number |= UInt32(self[offset + index]) << UInt32(8 * index) }
    return number
  }

  /// The 32-bit numbers of a range.
  func littleEndian(_ range: Range<Int>) -> [UInt32] {
    stride(from: range.lowerBound, to: range.upperBound, by: 4).compactMap { littleEndian(at: $0) }
  }
}
