// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport

/// A table of the folder of facts beside the checkout, by the names of its columns.
struct PublishedTable {
  let rows: [[String: String]]

  /// Nil where the folder is absent, which is said.
  init?(_ name: String) throws {
    guard let url = Repository.shared("facts/\(name)") else {
      print("facts/\(name) is not here; passing over it")
      return nil
    }
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first else { return nil }
    rows = lines.dropFirst().map { Dictionary(zip(header, $0), uniquingKeysWith: { first, _ in first }) }
  }

  /// Half a unit of the last digit of a printed number, and the rounding of its binary form.
  static func tolerance(of printed: String) -> Double {
    let decimals =
      printed.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first?.count ?? 0
    return 0.5 * pow(10, -Double(decimals)) * (1 + 1e-9)
  }
}
