// SPDX-License-Identifier: GPL-3.0-or-later

/// A grade's name reduced to what people do not vary: capital letters and digits without the material.
struct GradeName: Equatable {
  let letters: [Character]
  /// The numbers in it, such as 320 and 160 of `REFeB 320/160`.
  private let numbers: [Double]

  /// The words for material and process that may stand before a grade.
  private static let materials = ["SINTERED", "BONDED", "NDFEB", "SMCO", "FERRITE", "ALNICO"]
  /// Those that stand before this one.
  private(set) var materials: [String] = []

  init(_ text: String) {
    var letters = text.uppercased().filter { $0.isLetter || $0.isNumber }
    for word in Self.materials + ["GRADE"] {
      // Only in front of more text: a grade may be called by such a word alone.
      if letters.hasPrefix(word), letters.count > word.count {
        letters.removeFirst(word.count)
        if word != "GRADE" { materials.append(word) }
      }
    }
    self.letters = Array(letters)
    numbers = text.split { !("0"..."9").contains($0) }.compactMap { Double(String($0)) }
  }

  static func == (left: Self, right: Self) -> Bool { left.letters == right.letters }

  var startsWithDigit: Bool { letters.first?.isNumber == true }

  /// What follows the leading letters.
  var rest: ArraySlice<Character> { letters.drop { !$0.isNumber } }

  /// Whether it is a designation by two limits or more, which near ones follow by their numbers.
  var isDesignation: Bool { numbers.count > 1 }

  /// How far the numbers of a designation of the same kind are away, as a sum of ratios; nil for another kind.
  func numericDistance(to other: GradeName) -> Double? {
    guard letters.prefix(while: { !$0.isNumber }) == other.letters.prefix(while: { !$0.isNumber }),
      numbers.count == other.numbers.count
    else { return nil }
    let distance = zip(numbers, other.numbers).reduce(0.0) {
      $0 + abs($1.0 - $1.1) / max($1.0, $1.1, 1)
    }
    return distance.isFinite ? distance : nil
  }

  /// The number of letters to insert, remove or replace (Levenshtein 1965).
  func distance(to other: GradeName) -> Int {
    var row = Array(0...other.letters.count)
    for (i, a) in letters.enumerated() {
      var diagonal = i
      row[0] = i + 1
      for (j, b) in other.letters.enumerated() {
        let replaced = diagonal + (a == b ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[other.letters.count]
  }
}
