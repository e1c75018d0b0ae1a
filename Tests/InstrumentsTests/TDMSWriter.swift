// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes TDMS segments as NI describes them, also ones that no program would write.
struct TDMSWriter {
  enum Property {
    case double(Double), int32(Int32), uint32(UInt32), text(String), timestamp(Int64), boolean(Bool)
    /// A type code with the bytes behind it.
    case other(UInt32, [UInt8])
  }

  enum Index {
    case none, same
    case new(type: UInt32, count: UInt64)
    /// The length and the bytes behind it.
    case other(UInt32, [UInt8])
  }

  struct Object {
    let path: String
    var index = Index.none
    var properties: [(String, Property)] = []
  }

  /// Type codes.
  static let int16: UInt32 = 2
  static let single: UInt32 = 9
  static let double: UInt32 = 10

  let isBigEndian: Bool
  private(set) var bytes: [UInt8] = []

  init(bigEndian: Bool = false) { isBigEndian = bigEndian }

  /// A number in the file's byte order.
  func encoded<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    let low = (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    return isBigEndian ? low.reversed() : low
  }

  func encoded(_ text: String) -> [UInt8] { encoded(UInt32(text.utf8.count)) + Array(text.utf8) }

  func doubles(_ values: [Double]) -> [UInt8] { values.flatMap { encoded($0.bitPattern) } }

  /// Appends a segment; without objects it has no metadata, and `next` and `rawOffset` overrule what is true.
  mutating func segment(
    _ objects: [Object]?, raw: [UInt8] = [], newList: Bool = true, interleaved: Bool = false,
    next: UInt64? = nil, rawOffset: UInt64? = nil, version: UInt32 = 4713, contents extra: UInt32 = 0
  ) {
    var metadata: [UInt8] = []
    if let objects {
      metadata += encoded(UInt32(objects.count))
      for object in objects {
        metadata += encoded(object.path) + encoded(object.index)
        metadata += encoded(UInt32(object.properties.count))
        for (name, value) in object.properties { metadata += encoded(name) + encoded(value) }
      }
    }
    var contents = extra
    if objects != nil { contents |= 1 << 1 }
    if objects != nil, newList { contents |= 1 << 2 }
    if !raw.isEmpty { contents |= 1 << 3 }
    if interleaved { contents |= 1 << 5 }
    if isBigEndian { contents |= 1 << 6 }
    // The mask alone is little endian in every file.
    bytes += Array("TDSm".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: contents >> ($0 * 8)) }
    bytes += encoded(version) + encoded(next ?? UInt64(metadata.count + raw.count))
    bytes += encoded(rawOffset ?? UInt64(metadata.count)) + metadata + raw
  }

  private func encoded(_ index: Index) -> [UInt8] {
    switch index {
    case .none: encoded(UInt32.max)
    case .same: encoded(UInt32(0))
    case .new(let type, let count): encoded(UInt32(20)) + encoded(type) + encoded(UInt32(1)) + encoded(count)
    case .other(let length, let content): encoded(length) + content
    }
  }

  private func encoded(_ property: Property) -> [UInt8] {
    switch property {
    case .double(let value): encoded(UInt32(10)) + encoded(value.bitPattern)
    case .int32(let value): encoded(UInt32(3)) + encoded(value)
    case .uint32(let value): encoded(UInt32(7)) + encoded(value)
    case .text(let value): encoded(UInt32(0x20)) + encoded(value)
    case .boolean(let value): encoded(UInt32(0x21)) + [value ? 1 : 0]
    case .timestamp(let seconds):
      encoded(UInt32(0x44))
        + (isBigEndian
          ? encoded(seconds) + encoded(UInt64(1) << 63) : encoded(UInt64(1) << 63) + encoded(seconds))
    case .other(let code, let content): encoded(code) + content
    }
  }
}

extension TDMSWriter {
  /// The files of `SampleData/NITDMS` by name; 40 samples a channel, lopsided.
  static func samples() -> [(name: String, bytes: [UInt8])] {
    [
      ("contiguous.tdms", contiguous(bigEndian: false)), ("big-endian.tdms", contiguous(bigEndian: true)),
      ("interleaved.tdms", interleaved()), ("incremental.tdms", incremental()), ("no-unit.tdms", noUnit()),
    ]
  }

  /// Volts of a pickup coil, exact in binary.
  static func pickup(_ index: Int) -> Double { 0.25 * Double(index) - 0.0078125 * Double(index * index) }

  /// Amperes in a coil, exact in binary.
  static func current(_ index: Int) -> Double { -1.5 + 12.25 * Double(index) }

  static func waveform(_ unit: String?, start: Double = -2e-4, increment: Double = 2e-5) -> [(
    String, Property
  )] {
    [
      ("wf_start_time", .timestamp(3_624_995_089)), ("wf_start_offset", .double(start)),
      ("wf_increment", .double(increment)), ("wf_samples", .int32(40)),
    ] + (unit.map { [("unit_string", .text($0))] } ?? [])
  }

  /// Two segments of two chunks; the second repeats the first without metadata.
  private static func contiguous(bigEndian: Bool) -> [UInt8] {
    var writer = TDMSWriter(bigEndian: bigEndian)
    func chunk(_ rows: Range<Int>) -> [UInt8] {
      writer.doubles(rows.map(pickup)) + writer.doubles(rows.map(current))
    }
    writer.segment(
      [
        Object(
          path: "/", properties: [("Operator", .text("Probe bench")), ("Coil is wound", .boolean(true))]),
        Object(path: "/'Shot'", properties: [("Capacitor", .double(8e-3))]),
        Object(path: "/'Shot'/'Pickup'", index: .new(type: double, count: 10), properties: waveform("V")),
        Object(
          path: "/'Shot'/'Coil''s current'", index: .new(type: double, count: 10), properties: waveform("A")),
      ], raw: chunk(0..<10) + chunk(10..<20))
    writer.segment(nil, raw: chunk(20..<30) + chunk(30..<40))
    return writer.bytes
  }

  /// Counts of a converter with scales, and single-precision numbers.
  private static func interleaved() -> [UInt8] {
    var writer = TDMSWriter()
    var scaled: [(String, Property)] = [
      ("NI_Scaling_Status", .text("unscaled")), ("NI_Number_Of_Scales", .uint32(2)),
      ("NI_Scale[0]_Scale_Type", .text("Linear")), ("NI_Scale[0]_Linear_Slope", .double(0.5)),
      ("NI_Scale[0]_Linear_Y_Intercept", .double(-3)), ("NI_Scale[0]_Linear_Input_Source", .uint32(.max)),
      ("NI_Scale[1]_Scale_Type", .text("Polynomial")),
      ("NI_Scale[1]_Polynomial_Coefficients_Size", .uint32(3)),
    ]
    for (term, value) in [0.25, 2, 0.125].enumerated() {
      scaled.append(("NI_Scale[1]_Polynomial_Coefficients[\(term)]", .double(value)))
    }
    scaled.append(("NI_Scale[1]_Polynomial_Input_Source", .uint32(0)))
    let raw = (0..<40).flatMap { row in
      writer.encoded(Int16(row * 700 - 9000)) + writer.encoded(Float(current(row)).bitPattern)
    }
    writer.segment(
      [
        Object(
          path: "/'Shot'/'Counts'", index: .new(type: int16, count: 40), properties: waveform("mV") + scaled),
        Object(path: "/'Shot'/'Current'", index: .new(type: single, count: 40), properties: waveform("kA")),
      ], raw: raw, interleaved: true)
    return writer.bytes
  }

  /// A second group joins with a channel of the same name, an index is repeated and then changed.
  private static func incremental() -> [UInt8] {
    var writer = TDMSWriter()
    let (first, second) = ("/'Shot'/'U'", "/'Blank'/'U'")
    writer.segment(
      [Object(path: first, index: .new(type: double, count: 10), properties: waveform("V"))],
      raw: writer.doubles((0..<10).map(pickup)))
    writer.segment(
      [Object(path: second, index: .new(type: double, count: 25), properties: waveform("V"))],
      raw: writer.doubles((10..<20).map(pickup) + (0..<25).map(current)), newList: false)
    // The blank is passed over, then comes back with its old shape.
    writer.segment(
      [Object(path: second)], raw: writer.doubles((20..<30).map(pickup)), newList: false)
    writer.segment(
      [Object(path: second, index: .new(type: double, count: 15)), Object(path: first, index: .same)],
      raw: writer.doubles((30..<40).map(pickup) + (25..<40).map(current)), newList: false)
    return writer.bytes
  }

  private static func noUnit() -> [UInt8] {
    var writer = TDMSWriter()
    writer.segment(
      [
        Object(path: "/'Shot'/'U'", index: .new(type: double, count: 40)),
        Object(path: "/'Shot'/'Ratio'", index: .new(type: double, count: 40)),
      ], raw: writer.doubles((0..<40).map(pickup)) + writer.doubles((0..<40).map { $0 == 3 ? -.infinity : 1 })
    )
    return writer.bytes
  }
}
