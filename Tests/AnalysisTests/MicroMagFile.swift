// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Measurements
import Quantities
import TestSupport

/// A MicroMag file in hybrid SI units as far as these tests need it: both pairs of columns and the results that the
/// instrument itself wrote down.
struct MicroMagFile {
  let measurement: LoopMeasurement
  /// The instrument's own, in A·m².
  let remanence: Double
  /// The instrument's own, in A/m.
  let coercivity: Double

  /// Nil, and a line that says so, when the file is not beside the repository.
  init?(named name: String) throws {
    guard let url = Repository.shared("data/micromag/\(name)") else {
      print("data/micromag/\(name) is not beside the repository; passed over")
      return nil
    }
    // Units hold ² in Windows-1252.
    guard let text = String(data: try Data(contentsOf: url), encoding: .windowsCP1252) else {
      throw CocoaError(.fileReadInapplicableStringEncoding)
    }
    let lines = text.split(whereSeparator: \.isNewline)
    func value(of key: String) throws -> Double {
      let line = lines.first { $0.hasPrefix(key + "  ") }
      guard let number = line?.dropFirst(key.count).trimmingCharacters(in: .whitespaces),
        let value = Double(number)
      else { throw CocoaError(.formatting) }
      return value
    }
    let rows = lines.map { line in
      line.split(separator: ",").map { Double($0.trimmingCharacters(in: .whitespaces)) }
    }.filter { (4...5).contains($0.count) }.map { $0.compactMap(\.self) }.filter { $0.count >= 4 }
    func field(_ values: [Double]) -> FieldChannel {
      .applied(Series(si: values.map { $0 / magneticConstant }))
    }
    measurement = LoopMeasurement(
      instrument: "test", field: field(rows.map { $0[0] }), response: .moment(Series(si: rows.map { $0[1] })),
      processed: ProcessedColumns(
        field: field(rows.map { $0[$0.count - 2] }),
        response: .moment(Series(si: rows.map { $0[$0.count - 1] }))))
    remanence = try value(of: "Remanence")
    coercivity = try value(of: "Coercivity") / magneticConstant
  }
}
