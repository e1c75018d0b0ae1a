// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
public import Certification
public import Measurements

/// What is to be done with every file: how to read, analyse and judge it.
public struct InspectionRequest: Sendable {
  /// What the user says about the specimens; it wins over the files.
  public var sample = Sample()
  /// What the user says about single files, by path as given; it wins over `sample`.
  public var samples: [String: Sample] = [:]
  /// The driver to use; nil to recognise it.
  public var instrumentID: String?
  /// Units for columns without one.
  public var reading = ReadingOptions()
  /// How values are read off.
  public var method = EstimationMethod.fit
  /// Which branches.
  public var branch = BranchChoice.both
  /// Which columns.
  public var columns = ColumnChoice.raw
  /// How the self-demagnetising field is corrected.
  public var demagnetisation = DemagnetisationChoice.automatic
  /// The Type B budget; nil for the general one of the circuit.
  public var budget: TypeBBudget?
  /// The probability that expanded uncertainties are meant to cover.
  public var coverageProbability = 0.9545
  /// Table and rule; nil when nothing is to be judged.
  public var judge: Judge?
  /// The grade to judge against; nil to list the grades that are met.
  public var grade: Grade?
  /// Whether JSON records carry the uncertainty budget.
  public var showBudget = false

  /// A request with the defaults.
  public init() {}
}
