// SPDX-License-Identifier: GPL-3.0-or-later

extension Array<UInt8> {
  /// The bytes with every mark between thousands closed up, at the same places: `-1,591,545` becomes `  -1591545`.
  ///
  /// Such a mark stands behind one to three digits, of which the first is no zero, and before exactly three. So
  /// `1.289` changes at points, since it may be twelve hundred, and `0.289`, `1.28` and `1591.546` do not.
  func withoutThousandsMarks(_ mark: UInt8) -> [UInt8] {
    var result = self
    // The last mark that was closed up, and how many were in the same number.
    var (last, groups) = (-1, 0)
    for index in indices where self[index] == mark {
      guard index > 0, self[index - 1].isDigit, hasThreeDigits(behind: index) else { continue }
      var first = index
      while first > 0, index - first < 4, self[first - 1].isDigit { first -= 1 }
      let isNext = first > 0 && first - 1 == last && index - first == 3
      let isFirst =
        index - first <= 3 && self[first] != UInt8(ascii: "0")
        && (first == 0 || self[first - 1] != Byte.point && self[first - 1] != Byte.comma)
      // No number has more groups, and closing up many takes long.
      guard isFirst || isNext && groups < 7 else { continue }
      (last, groups) = (index, isFirst ? 1 : groups + 1)
      var place = index
      while place > 0, result[place - 1].isDigit || result[place - 1].isSign {
        result[place] = result[place - 1]
        place -= 1
      }
      result[place] = Byte.blank
    }
    return result
  }

  private func hasThreeDigits(behind mark: Int) -> Bool {
    mark + 3 < count && (mark + 1...mark + 3).allSatisfy { self[$0].isDigit }
      && (mark + 4 == count || !self[mark + 4].isDigit)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { self &- 48 < 10 }
  fileprivate var isSign: Bool { self == UInt8(ascii: "-") || self == UInt8(ascii: "+") }
}

/// Whether a text holds a number such as `1.289`, of which nobody can tell whether its mark parts thousands.
func mayHaveThousands(_ text: String, mark: UInt8) -> Bool { mayHaveThousands(Array(text.utf8), mark: mark) }

/// Whether some bytes hold such a number.
func mayHaveThousands(_ bytes: [UInt8], mark: UInt8) -> Bool { bytes.withoutThousandsMarks(mark) != bytes }
