// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Testing

@Suite("Formats that nobody reads")
struct ForeignFormatTests {
  // What stands behind the marks of binary files: not text, not zeros alone.
  private static let rest = (0..<400).map { UInt8(truncatingIfNeeded: $0 &* 37) }

  private static func wide(_ text: String, bigEndian: Bool = false) -> [UInt8] {
    text.utf16.flatMap { unit in
      let pair = [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
      return bigEndian ? pair.reversed() : pair
    }
  }

  private static let table = "H (A/m),J (T)\n" + (0..<20).map { "\($0),1\n" }.joined()

  // The bytes of a file and the words its refusal has to hold: what it is and what to do.
  static let files: [(name: String, bytes: [UInt8], words: [String])] = [
    (
      "xlsx", [0x50, 0x4B, 3, 4, 20, 0] + Array("[Content_Types].xml".utf8) + rest,
      ["workbook (.xlsx)", "CSV (UTF-8)"]
    ),
    (
      "xlsx by folder", [0x50, 0x4B, 3, 4, 20, 0] + rest + Array("xl/workbook.bin".utf8), ["workbook (.xlsx)"]
    ),
    (
      "ods",
      [0x50, 0x4B, 3, 4, 20, 0] + Array("mimetypeapplication/vnd.oasis.opendocument.spreadsheet".utf8) + rest,
      ["workbook (.ods)", "CSV"]
    ),
    ("zip", [0x50, 0x4B, 3, 4, 20, 0] + Array("a.txt".utf8) + rest, ["ZIP archive", "unpack"]),
    ("xls", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + rest, ["workbook (.xls)", "CSV (UTF-8)"]),
    ("hdf5", [0x89, 0x48, 0x44, 0x46, 13, 10, 0x1A, 10] + rest, ["HDF5", "magcert archive"]),
    ("mat", Array("MATLAB 5.0 MAT-file, made up".utf8) + rest, ["MATLAB", "text"]),
    ("pdf", Array("%PDF-1.7\n1 0 obj\n".utf8), ["PDF", "instrument"]),
    ("png", [0x89, 0x50, 0x4E, 0x47, 13, 10, 0x1A, 10] + rest, ["picture (PNG)"]),
    ("jpeg", [0xFF, 0xD8, 0xFF, 0xE0] + rest, ["picture (JPEG)"]),
    ("gif", Array("GIF89a".utf8) + rest, ["picture (GIF)"]),
    ("gzip", [0x1F, 0x8B, 8, 0] + rest, ["gzip", "unpack"]),
    ("lecroy", Array("#9000001234WAVEDESC".utf8) + rest, ["LeCroy", "text"]),
    ("lecroy without count", Array("WAVEDESC".utf8) + rest, ["LeCroy"]),
    ("utf-16", [0xFF, 0xFE] + wide(table), ["UTF-16", "UTF-8"]),
    ("utf-16 big endian", [0xFE, 0xFF] + wide(table, bigEndian: true), ["UTF-16"]),
    ("utf-16 without mark", wide(table), ["UTF-16"]),
    (
      "pyleecan",
      Array("{\n  \"__class__\": \"Material\",\n  \"mag\": {\"Brm20\": 1.2, \"mur_lin\": 1.1}\n}\n".utf8),
      ["pyleecan", "straight line"]
    ),
    ("json", Array("{\"H\": [1, 2], \"J\": [0, 1]}\n".utf8), ["JSON"]),
    ("json list", Array("\u{FEFF}[\n  {\"H\": 1}]\n".utf8), ["JSON"]),
    ("empty json", Array("{}".utf8), ["JSON"]),
    ("xml", Array("<?xml version=\"1.0\"?>\n<Workbook>\n".utf8), ["XML", "CSV"]),
    ("html", Array("\r\n<!DOCTYPE HTML>\n<table>\n".utf8), ["HTML", "CSV"]),
  ]

  @Test("a known stranger is refused with what it is and what to do", arguments: files)
  func refused(_ name: String, _ bytes: [UInt8], _ words: [String]) {
    let error = #expect(throws: ReadError.self) { try instrument(for: SourceFile(name: name, bytes: bytes)) }
    #expect(error?.code == .unknownFormat)
    for word in words { #expect(error?.detail.contains(word) == true, "\(error?.detail ?? "")") }
    // The first bytes alone, and each beginning of them, are no trap.
    for length in 1..<min(bytes.count, 80) {
      let part = SourceFile(name: name, bytes: Array(bytes.prefix(length)))
      #expect(throws: ReadError.self) { try instrument(for: part) }
    }
  }

  @Test("what only looks like one keeps the general advice")
  func lookalikes() {
    for text in ["[Format] = 4.0\n", "{ a set }\n", "PK is a company\n", "<BeginTable>\n", "[", "{"] {
      let error = #expect(throws: ReadError.self) { try instrument(for: textFile(text)) }
      #expect(error?.detail.contains("--instrument") == true, "\(text): \(error?.detail ?? "")")
    }
    let error = #expect(throws: ReadError.self) {
      try instrument(for: SourceFile(name: "", bytes: [1, 2] + Self.rest))
    }
    #expect(error?.detail.contains("binary") == true)
  }

  @Test("a driver's claim for certain comes before any of this")
  func claimsComeFirst() throws {
    let driver = Instrument(
      id: "workbook", title: "workbooks", recognize: { _ in Claim(.certain, "always") },
      read: { _, _ throws(ReadError) in throw ReadError(.malformed, "never read in this test") })
    let file = SourceFile(name: "", bytes: [0x50, 0x4B, 3, 4, 20, 0] + Self.rest)
    #expect(try instrument(for: file, among: [driver]).id == "workbook")
  }

  @Test("numbers without names are pointed to profiles, by the registry and by the table's driver")
  func numbersWithoutNames() {
    // As MolSpin and coercivity meters write them: a line of text, then numbers between blanks.
    let lines = (0..<20).map { "\($0) \(2 * $0) \(3 * $0)" }.joined(separator: "\n")
    for text in ["Probe 7\n" + lines, lines.replacing(" ", with: "\t")] {
      let general = #expect(throws: ReadError.self) { try instrument(for: textFile(text)) }
      let own = #expect(throws: ReadError.self) {
        try Instrument.table.read(textFile(text), ReadingOptions())
      }
      for detail in [general?.detail ?? "", own?.detail ?? ""] {
        #expect(detail.contains("--profile FILE"), "\(detail)")
        #expect(detail.contains("magcert instruments profile FILE"), "\(detail)")
        #expect(detail.contains("header line"), "\(detail)")
      }
    }
  }
}
