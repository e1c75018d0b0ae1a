// SPDX-License-Identifier: GPL-3.0-or-later

/// Writes curves as FEMAG does: Fortran records, little endian, single precision.
struct FemagWriter {
  private(set) var bytes: [UInt8] = []

  /// Appends a record between two copies of its length.
  mutating func record(_ content: [UInt8], length: Int? = nil) {
    let frame = Self.encoded(UInt32(length ?? content.count))
    bytes += frame + content + frame
  }

  static func encoded(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  static func encoded(_ number: Int) -> [UInt8] {
    encoded(UInt32(bitPattern: Int32(truncatingIfNeeded: number)))
  }

  static func encoded(_ numbers: [Float]) -> [UInt8] { numbers.flatMap { encoded($0.bitPattern) } }

  /// A text of 40 bytes.
  static func text(_ text: String) -> [UInt8] {
    Array(Array((text + String(repeating: " ", count: 40)).utf8).prefix(40))
  }

  /// A file of curves, each of pairs of B in T and H in A/m with its parameter.
  static func file(
    version: Int = 0, type: Int = 2, title: String = "Probe magnet", points: Int? = nil,
    remanence: Float = 1.2503, curves: [(pairs: [(Float, Float)], parameter: Float)]
  ) -> [UInt8] {
    var writer = FemagWriter()
    writer.record(encoded(version))
    writer.record(text("    *** File with magnetic curve ***"))
    writer.record(text(title))
    let counts = [points ?? curves[0].pairs.count, 45, type, 0]
    writer.record(counts.flatMap { encoded($0) } + encoded([0.1]))
    writer.record(
      encoded([remanence, 950_000, 0, 1]) + (version == 0 ? [] : encoded(curves.count)))
    for (pairs, parameter) in curves {
      let padding = [(Float, Float)](repeating: (0, 0), count: max(0, 50 - pairs.count))
      writer.record(encoded((pairs + padding).flatMap { [$0, $1] }))
      writer.record(encoded([Float](repeating: 0.25, count: 100)))
      writer.record(encoded([Float](repeating: 0.5, count: 200)))
      if version > 0 { writer.record(encoded([parameter, 0.1])) }
    }
    writer.record(encoded([50, 1.5, 3, 1, 1, 2, 2, 7.5, 1.3]))
    return writer.bytes
  }

  /// A curve of 30 points with a knee at -720 kA/m, from the third quadrant up to B at H = 0.
  static func magnet(remanence: Int = 12503) -> [(Float, Float)] {
    (0..<30).map { row in
      let field = -870 + 30 * row
      let beyond = max(0, -720 - field)
      // In steps of 0.1 mT, whole numbers up to the last division, so that every machine writes the same.
      let flux = remanence + field * 13 - beyond * beyond / 3
      return (Float(flux) / 10000, Float(field * 1000))
    }
  }

  /// The committed samples.
  static func samples() -> [(name: String, bytes: [UInt8])] {
    let warmer = [(12503, 20), (11804, 80), (11105, 140)]
    return [
      ("magnet.MCV", file(curves: [(magnet(), 0)])),
      (
        "three-remanences.MCV",
        file(
          version: 2, type: 4, curves: warmer.map { (magnet(remanence: $0.0), Float($0.0) / 10000) })
      ),
      (
        "soft-iron.MCV",
        file(
          type: 1, title: "Probe sheet", remanence: 0,
          curves: [((1...20).map { (Float($0) * 0.1, Float($0 * $0 * 10)) }, 0)])
      ),
    ]
  }
}
