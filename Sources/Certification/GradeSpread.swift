// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis

/// How the limits of one grade name differ from table to table.
public struct GradeSpread: Hashable, Sendable {
  /// The grade in every table that has it.
  public let entries: [GradeEntry]

  /// The spread of a full name over the tables of a library; nil when none of them has it.
  public init?(of name: String, in library: GradeLibrary) {
    entries = library.entries(named: name)
    if entries.isEmpty { return nil }
  }

  /// Every kind of limit that one of the tables gives, in the order of grade tables.
  public var kinds: [Limit.Kind] {
    let given = Set(entries.flatMap { $0.grade.limits.map(\.kind) })
    return Limit.Kind.all.filter(given.contains)
  }

  /// The smallest and the largest limit of a kind, in its SI unit; nil when no table gives one.
  ///
  /// A consensus is made of the other tables and counts only when it stands alone.
  public func range(of kind: Limit.Kind) -> ClosedRange<Double>? {
    let originals = entries.filter { $0.grade.confidence != .consensus && $0.table.confidence != .consensus }
    let values = (originals.isEmpty ? entries : originals)
      .compactMap { $0.grade.limit(kind.characteristic, kind.side) }
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }
}

extension Limit {
  /// What is limited, and on which side.
  public struct Kind: Hashable, Sendable {
    /// What is limited.
    public let characteristic: Characteristic
    /// On which side conforming values lie.
    public let side: LimitSide

    /// Every kind that a table can hold, in the order of grade tables.
    static let all: [Kind] =
      [Characteristic.remanence, .coercivityHcB, .coercivityHcJ, .energyProduct]
      .flatMap { [Kind(characteristic: $0, side: .minimum), Kind(characteristic: $0, side: .maximum)] }
      + [Kind(characteristic: .squareness, side: .minimum)]
  }

  /// What is limited, and on which side.
  public var kind: Kind { Kind(characteristic: characteristic, side: side) }
}
