// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Files of Petersen's variable field translation balance.
  public static let petersenVFTB = Instrument(
    id: PetersenVFTB.id, title: "Petersen variable field translation balance (VFTB)",
    hasBlocks: true, recognize: PetersenVFTB.recognize, read: PetersenVFTB.read)
}

/// The driver for VFTB files: name and weight, then sets of rows.
enum PetersenVFTB {
  static let id = "petersen-vftb"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let first = file.firstLines(1).first, header(of: first) != nil else {
      return Claim(.no, "the first line is not “name: …” and “weight: …” with a tab between them")
    }
    return Claim(.certain, "the first line is “\(first.prefix(80))”")
  }

  /// Name and weight of the first line; nil when it is another.
  private static func header(of line: String) -> (name: String, weight: String)? {
    guard line.hasPrefix("name:"), let weight = line.firstRange(of: "\tweight:") else { return nil }
    return (
      String(line[..<weight.lowerBound].dropFirst("name:".count)).trimmed,
      String(line[weight.upperBound...]).trimmed
    )
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    guard let first = file.firstLines(1).first, let (name, weight) = header(of: first) else {
      throw ReadError(
        .malformed, "a VFTB file begins with “name: …” and “weight: …”, and this one does not")
    }
    let bytes = file.bytes.span
    var scanner = LineScanner(bytes)
    let sets = try VFTBSet.all(bytes, &scanner, options)
    var notes: [ReadingNote] = scanner.isTerminated ? [] : [.noFinalLineEnd]
    let set = try chosen(sets, options, &notes)

    var sample = Sample()
    sample.circuit = Sourced(.open, .assumed)
    if !name.isEmpty { sample.id = Sourced(name, .header) }
    sample.mass = typedSize("weight", weight, .mass, &notes).map { Sourced(Quantity(si: $0), .header) }
    let response = try set.block.si(of: set.response)
    return LoopMeasurement(
      instrument: id,
      header: [HeaderEntry("name", name), HeaderEntry("weight", weight)]
        + sets.map { HeaderEntry($0.name, $0.titles) },
      sample: sample, field: .applied(Series(si: set.fieldStrength)),
      response: set.response.unit.dimension == .momentPerMass
        ? .specificMoment(Series(si: response)) : .moment(Series(si: response)),
      time: try set.block.times(of: set.time),
      temperature: try set.block.temperatures(of: set.temperature, &notes), lines: set.block.lines,
      notes: notes + set.notes)
  }

  /// The set that the user names, else the only loop.
  private static func chosen(
    _ sets: [VFTBSet], _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) -> VFTBSet {
    guard !sets.isEmpty else { throw ReadError(.truncated, "no “Set 1:” with rows follows the first line") }
    if options.block != nil {
      let set = sets[try chosenBlock(among: sets.map(\.name), kind: "sets", options)]
      if let fault = set.fault { throw fault }
      return set
    }
    let loops = sets.filter { $0.fault == nil }
    guard let first = loops.first else { throw sets.count == 1 ? sets[0].fault ?? noLoop : noLoop }
    _ = try chosenBlock(among: loops.map(\.name), kind: "sets that are loops", options)
    if sets.count > 1 {
      notes.append(
        ReadingNote(
          code: "blocks-left-out", message: "of \(sets.count) sets only \(first.name) is a loop and was read")
      )
    }
    return first
  }

  private static let noLoop = ReadError(
    .notALoop, "none of the sets sweeps the field to and fro; give the file of a hysteresis loop")
}
