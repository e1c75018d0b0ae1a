// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities

/// Reads files made in memory, of the size of real ones, best of 200, and compares with a plain sum over their bytes.
///
/// Lines that begin with | are rows of a table in Markdown.
@main
enum ParsingSpeed {
  static func main() throws {
    let rows = 40_000
    // 26 bytes a row, as many as a hysteresigraph's export has.
    try report("table, 2 columns, 26 B a row", shortTable(rows: rows), .table)
    let loop = measurement(rows: 20_000)
    try report("table, shortest round trip", written(by: .table, loop), .table)
    try report("PPMS VSM, 58 columns", wideFile(rows: 5_000), .quantumDesignVSM)
    try report("PPMS VSM as written", written(by: .quantumDesignVSM, loop), .quantumDesignVSM)
  }

  private static func report(
    _ title: String, _ generated: @autoclosure () throws -> [UInt8], _ driver: Instrument
  ) throws {
    // A word on the command line chooses the lines that hold it, for a profiler.
    guard CommandLine.arguments.dropFirst().allSatisfy({ title.contains($0) }) else { return }
    let bytes = try generated()
    let file = SourceFile(name: "generated", bytes: bytes)
    var count = 0
    let reading = try best { count = try driver.readLoop(file, ReadingOptions()).count }
    var sum: UInt64 = 0
    let summing = best { sum &+= bytes.reduce(0) { $0 &+ UInt64($1) } }
    func speed(_ time: Double) -> String { "\(tenths(Double(bytes.count) / time / 1e6)) MB/s" }
    print("\(title): \(count) rows, \(tenths(Double(bytes.count) / 1e6)) MB, sum \(sum % 10)")
    print(
      "| parsing, \(title) | \(speed(reading)) | a plain sum over the bytes: \(speed(summing)) | "
        + "\(tenths(reading / summing)) |")
  }

  private static func tenths(_ number: Double) -> Double { (number * 10).rounded() / 10 }

  /// The shortest of 200 runs, in s.
  private static func best(of work: () throws -> Void) rethrows -> Double {
    var shortest = Double.infinity
    for _ in 0..<200 {
      let duration = try ContinuousClock().measure(work)
      shortest = min(shortest, duration / .seconds(1))
    }
    return shortest
  }

  /// Rows such as `-1399999.60,-1.2345678901`, in 26 bytes with the line end.
  private static func shortTable(rows: Int) -> [UInt8] {
    var bytes = Array("H (A/m),J (T)\n".utf8)
    var state: UInt64 = 1
    for _ in 0..<rows {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let sign = state & 1 == 0 ? "-" : "+"
      let field = 1_000_000 + Int(state >> 44)
      let fraction = 1_000_000_000 + Int((state >> 12) % 8_999_999_999)
      bytes += "\(sign)\(field).\(state >> 61),\(sign)1.\(fraction)".utf8
      while bytes.last != 10, (bytes.count + 12) % 26 != 0 { bytes.append(48) }
      bytes.append(10)
    }
    return bytes
  }

  private static func measurement(rows: Int) -> LoopMeasurement {
    let fields = (0..<rows).map { 1e6 - 2e6 * Double($0) / Double(rows) * 1.0000001 }
    let moments = fields.map { 1e-5 * $0 / (2e5 + abs($0)) }
    return LoopMeasurement(
      instrument: "generated", field: .applied(Series(si: fields)), response: .moment(Series(si: moments)),
      time: Series(si: fields.indices.map { Double($0) * 0.37 }),
      temperature: Series(si: fields.map { 295 + $0 * 1e-9 }))
  }

  private static func written(by driver: Instrument, _ measurement: LoopMeasurement) throws -> [UInt8] {
    try driver.write?(measurement) ?? []
  }

  /// Rows of about 400 bytes, all 58 cells filled as far as an instrument fills them.
  private static func wideFile(rows: Int) throws -> [UInt8] {
    let head = try written(by: .quantumDesignVSM, measurement(rows: 1))
    var bytes = Array(head.split(separator: 10).dropLast().joined(separator: [10])) + [10]
    let tail =
      ",8.29583030576505E-5,1,0.999253354069792,40.0298881530762,1.99576752475063,14.5600000396371,"
      + "-3.35791190088442,-0.584602546199484,25,0.000194782849279308,-0.300004037100167,-4.16762245951182E-6,"
      + "300.0058289,300.0058289,150.409,168.376,50.8339923766977,18.6510403386174,-5.21385,0,0,0,40,4961,"
      + "300.34815,159.3925,,,,,,,,,,,,,0,,,,3.8199253,,,,,,300.0058289,,,,\r\n"
    for row in 0..<rows {
      let field = 140_000 - Double(row) * 5.6
      bytes +=
        ",\(35_310_960.65 + Double(row)),300.0058289,\(field),-0.30001291732\(row % 10_000)\(tail)".utf8
    }
    return bytes
  }
}
