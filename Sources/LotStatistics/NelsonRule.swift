// SPDX-License-Identifier: GPL-3.0-or-later

/// The eight tests for special causes on a control chart.
///
/// Nelson, Journal of Quality Technology 16 (1984) 237.
public enum NelsonRule: Int, CaseIterable, Sendable {
  /// One point more than 3 σ from the centre.
  case beyondLimits = 1
  /// Nine points in a row on one side of the centre.
  case oneSide
  /// Six points in a row that rise all the time, or fall.
  case trend
  /// Fourteen points in a row that go up and down by turns.
  case alternating
  /// Two of three points in a row more than 2 σ from the centre, on one side.
  case twoOfThree
  /// Four of five points in a row more than 1 σ from the centre, on one side.
  case fourOfFive
  /// Fifteen points in a row within 1 σ of the centre, on both sides.
  case hugging
  /// Eight points in a row, none within 1 σ of the centre, on both sides.
  case avoiding

  /// What the rule looks for, for a reader.
  public var sentence: String {
    switch self {
    case .beyondLimits: "one point more than 3 σ from the centre"
    case .oneSide: "nine points in a row on one side of the centre"
    case .trend: "six points in a row steadily rising or falling"
    case .alternating: "fourteen points in a row alternating up and down"
    case .twoOfThree: "two of three points in a row more than 2 σ out, on one side"
    case .fourOfFive: "four of five points in a row more than 1 σ out, on one side"
    case .hugging: "fifteen points in a row within 1 σ of the centre"
    case .avoiding: "eight points in a row with none within 1 σ of the centre"
    }
  }

  /// The points that complete a pattern, counted from 0, of points given as (value − centre)/σ in order.
  ///
  /// Points exactly on the centre or on a zone's bound end a run on one side and lie inside. A point that is itself
  /// not out does not signal two of three or four of five.
  public func signals(in points: [Double]) -> [Int] {
    points.indices.filter { last in
      guard last + 1 >= length else { return false }
      return holds(points[(last + 1 - length)...last])
    }
  }

  /// The number of points in the pattern.
  private var length: Int {
    switch self {
    case .beyondLimits: 1
    case .oneSide: 9
    case .trend: 6
    case .alternating: 14
    case .twoOfThree: 3
    case .fourOfFive: 5
    case .hugging: 15
    case .avoiding: 8
    }
  }

  private func holds(_ window: ArraySlice<Double>) -> Bool {
    switch self {
    case .beyondLimits: window.allSatisfy { abs($0) > 3 }
    case .oneSide: window.allSatisfy { $0 > 0 } || window.allSatisfy { $0 < 0 }
    case .trend:
      zip(window, window.dropFirst()).allSatisfy(<) || zip(window, window.dropFirst()).allSatisfy(>)
    case .alternating:
      zip(zip(window, window.dropFirst()), window.dropFirst(2)).allSatisfy { pair, third in
        (pair.1 - pair.0) * (third - pair.1) < 0
      }
    case .twoOfThree: isOut(window, beyond: 2, atLeast: 2)
    case .fourOfFive: isOut(window, beyond: 1, atLeast: 4)
    case .hugging: window.allSatisfy { abs($0) < 1 }
    case .avoiding: window.allSatisfy { abs($0) > 1 }
    }
  }

  private func isOut(_ window: ArraySlice<Double>, beyond bound: Double, atLeast least: Int) -> Bool {
    [1, -1].contains { side in
      (window.last ?? 0) * side > bound && window.count { $0 * side > bound } >= least
    }
  }
}
