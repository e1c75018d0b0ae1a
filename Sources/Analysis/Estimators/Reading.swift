// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// The map from measured to internal field: H = Ha − N·J/µ0; with N = 0 the two are one.
struct Shear: Sendable {
  /// The demagnetising factor.
  let factor: Double

  /// N/µ0, in A/m per T.
  var fieldPerPolarisation: Double { factor / magneticConstant }

  /// The internal field at a measured field and polarisation.
  func internalField(_ field: Double, _ polarisation: Double) -> Double {
    field - fieldPerPolarisation * polarisation
  }

  /// B = µ0·H + J at a measured field and polarisation.
  func fluxDensity(_ field: Double, _ polarisation: Double) -> Double {
    (1 - factor) * polarisation + magneticConstant * field
  }

  /// dJ/dH inside the specimen from dJ/dHa; nil where the correction folds the curve back.
  func internalSlope(_ slope: Double) -> Double? {
    let remaining = 1 - fieldPerPolarisation * slope
    return remaining > 0 ? slope / remaining : nil
  }
}

/// A point of the demagnetisation curve: internal field, polarisation, and slope dJ/dH.
struct CurvePoint: Sendable {
  /// A/m, negative in the second quadrant.
  var field: Double
  /// T.
  var polarisation: Double
  /// T·m/A.
  var slope: Double

  /// The mean of points read off the branches.
  static func mean(_ points: [CurvePoint]) -> CurvePoint {
    let count = Double(max(1, points.count))
    return CurvePoint(
      field: points.reduce(0) { $0 + $1.field } / count,
      polarisation: points.reduce(0) { $0 + $1.polarisation } / count,
      slope: points.reduce(0) { $0 + $1.slope } / count)
  }
}

/// A value read off one branch.
struct Reading: Sendable {
  /// The value, in SI; magnitudes positive.
  var value: Double
  /// How the samples influence it.
  var row: InfluenceRow
  /// Where on the curve it was read.
  var point: CurvePoint
  /// The measured field of the mapped branch where it was read, A/m.
  var measuredField: Double
  /// How much it changes from the window that was used to the widest that the noise allows.
  var windowChange: Double
  /// What a curve that does not follow the samples within their noise may have missed.
  var misfit = 0.0
}

/// What one branch gives; nil where the data do not reach.
struct BranchReadings: Sendable {
  var remanence: Reading?
  var coercivityHcB: Reading?
  var coercivityHcJ: Reading?
  var energyProduct: Reading?
  var kneeFields: [KneeDefinition: Reading] = [:]
  /// By the slope of the major curve.
  var recoilPermeability: Reading?
  var switchingFieldWidth: Reading?
  var maximumPolarisation: Reading?
  /// Br was carried over from fields below zero; the uncertainty of that, in T.
  var remanenceExtrapolation: Double?
}
