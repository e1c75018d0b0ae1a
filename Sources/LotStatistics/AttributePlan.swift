// SPDX-License-Identifier: GPL-3.0-or-later

/// A single sampling plan by attributes: how many pieces are judged, and how many bad ones are too many.
///
/// MIL-STD-105E and ANSI/ASQ Z1.4, tables I and II, with arrows followed. ISO 2859-1 agrees but for reduced
/// inspection.
public struct AttributePlan: SamplingPlan, Hashable {
  /// The severity whose table was read.
  public let severity: InspectionSeverity
  /// The acceptance quality limit.
  public let limit: AcceptanceQualityLimit
  /// The code letter of the lot's size and the inspection level.
  public let codeLetter: Character
  /// The letter whose plan is used, another one where the table has an arrow.
  public let planLetter: Character
  /// The number of pieces that the table asks for.
  public let tabledSampleSize: Int
  /// The lot is accepted with so many pieces that do not conform, or fewer.
  public let acceptanceNumber: Int
  /// The lot is rejected with so many pieces that do not conform, or more.
  public let rejectionNumber: Int
  /// The number of pieces in the lot; nil for a plan that was read by its letter.
  public let lotSize: Int?

  /// The plan of a lot.
  ///
  /// Throws a sentence for lots of fewer than 2 pieces.
  public init(
    lotSize: Int, level: InspectionLevel = .two, severity: InspectionSeverity = .normal,
    limit: AcceptanceQualityLimit
  ) throws(LotStatisticsError) {
    let letter = try CodeLetterTable.attributes.letter(lotSize: lotSize, level: level)
    try self.init(codeLetter: letter, severity: severity, limit: limit, lotSize: lotSize)
  }

  /// The plan of a code letter A … R without I and O.
  ///
  /// Throws a sentence when there is no such letter.
  public init(
    codeLetter: Character, severity: InspectionSeverity = .normal, limit: AcceptanceQualityLimit,
    lotSize: Int? = nil
  ) throws(LotStatisticsError) {
    guard let row = AttributeTable.letters.dropLast().firstIndex(of: codeLetter) else {
      throw LotStatisticsError(
        "there is no code letter “\(codeLetter)”; the letters are A to R without I and O")
    }
    let cell = AttributeTable(severity: severity).cell(row, limit.index)
    self.severity = severity
    self.limit = limit
    self.codeLetter = codeLetter
    self.lotSize = lotSize
    planLetter = AttributeTable.letters[cell.row]
    tabledSampleSize = cell.sampleSize
    acceptanceNumber = cell.acceptance
    rejectionNumber = cell.rejection
  }

  /// What so many pieces that do not conform mean for the lot.
  public func decision(nonconforming count: Int) -> AttributeDecision {
    precondition(count >= 0, "\(count) pieces that do not conform")
    if count <= acceptanceNumber { return .accepted }
    return count < rejectionNumber ? .acceptedButBackToNormal : .rejected
  }

  /// Whether the lot would also pass with the next smaller acceptance quality limit.
  ///
  /// Nil for the least limit.
  func wouldPassOneStepTighter(nonconforming count: Int) -> Bool? {
    guard let tighter = limit.tighter else { return nil }
    let plan = try? AttributePlan(codeLetter: planLetter, severity: severity, limit: tighter)
    return plan.map { count <= $0.acceptanceNumber }
  }
}

/// What a sample says of its lot.
public enum AttributeDecision: String, Sendable {
  /// At most as many as the acceptance number do not conform.
  case accepted
  /// Between the numbers of reduced inspection: this lot passes, and the next one has normal inspection.
  case acceptedButBackToNormal = "accepted-but-back-to-normal"
  /// At least as many as the rejection number do not conform.
  case rejected

  /// Whether the lot passes.
  public var isAccepted: Bool { self != .rejected }
}

/// The master table of a severity, which is one sequence of numbers along its diagonals.
///
/// Sample sizes and quality limits both grow in steps of about 10^0.2, so a step down and one to the left keep the
/// number of bad pieces that is expected, and with it the acceptance number (MIL-STD-105E, tables II-A to II-C).
struct AttributeTable {
  struct Cell {
    var row: Int
    var sampleSize: Int
    var acceptance: Int
    var rejection: Int
  }

  /// S serves tightened inspection only.
  static let letters: [Character] = Array("ABCDEFGHJKLMNPQRS")
  private static let sampleSizes = [
    2, 3, 5, 8, 13, 20, 32, 50, 80, 125, 200, 315, 500, 800, 1250, 2000, 3150,
  ]
  /// The two last numbers of a sequence are used up to this row, E.
  private static let lastRowOfLargeNumbers = 4

  let severity: InspectionSeverity

  /// The cell of a row and a column, with its arrow followed; where that leads out of the table, the other way.
  func cell(_ row: Int, _ column: Int) -> Cell {
    if let cell = plan(row, column) { return cell }
    let direction = pointsUp(row, column) ? -1 : 1
    for step in [direction, -direction] {
      var next = row + step
      while (0...lastRow).contains(next) {
        if let cell = plan(next, column) { return cell }
        next += step
      }
    }
    preconditionFailure("no plan in column \(column) of \(severity.rawValue) inspection")
  }

  private var lastRow: Int { Self.letters.count - (severity == .tightened ? 1 : 2) }

  /// The diagonal of the first acceptance number.
  private var firstDiagonal: Int { severity == .tightened ? 15 : 14 }

  /// Acceptance and rejection numbers along the diagonals of a row; none for the two that hold arrows.
  private func numbers(_ row: Int) -> [(Int, Int)?] {
    func single(_ acceptance: [Int]) -> [(Int, Int)?] { acceptance.map { ($0, $0 + 1) } }
    switch severity {
    case .normal: return single([0]) + [nil, nil] + single([1, 2, 3, 5, 7, 10, 14, 21, 30, 44])
    case .tightened: return single([0]) + [nil, nil] + single([1, 2, 3, 5, 8, 12, 18, 27, 41])
    case .reduced:
      // A sample has 2 pieces at least, so the smallest letters need numbers of their own.
      if row == 0 { return single([0]) + [nil, nil] + single([1, 2, 3, 5, 7, 10, 14, 21, 30]) }
      let second: [(Int, Int)] = [(0, 2), (1, 3), (2, 4), (3, 5)]
      if row == 1 { return single([0]) + [nil, nil] + second + single([5, 7, 10, 14, 21, 30]) }
      let all: [(Int, Int)] = [
        (0, 2), (1, 3), (1, 4), (2, 5), (3, 6), (5, 8), (7, 10), (10, 13), (14, 17), (21, 24),
      ]
      return single([0]) + [nil, nil] + all
    }
  }

  /// The plan that stands in a cell; nil for an arrow.
  private func plan(_ row: Int, _ column: Int) -> Cell? {
    let numbers = numbers(row)
    let place = row + column - firstDiagonal
    guard numbers.indices.contains(place), let (acceptance, rejection) = numbers[place] else { return nil }
    // Two pieces under tightened inspection, none of them bad, is no plan of the standard.
    if severity == .tightened, row == 0, place == 0 { return nil }
    if place >= 11 || severity == .tightened && place == 10, row > Self.lastRowOfLargeNumbers { return nil }
    let size = severity == .reduced ? Self.sampleSizes[max(0, row - 2)] : Self.sampleSizes[row]
    return Cell(row: row, sampleSize: size, acceptance: acceptance, rejection: rejection)
  }

  private func pointsUp(_ row: Int, _ column: Int) -> Bool {
    let place = row + column - firstDiagonal
    return place > 2 || place == 1 && severity != .tightened
  }
}
