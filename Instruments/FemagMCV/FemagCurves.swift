// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The head of a FEMAG file and where its curves are.
struct FemagCurves {
  /// The title, without blanks and zeros around it.
  let title: String
  /// How many points the first curve has.
  let announcedPoints: Int
  /// The remanence that the file states, as one result; empty when it states none.
  let results: [InstrumentResult]
  /// The numbers of the head under FEMAG's names for them.
  let header: [HeaderEntry]
  /// The numbers of the curves, from 1.
  let names: [String]
  private let records: FortranRecords
  /// How many records each curve takes.
  private let recordsPerCurve: Int

  /// One curve, in A/m and T.
  struct Points {
    var field: [Double] = []
    var fluxDensity: [Double] = []
    /// What tells the curves of one file apart, such as their remanence.
    var parameter: Float?
  }

  /// What the types of curve are.
  private static let types: [Int32: String] = [
    -1: "soft iron, recalculated for alternating fields", 1: "soft iron", 2: "a permanent magnet",
    3: "soft iron at several angles", 4: "a permanent magnet at several remanences",
    5: "a permanent magnet at several angles", 6: "soft iron after punching", 7: "soft iron under tension",
    8: "soft iron at several temperatures",
  ]

  /// How many records come before the first curve.
  private static let headRecords = 5
  /// More than FEMAG itself takes.
  private static let mostCurves = 100

  init(_ bytes: Span<UInt8>) throws(ReadError) {
    records = try FortranRecords(bytes)
    let version = bytes.littleEndian(try records.record(0, "the version", lengths: [4]))
    let text = try records.record(1, "the mark of a curve", lengths: [40])
    let titleRecord = try records.record(2, "the title", lengths: [40])
    let counts = bytes.littleEndian(try records.record(3, "the kind of curve", lengths: [20]))
    let remanence = bytes.littleEndian(try records.record(4, "the remanence", lengths: [16, 20]))
    guard let version = version.first, version <= 2 else {
      throw ReadError(.malformed, "the version of the file is none of 0, 1 and 2, which are known")
    }
    let type = Int32(bitPattern: counts[2])
    guard type == 2 || type == 4 else {
      let what = Self.types[type] ?? "a material of the unknown type \(type)"
      throw ReadError(
        .notALoop,
        "the curve is of \(what), not the demagnetisation curve of a permanent magnet (type 2 or 4)")
    }
    let curves = remanence.count > 4 ? Int(Int32(bitPattern: remanence[4])) : 1
    guard (1...Self.mostCurves).contains(curves) else {
      throw ReadError(
        .malformed, "the file announces \(curves) curves; from 1 to \(Self.mostCurves) are possible")
    }
    names = (1...curves).map(String.init)
    recordsPerCurve = version == 0 ? 3 : 4
    announcedPoints = Int(Int32(bitPattern: counts[0]))
    let zeros = Character("\0")
    title = String(bytes.text(titleRecord).filter { $0 != zeros }).trimmed

    let singles = ([counts[4]] + remanence.prefix(4)).map { Float(bitPattern: $0) }
    let stated = singles[1]
    // In a file of several curves the number is a parameter of the last one.
    results =
      type == 2 && stated.isFinite && stated > 0
      ? [
        InstrumentResult(
          .remanence, si: Double(stated), rounding: Double(stated.ulp) / 2, spelled: "remz \(stated)")
      ] : []
    header =
      [
        HeaderEntry("version", "\(version)"), HeaderEntry("text", bytes.text(text).trimmed),
        HeaderEntry("title", title),
      ]
      + zip(["ni", "mi", "type", "recalc"], counts).map { HeaderEntry($0, "\(Int32(bitPattern: $1))") }
      + zip(["db2", "remz", "bsat", "bref", "fillfac"], singles).map { HeaderEntry($0, "\($1)") }
  }

  /// The points of a curve up to the last one that is not zero.
  func points(of curve: Int, _ bytes: Span<UInt8>) throws(ReadError) -> Points {
    let first = Self.headRecords + curve * recordsPerCurve
    guard records.records.count >= first + recordsPerCurve else {
      throw ReadError(
        .truncated, "the file ends after record \(records.records.count), inside curve \(curve + 1)")
    }
    let content = records.records[first]
    guard content.count.isMultiple(of: 8) else {
      throw ReadError(
        .malformed, "record \(first + 1) has \(content.count) bytes, which are no pairs of B and H")
    }
    let numbers = bytes.littleEndian(content).map { Double(Float(bitPattern: $0)) }
    // Room that is not used is filled with zeros.
    let used = (numbers.lastIndex { $0 != 0 } ?? -1) / 2 + 1
    guard used >= fewestRows else {
      throw ReadError(
        .truncated, "curve \(curve + 1) has \(used) points, and at least \(fewestRows) are needed")
    }
    var points = Points()
    for index in 0..<used {
      points.fluxDensity.append(numbers[2 * index])
      points.field.append(numbers[2 * index + 1])
    }
    if recordsPerCurve == 4 {
      let last = try records.record(first + 3, "the parameter of the curve", lengths: [8])
      points.parameter = bytes.littleEndian(at: last.lowerBound).map { Float(bitPattern: $0) }
    }
    return points
  }
}
