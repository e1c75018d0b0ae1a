// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
public import Certificates
internal import Certification
internal import LotStatistics

/// Where and when a page about a lot was made, and what it goes back to.
public struct LotPageOrigin: Hashable, Sendable {
  /// When, UTC, as `YYYY-MM-DDThh:mm:ssZ`.
  public var created: String
  /// By which program.
  public var software: Software
  /// The name of the archive that holds the lot; nil for none.
  public var archive: String?
  /// The digest of the archive's last row, to which all rows are chained; nil when it is not known.
  public var archiveChain: String?

  /// An origin from its parts.
  public init(created: String, software: Software, archive: String? = nil, archiveChain: String? = nil) {
    self.created = created
    self.software = software
    self.archive = archive
    self.archiveChain = archiveChain
  }
}

/// The statistics of a lot as one page of hypertext; fed piece by piece, in the order of production.
///
/// It keeps, of every piece, the numbers that are counted, and the rest of some only: of the worst 5000 for the table and
/// of 200 the curve.
public struct LotPage: Sendable {
  /// The most pieces in the table.
  public static let mostRows = 5000
  /// The most conforming pieces with a curve, and the most of the others.
  public static let mostCurves = (ordinary: 150, standingOut: 50)

  let lot: String?
  let units: DisplayUnits
  private(set) var summary: LotSummary
  private(set) var series: [Characteristic: LotSeries] = [:]
  private(set) var pieces = WorstPieces(limit: LotPage.mostRows)
  private(set) var ordinary = EvenChoice<ThinnedQuadrant?>(limit: LotPage.mostCurves.ordinary)
  private(set) var standingOut = EvenChoice<ThinnedQuadrant?>(limit: LotPage.mostCurves.standingOut)
  /// The first decision, which names grade, table and rule of all.
  private(set) var judged: Verdict?
  private(set) var referenceTemperature: Double?

  /// The characteristics of the table, in its order.
  static let columns: [Characteristic] = [
    .remanence, .coercivityHcJ, .coercivityHcB, .energyProduct, .kneeField, .squareness,
  ]

  /// A page about a lot without any piece yet.
  public init(lot: String?, units: DisplayUnits = .si) {
    self.lot = lot
    self.units = units
    summary = LotSummary(lot: lot)
  }

  /// Takes the next piece of the lot.
  public mutating func add(_ piece: LotPiece) {
    if piece.failure == nil { summary.add(piece.verdict?.result) } else { summary.addFailure() }
    let limits = piece.verdict?.characteristics ?? []
    // Limits may not have been judged in the first piece.
    if judged == nil || judged?.characteristics.isEmpty == true { judged = piece.verdict ?? judged }
    referenceTemperature = referenceTemperature ?? piece.referenceTemperature
    for characteristic in Set(Self.columns).union(limits.map(\.characteristic)) {
      guard let value = piece.values[characteristic], value.value.isFinite else { continue }
      series[characteristic, default: LotSeries()].add(value, number: summary.total)
    }
    if let curve = piece.curve {
      if piece.isOrdinary {
        ordinary.add { ThinnedQuadrant(SecondQuadrant(curve, units)) }
      } else {
        standingOut.add { ThinnedQuadrant(SecondQuadrant(curve, units)) }
      }
    }
    var row = piece
    row.curve = nil
    row.values = piece.values.filter { Self.columns.contains($0.key) }
    pieces.add(row, number: summary.total)
  }

  /// Takes the next piece of the lot.
  public mutating func add(_ sample: ReportedSample) { add(LotPiece(sample)) }

  /// Takes the next file of the lot, which gave no result.
  public mutating func add(_ failure: ReportedFailure) { add(LotPiece(failure)) }

  /// The characteristics that diagrams and statistics show: those with limits, else those of every overview.
  var shown: [Characteristic] {
    let limited = (judged?.characteristics ?? []).map(\.characteristic)
    return Characteristic.allCases.filter {
      limited.isEmpty ? lotCharacteristics.contains($0) : limited.contains($0)
    }
  }

  /// The limits of a characteristic; nil when it has none.
  func limits(of characteristic: Characteristic) -> SpecificationLimits? {
    judged?.limits.specification(of: characteristic)
  }

  /// The statistics of a characteristic; nil for fewer than two values.
  func statistics(of characteristic: Characteristic) -> LotCharacteristic? {
    series[characteristic].flatMap {
      LotCharacteristic(characteristic, $0.statistics, limits: limits(of: characteristic))
    }
  }
}

/// The values of one characteristic through a lot.
struct LotSeries: Sendable {
  private(set) var values: [Double] = []
  private(set) var statistics = LotValues()
  /// The numbers of the pieces, counted from 1.
  private(set) var numbers: [Int32] = []

  mutating func add(_ value: LotPiece.Value, number: Int) {
    values.append(value.value)
    statistics.add(value.value, standardUncertainty: value.standardUncertainty)
    numbers.append(Int32(clamping: number))
  }
}
