// SPDX-License-Identifier: GPL-3.0-or-later

/// How much is inspected of a lot of a size: the special levels take few pieces, III takes many.
public enum InspectionLevel: String, CaseIterable, Sendable {
  /// Special level 1; attributes only.
  case s1 = "S-1"
  /// Special level 2; attributes only.
  case s2 = "S-2"
  /// Special level 3.
  case s3 = "S-3"
  /// Special level 4.
  case s4 = "S-4"
  /// General level I.
  case one = "I"
  /// General level II, which is used unless another one is agreed.
  case two = "II"
  /// General level III.
  case three = "III"
}

/// How severely lots are inspected, as the switching rules say.
public enum InspectionSeverity: String, CaseIterable, Sendable {
  /// Where inspection starts.
  case normal
  /// After lots were rejected.
  case tightened
  /// After many good lots.
  case reduced
}

/// A preferred acceptance quality limit, percent of pieces that do not conform.
public struct AcceptanceQualityLimit: Hashable, Sendable, CustomStringConvertible {
  /// The place among the preferred values, 0 … 25.
  let index: Int

  /// The limit as tables print it, such as `0.65`.
  public var description: String { Self.printed[index] }

  /// The limit in percent.
  public var percent: Double { Double(description) ?? 0 }

  /// The preferred values of MIL-STD-105E, table II, rising; above 10 they are defects per hundred units only.
  public static let preferred: [AcceptanceQualityLimit] = printed.indices.map {
    AcceptanceQualityLimit(index: $0)
  }

  /// A limit as people write it: `0.65`, `.65`, `0.65 %`.
  ///
  /// Throws a sentence with the neighbours when it is none of the preferred values.
  public init(_ text: String) throws(LotStatisticsError) {
    let number = text.filter { !$0.isWhitespace && $0 != "%" }
    guard let value = Double(number), value.isFinite, value > 0 else {
      throw LotStatisticsError(
        "“\(text)” is no acceptance quality limit; give a percentage such as 0.65 or 1.0")
    }
    if let index = Self.printed.firstIndex(where: { Double($0) == value }) {
      self.index = index
      return
    }
    let next = Self.printed.firstIndex { (Double($0) ?? 0) > value } ?? Self.printed.count
    let near = Self.printed[max(0, next - 1)..<min(Self.printed.count, next + 1)]
    throw LotStatisticsError(
      "an acceptance quality limit of \(number) % is not tabled; near it are \(near.joined(separator: " and "))"
    )
  }

  private init(index: Int) { self.index = index }

  /// The next smaller preferred limit; nil for the least.
  var tighter: AcceptanceQualityLimit? { index > 0 ? AcceptanceQualityLimit(index: index - 1) : nil }

  private static let printed = [
    "0.010", "0.015", "0.025", "0.040", "0.065", "0.10", "0.15", "0.25", "0.40", "0.65", "1.0", "1.5", "2.5",
    "4.0", "6.5", "10", "15", "25", "40", "65", "100", "150", "250", "400", "650", "1000",
  ]
}

/// A table of sample-size code letters by lot size and inspection level.
struct CodeLetterTable {
  /// The largest lot of each row; a last row holds all larger ones.
  let largestLots: [Int]
  /// One letter per row.
  let columns: [InspectionLevel: String]
  /// The name of the standard for messages.
  let standard: String

  /// MIL-STD-105E and ANSI/ASQ Z1.4, table I.
  static let attributes = CodeLetterTable(
    largestLots: [8, 15, 25, 50, 90, 150, 280, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000],
    columns: [
      .s1: "AAAABBBBCCCCDDD", .s2: "AAABBBCCCDDDEEE", .s3: "AABBCCDDEEFFGGH", .s4: "AABCCDEEFGGHJJK",
      .one: "AABCCDEFGHJKLMN", .two: "ABCDEFGHJKLMNPQ", .three: "BCDEFGHJKLMNPQR",
    ], standard: "sampling by attributes (ANSI/ASQ Z1.4)")

  /// ANSI/ASQ Z1.9, table A-2.
  static let variables = CodeLetterTable(
    largestLots: [8, 15, 25, 50, 90, 150, 280, 400, 500, 1200, 3200, 10_000, 35_000, 150_000, 500_000],
    columns: [
      .s3: "BBBBBBBCCDEFGHHH", .s4: "BBBBBCDEEFGHIJKK", .one: "BBBCDEFGGHIJKLMN", .two: "BBCDEFGHIJKLMNPP",
      .three: "CDEFGHIJJKLMNPPP",
    ], standard: "sampling by variables (ANSI/ASQ Z1.9)")

  func letter(lotSize: Int, level: InspectionLevel) throws(LotStatisticsError) -> Character {
    guard lotSize >= 2 else {
      throw LotStatisticsError("a lot of \(lotSize) cannot be sampled; the tables begin with 2 pieces")
    }
    guard let column = columns[level] else {
      let known = InspectionLevel.allCases.filter { columns[$0] != nil }.map(\.rawValue)
      throw LotStatisticsError(
        "\(standard) has no level \(level.rawValue); there are \(known.joined(separator: ", "))")
    }
    let row = largestLots.firstIndex { lotSize <= $0 } ?? largestLots.count
    return column[column.index(column.startIndex, offsetBy: row)]
  }
}
