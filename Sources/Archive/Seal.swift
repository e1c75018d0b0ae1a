// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

/// What is appended to a finished archive so that damage is seen before libhdf5 follows a damaged reference.
///
/// A library that reads a self-describing file trusts the file's structure; some damages would end the process.
/// The seal lists the byte ranges that hold structure and text, each with its SHA-256. The rest are numbers,
/// which the hash chain covers row by row. Bytes after the end of an HDF5 file are ignored by other programs.
struct Seal: Hashable, Sendable {
  struct Extent: Hashable, Sendable {
    let range: Range<Int>
    let digest: String
  }

  /// The size of the HDF5 file without its seal.
  let byteCount: Int
  let extents: [Extent]

  private static let mark = "\nmagcert seal 1"
  private static let closing = "end "
  /// `end`, the seal's size in 20 digits, its digest, and the line end.
  private static let closingByteCount = 4 + 20 + 1 + 64 + 1

  /// The seal of a closed file in which `numbers` are the ranges that hold numbers only.
  init(of path: String, numbers: [Range<Int>]) throws(HDF5Error) {
    let file = try ReadableFile(path)
    byteCount = file.byteCount
    var extents: [Extent] = []
    var position = 0
    for range in numbers.sorted(by: { $0.lowerBound < $1.lowerBound }) + [byteCount..<byteCount] {
      if range.lowerBound > position {
        let gap = position..<range.lowerBound
        extents.append(Extent(range: gap, digest: try Self.digest(file, gap, forgets: true)))
      }
      position = max(position, range.upperBound)
    }
    self.extents = extents
  }

  /// The bytes to append.
  var bytes: [UInt8] {
    var lines = [Self.mark, String(byteCount)]
    lines += extents.map { "\($0.range.lowerBound) \($0.range.count) \($0.digest)" }
    let body = Array((lines.joined(separator: "\n") + "\n").utf8)
    let digits = String(body.count)
    let padded = String(repeating: "0", count: 20 - digits.count) + digits
    return body + Array("\(Self.closing)\(padded) \(ContentHash(of: body).hexadecimal)\n".utf8)
  }

  /// The seal at the end of a file; nil when there is none that is whole.
  init?(at path: String) throws(HDF5Error) {
    let size = try StoredFile.byteCount(path)
    guard size >= Self.closingByteCount else { return nil }
    let last = try StoredFile.bytes(path, in: size - Self.closingByteCount..<size)
    guard last.starts(with: Self.closing.utf8), last.last == UInt8(ascii: "\n") else { return nil }
    let words = last.dropFirst(Self.closing.utf8.count).dropLast().split(separator: UInt8(ascii: " "))
    guard words.count == 2, let length = Int(String(decoding: words[0], as: UTF8.self)),
      length >= 0, length <= size - Self.closingByteCount
    else { return nil }
    let end = size - Self.closingByteCount
    let body = try StoredFile.bytes(path, in: end - length..<end)
    guard ContentHash(of: body).hexadecimal.utf8.elementsEqual(words[1]) else { return nil }
    let text = String(decoding: body, as: UTF8.self)
    guard text.hasPrefix(Self.mark + "\n") else { return nil }
    let lines = text.dropFirst(Self.mark.count + 1).split(separator: "\n")
    guard let first = lines.first, let byteCount = Int(first), byteCount == end - length else { return nil }
    var extents: [Extent] = []
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ")
      guard parts.count == 3, let start = Int(parts[0]), let count = Int(parts[1]), start >= 0, count >= 0,
        start <= byteCount, count <= byteCount - start
      else { return nil }
      extents.append(Extent(range: start..<start + count, digest: String(parts[2])))
    }
    self.byteCount = byteCount
    self.extents = extents
  }

  /// The ranges whose bytes are not what they were.
  func damage(of path: String) throws(HDF5Error) -> [Range<Int>] {
    let file = try ReadableFile(path)
    var damaged: [Range<Int>] = []
    for extent in extents where try Self.digest(file, extent.range) != extent.digest {
      damaged.append(extent.range)
    }
    return damaged
  }

  private static func digest(
    _ file: borrowing ReadableFile, _ range: Range<Int>, forgets: Bool = false
  ) throws(HDF5Error) -> String {
    var hasher = ContentHasher()
    try file.forEachPiece(of: range, forgets: forgets) { hasher.update($0) }
    return hasher.digest().hexadecimal
  }
}
