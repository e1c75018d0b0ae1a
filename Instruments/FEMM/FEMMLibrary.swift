// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// A line such as `<H_c> = 891300` taken apart.
struct FEMMEntry {
  let key: String
  /// The text behind the equals sign, without quotation marks; empty when there is none.
  let value: String

  /// Nil for a line that does not begin with a key in angle brackets.
  init?(_ line: Range<Int>, _ bytes: Span<UInt8>) {
    let content = bytes.trimmed(line)
    guard let first = content.first, bytes[first] == UInt8(ascii: "<") else { return nil }
    let text = bytes.text(content)
    guard let end = text.firstIndex(of: ">") else { return nil }
    key = String(text[text.index(after: text.startIndex)..<end])
    var value = String(text[text.index(after: end)...]).trimmed
    if value.hasPrefix("=") { value = String(value.dropFirst()).trimmed }
    if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
      value = String(value.dropFirst().dropLast())
    }
    self.value = value.trimmed
  }

  /// The value as a finite number; nil when it is none.
  var number: Double? {
    let text = Array(value.utf8)
    var position = 0
    let number = text.span.decimalNumber(at: &position, end: text.count, decimalMark: Byte.point)
    return position == text.count && number?.isFinite == true ? number : nil
  }
}

/// The blocks of a material library.
struct FEMMLibrary {
  struct Block {
    fileprivate(set) var name = ""
    /// `<H_c>` in A/m: how far the curve is shifted; 0 for what is no magnet.
    fileprivate(set) var coercivity = 0.0
    /// `<BHPoints>`.
    fileprivate(set) var points = 0
    /// A scanner that stands behind `<BeginBlock>`.
    let start: LineScanner
  }

  private let blocks: [Block]

  init(_ bytes: Span<UInt8>) throws(ReadError) {
    var blocks: [Block] = []
    var open: Block?
    var depth = 0
    var scanner = LineScanner(bytes)
    while let line = scanner.next(bytes) {
      guard let entry = FEMMEntry(line, bytes) else { continue }
      switch entry.key {
      case "BeginFolder": depth += 1
      case "EndFolder": depth -= 1
      case "BeginBlock":
        guard open == nil else {
          throw ReadError(
            .malformed, "a block begins inside the block “\(open?.name ?? "")”", line: scanner.number)
        }
        open = Block(start: scanner)
      case "EndBlock":
        if let block = open { blocks.append(block) }
        open = nil
      case "BlockName": open?.name = entry.value
      case "H_c": open?.coercivity = try Self.number(entry, scanner)
      case "BHPoints":
        let count = try Self.number(entry, scanner)
        guard count >= 0, count <= 1e6, count == count.rounded() else {
          throw ReadError(.malformed, "“\(entry.value)” is no count of points", line: scanner.number)
        }
        open?.points = Int(count)
      default: break
      }
    }
    guard open == nil, depth <= 0 else {
      throw ReadError(
        .truncated,
        "the file ends inside \(open.map { "the block “\($0.name)”" } ?? "a folder"); copy it again")
    }
    self.blocks = blocks
  }

  private static func number(_ entry: FEMMEntry, _ scanner: LineScanner) throws(ReadError) -> Double {
    guard let number = entry.number else {
      throw ReadError(
        .malformed, "“\(entry.value)” is not a number", line: scanner.number, column: entry.key)
    }
    return number
  }

  /// The magnet with a curve that the user has named, else the only one.
  func chosen(_ options: ReadingOptions) throws(ReadError) -> Block {
    let magnets = blocks.filter { Self.fault(of: $0) == nil }
    let names = magnets.map(\.name)
    if let wanted = options.block, !names.contains(wanted),
      let other = blocks.first(where: { $0.name == wanted }), let fault = Self.fault(of: other)
    {
      throw ReadError(.notALoop, "“\(wanted)” \(fault)")
    }
    guard !magnets.isEmpty else {
      let first = blocks.first { $0.coercivity > 0 } ?? blocks.first
      let example = first.flatMap { block in Self.fault(of: block).map { ": “\(block.name)” \($0)" } }
      throw ReadError(
        .notALoop,
        "none of the \(blocks.count) materials is a permanent magnet with a curve to evaluate\(example ?? "")"
      )
    }
    return magnets[try chosenBlock(among: names, kind: "magnets with a curve", options)]
  }

  /// Why a material has no curve to evaluate, behind its name; nil for one that has.
  private static func fault(of block: Block) -> String? {
    guard block.coercivity > 0 else {
      return "has no H_c: it is no permanent magnet and has no demagnetisation curve"
    }
    switch block.points {
    case 0:
      return "states a straight line by its H_c and its permeability, where there is no curve to evaluate"
    case ..<fewestRows:
      return "states \(block.points) points, and at least \(fewestRows) are needed to evaluate a curve"
    default: return nil
    }
  }
}

/// The curve of one magnet, in SI, with the field as it is in the material.
struct FEMMCurve {
  private(set) var field: [Double] = []
  private(set) var fluxDensity: [Double] = []
  private(set) var lines: [Int] = []
  /// The block's entries in file order.
  private(set) var header: [HeaderEntry] = []

  init(_ bytes: Span<UInt8>, _ block: FEMMLibrary.Block) throws(ReadError) {
    guard block.points >= fewestRows else {
      throw ReadError(
        .notALoop,
        "“\(block.name)” states \(block.points) points, and at least \(fewestRows) are needed to evaluate a curve"
      )
    }
    var scanner = block.start
    while let line = scanner.next(bytes) {
      if let entry = FEMMEntry(line, bytes) {
        guard entry.key != "EndBlock" else { break }
        // A material has some twenty entries, which are kept as text.
        guard header.count < 1000 else {
          throw ReadError(
            .malformed, "the block has more than 1000 entries; the file is damaged", line: scanner.number)
        }
        header.append(HeaderEntry(entry.key, entry.value))
      } else if bytes.firstNonBlank(line) != nil {
        let point = try Self.point(bytes.trimmed(line), bytes, scanner.number)
        fluxDensity.append(point.fluxDensity)
        field.append(point.field - block.coercivity)
        lines.append(scanner.number)
      }
    }
    guard lines.count == block.points else {
      throw ReadError(
        .malformed, "“\(block.name)” announces \(block.points) points and has \(lines.count)",
        line: lines.last ?? scanner.number)
    }
    try requireFinite(field, lines: lines, column: "H")
    try requireFinite(fluxDensity, lines: lines, column: "B")
  }

  /// The two numbers of a line, between blanks or tabs.
  private static func point(
    _ line: Range<Int>, _ bytes: Span<UInt8>, _ number: Int
  ) throws(ReadError) -> (fluxDensity: Double, field: Double) {
    var position = line.lowerBound
    let first = bytes.decimalNumber(at: &position, end: line.upperBound, decimalMark: Byte.point)
    if let first, let next = bytes.firstNonBlank(position..<line.upperBound), next > position {
      position = next
      let second = bytes.decimalNumber(at: &position, end: line.upperBound, decimalMark: Byte.point)
      if let second, position == line.upperBound { return (first, second) }
    }
    throw ReadError(.malformed, "“\(bytes.text(line))” is not a point: B in T and H in A/m", line: number)
  }
}
