// SPDX-License-Identifier: GPL-3.0-or-later

/// A simulated table file as an instrument would export it: two columns, 26 bytes a row.
///
/// Field to 0.1 A/m and moment to 10⁻¹² A·m² are finer than the noise; the columns behind them are left out.
public func shortTable(_ text: String) -> String {
  func rounded(_ number: Substring, _ digits: Double) -> String {
    Double(number).map { "\(($0 * digits).rounded() / digits)" } ?? String(number)
  }
  return text.split(separator: "\n").map { line in
    let cells = line.split(separator: ",")
    guard !line.hasPrefix("#"), cells.count >= 2 else { return String(line) }
    return "\(rounded(cells[0], 10)),\(rounded(cells[1], 1e12))"
  }.joined(separator: "\n") + "\n"
}
