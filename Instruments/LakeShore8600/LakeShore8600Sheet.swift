// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// An export of an 8600 taken apart: its header lines and its data tables.
struct LakeShore8600Sheet {
  /// One data table.
  struct Block {
    /// The number of the sequence's step, as `#DATA:` gives it, made unlike those before it.
    let name: String
    /// The title of the measurement, such as `HYSTERESIS MEASUREMENT`.
    let measurement: String
    /// The text of `START TIME:`.
    let started: String?
    /// Nil when the table was not asked for or has no column names.
    var rows: LakeShore8600Rows?
    /// Whether the table has a row.
    var hasRows = false
  }

  /// The header in file order, section titles under `#`.
  private(set) var entries: [HeaderEntry] = []
  private(set) var blocks: [Block] = []

  /// More header lines and tables than these are no export, and would cost more memory than the file.
  private static let most = (lines: 10_000, blocks: 1000)

  /// Walks over the file and reads the table that the user has named, else the first.
  init(_ bytes: Span<UInt8>, _ options: ReadingOptions) throws(ReadError) {
    var scanner = LineScanner(bytes)
    var padding: UInt8?
    var step: String?
    var measurement = ""
    var started: String?
    var pending = scanner.next(bytes)
    if let last = pending?.last, bytes[last] == Byte.comma || bytes[last] == Byte.tab {
      padding = bytes[last]
    }
    while let line = pending {
      let text = Self.text(line, padding, bytes)
      if text.hasPrefix("##DATA TABLE") {
        entries.append(HeaderEntry("##", String(text.dropFirst(2)).trimmed))
        guard blocks.count < Self.most.blocks else {
          throw ReadError(
            .malformed, "the file has more than \(Self.most.blocks) data tables", line: scanner.number)
        }
        let name = name(step ?? "\(blocks.count + 1)")
        var block = Block(name: name, measurement: measurement, started: started)
        let isWanted = options.block.map { $0 == name } ?? !blocks.contains { $0.hasRows }
        pending = try block.read(bytes, &scanner, isWanted: isWanted)
        blocks.append(block)
        step = nil
        continue
      }
      if let entry = Self.entry(text) {
        guard entries.count < Self.most.lines else {
          throw ReadError(
            .malformed, "the header goes on for more than \(Self.most.lines) lines", line: scanner.number)
        }
        entries.append(entry)
        if entry.key == "#", entry.value.hasSuffix("MEASUREMENT") { measurement = entry.value }
        if entry.key == "#", entry.value.hasPrefix("DATA:") {
          step = String(entry.value.dropFirst(5)).trimmed
        }
        if entry.key == "START TIME" { started = entry.value }
      }
      pending = scanner.next(bytes)
    }
  }

  /// The text of a line without the delimiters that a spreadsheet filled it with.
  private static func text(_ line: Range<Int>, _ padding: UInt8?, _ bytes: Span<UInt8>) -> String {
    let content = padding.map { bytes.withoutPadding(line, $0) } ?? line
    return bytes.text(bytes.trimmed(content))
  }

  private static func entry(_ text: String) -> HeaderEntry? {
    if text.isEmpty { return nil }
    if text.hasPrefix("#") { return HeaderEntry("#", String(text.drop { $0 == "#" }).trimmed) }
    guard let colon = text.firstRange(of: ": ") else {
      return text.hasSuffix(":") ? HeaderEntry(String(text.dropLast()), "") : HeaderEntry("", text)
    }
    return HeaderEntry(String(text[..<colon.lowerBound]), String(text[colon.upperBound...]).trimmed)
  }

  /// A name that no table before has.
  private func name(_ step: String) -> String {
    let uses = blocks.count { $0.name == step || $0.name.hasPrefix("\(step) (") }
    return uses == 0 ? step : "\(step) (\(uses + 1))"
  }

  /// The text of the first entry of that name; nil when there is none or it is empty.
  func value(_ key: String) -> String? {
    guard let text = entries.first(where: { $0.key == key })?.value, !text.isEmpty else { return nil }
    return text
  }

  /// What stands below the first line.
  var softwareVersion: String? { entries.dropFirst().first.flatMap { $0.key.isEmpty ? $0.value : nil } }

  /// The table to read: the one that the user has named, else the only one with rows.
  func chosen(_ options: ReadingOptions) throws(ReadError) -> Block {
    let full = blocks.filter(\.hasRows)
    let names = full.prefix(20).map(\.name).joined(separator: ", ") + (full.count > 20 ? " …" : "")
    if let wanted = options.block {
      guard let block = full.first(where: { $0.name == wanted }) else {
        throw ReadError(
          .block, "no data table of the file is called “\(wanted)”; the steps with rows are \(names)")
      }
      return block
    }
    guard let first = full.first ?? blocks.first else {
      throw ReadError(.truncated, "the file ends in its header: there is no data table")
    }
    // Other measurements are refused for what they are.
    guard full.count < 2 || full.allSatisfy({ $0.measurement.contains("FORC") }) else {
      throw ReadError(
        .block, "the file holds the data tables of several steps; choose one of \(names) with --block")
    }
    return first
  }
}

extension LakeShore8600Sheet.Block {
  /// Reads the column line and the rows up to the next line that begins with `#`, which is returned.
  fileprivate mutating func read(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, isWanted: Bool
  ) throws(ReadError) -> Range<Int>? {
    var hasColumns = false
    while let line = scanner.next(bytes) {
      guard let first = bytes.firstNonBlank(line) else { continue }
      if bytes[first] == UInt8(ascii: "#") { return line }
      if !hasColumns {
        hasColumns = true
        if isWanted, scanner.isTerminated {
          rows = try LakeShore8600Rows(columnLine: line, scanner.number, of: bytes)
        }
        continue
      }
      // A blank line between segments that a spreadsheet filled.
      if bytes[first] == Byte.comma, bytes.withoutPadding(line, Byte.comma).isEmpty { continue }
      hasRows = true
      if isWanted { try rows?.append(line, scanner, of: bytes) }
    }
    return nil
  }
}
