// SPDX-License-Identifier: GPL-3.0-or-later

/// What a file is that no driver reads, and what to do with it, in one sentence; nil when nothing in its first
/// bytes says so unmistakably.
func foreignFormat(_ bytes: Span<UInt8>) -> String? {
  let start = bytes.extracting(0..<min(bytes.count, 4096))
  let found = signatures.first { start.has($0.mark, at: $0.offset) }
  if let found { return "the file is \(found.what); \(found.advice)" }
  if start.isArchive { return workbook(start) }
  if start.isUTF16 {
    return "the file is text in UTF-16; save it as UTF-8, in a spreadsheet as “CSV UTF-8”"
  }
  if start.holds("WAVEDESC", within: 64) {
    return "the file is a waveform of a LeCroy oscilloscope (.trc); \(exportWaveform)"
  }
  return start.isJSON ? json(bytes.extracting(0..<min(bytes.count, 65536))) : markup(start)
}

private let asText = "save the sheet as CSV (UTF-8) with H and B or J columns whose names carry units"
private let exportWaveform = "export it as text with a column of times and one of volts per channel"
private let measurement = "give the file that the instrument wrote, or its export as text"

/// Files that their first bytes tell.
private let signatures: [(mark: [UInt8], offset: Int, what: String, advice: String)] = [
  (
    [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], 0,
    "an old workbook (.xls) or another document of Office",
    asText
  ),
  (
    [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A], 0, "HDF5",
    "an archive of magcert is looked into with “magcert archive”, and other HDF5 is not read"
  ),
  (
    Array("MATLAB 5.0 MAT-file".utf8), 0, "a MATLAB file",
    "write the columns as text whose header names units"
  ),
  (Array("%PDF-".utf8), 0, "a PDF document", measurement),
  ([0x89] + Array("PNG".utf8), 0, "a picture (PNG)", measurement),
  ([0xFF, 0xD8, 0xFF], 0, "a picture (JPEG)", measurement),
  (Array("GIF8".utf8), 0, "a picture (GIF)", measurement),
  ([0x1F, 0x8B], 0, "compressed with gzip", "unpack it first"),
]

/// A ZIP archive: nearly always a workbook.
private func workbook(_ bytes: Span<UInt8>) -> String {
  if bytes.holds("[Content_Types].xml", within: 4096) || bytes.holds("xl/", within: 4096) {
    return "the file is a workbook (.xlsx); \(asText)"
  }
  if bytes.holds("opendocument.spreadsheet", within: 4096) {
    return "the file is a workbook (.ods); \(asText)"
  }
  return "the file is a ZIP archive; unpack it, and if it is a workbook, \(asText)"
}

private func json(_ bytes: Span<UInt8>) -> String {
  guard bytes.holds("\"Brm20\"", within: bytes.count) else {
    return "the file is JSON, which no instrument is known to write; \(measurement)"
  }
  return
    "the file is a material of pyleecan, which states Br, Hc and a permeability (Brm20, Hc, mur_lin): a straight "
    + "line, where there is no curve to evaluate"
}

private func markup(_ bytes: Span<UInt8>) -> String? {
  let marks = ["<?xml", "<!doctype html", "<html"]
  guard let first = bytes.firstText,
    marks.contains(where: { bytes.has(Array($0.utf8), at: first, foldCase: true) })
  else { return nil }
  return "the file is XML or HTML; if a spreadsheet opens it, \(asText)"
}

extension Span<UInt8> {
  /// Whether some bytes stand at an offset; with `foldCase` ASCII letters of either case are equal.
  fileprivate func has(_ mark: [UInt8], at offset: Int, foldCase: Bool = false) -> Bool {
    guard count - offset >= mark.count else { return false }
    for index in mark.indices {
      let byte = self[offset + index]
      let isCapital = foldCase && byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      guard (isCapital ? byte | 32 : byte) == mark[index] else { return false }
    }
    return true
  }

  /// Whether a text begins in the first bytes.
  fileprivate func holds(_ text: String, within limit: Int) -> Bool {
    let mark = Array(text.utf8)
    for offset in 0..<Swift.min(count, limit) where has(mark, at: offset) { return true }
    return false
  }

  fileprivate var isArchive: Bool { has([0x50, 0x4B, 3, 4], at: 0) || has([0x50, 0x4B, 5, 6], at: 0) }

  /// Whether the bytes begin with a mark of UTF-16, or every second one of the first 64 is zero and no other.
  fileprivate var isUTF16: Bool {
    if has([0xFF, 0xFE], at: 0) || has([0xFE, 0xFF], at: 0) { return true }
    let length = Swift.min(count, 64) / 2 * 2
    guard length >= 16 else { return false }
    let isZero = (0..<length).map { self[$0] == 0 }
    let alternates = (1..<length).allSatisfy { isZero[$0] != isZero[$0 - 1] }
    return alternates
  }

  /// The first byte of text: behind a UTF-8 mark, blanks and line ends.
  fileprivate var firstText: Int? {
    let start = has([0xEF, 0xBB, 0xBF], at: 0) ? 3 : 0
    return (start..<Swift.max(start, count)).first { self[$0] > Byte.blank }
  }

  /// Whether the text begins as an object or a list of objects does.
  fileprivate var isJSON: Bool {
    guard var next = firstText else { return false }
    let opening = self[next]
    guard opening == UInt8(ascii: "{") || opening == UInt8(ascii: "[") else { return false }
    repeat { next += 1 } while next < count && self[next] <= Byte.blank
    guard next < count else { return false }
    let follower = self[next]
    return follower == Byte.quote || follower == UInt8(ascii: "{") || follower == UInt8(ascii: "[")
      || follower == opening + 2
  }
}

/// What to do with text whose columns have no names, or names that nobody knows.
let profileAdvice =
  "describe the file in a profile: “magcert instruments profile FILE” proposes one, and --profile FILE reads with it"
