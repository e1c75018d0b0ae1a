// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

/// The mean of the branches' readings of one quantity by one estimator.
struct JoinedReading {
  var value: Double
  var point: CurvePoint
  var windowChange: Double
  var misfit: Double
  /// The influence of the samples of each branch.
  var rows: [InfluenceRow]
  /// Where each branch was read, as measured, A/m.
  var fields: [Double]
  /// Half the difference of the branches; nil for one branch.
  var halfDifference: Double?

  /// The readings of all branches; nil unless every branch has one.
  ///
  /// A value of one branch of two would hide that the other does not have it.
  init?(
    _ branches: [BranchReadings], _ path: (BranchReadings) -> Reading?, companion: BranchReadings?
  ) {
    let readings = branches.compactMap(path)
    guard readings.count == branches.count else { return nil }
    self.init(readings, companion: companion.flatMap(path))
  }

  /// The mean of one reading for each branch; nil for none.
  init?(_ readings: [Reading], companion: Reading? = nil) {
    guard let first = readings.first else { return nil }
    let count = Double(readings.count)
    value = readings.reduce(0) { $0 + $1.value } / count
    point = CurvePoint.mean(readings.map(\.point))
    windowChange = readings.reduce(0) { $0 + $1.windowChange } / count
    misfit = readings.reduce(0) { $0 + $1.misfit } / count
    rows = readings.map { count == 1 ? $0.row : $0.row.scaled(by: 1 / count) }
    fields = readings.map(\.measuredField)
    halfDifference = (readings.count == 2 ? readings[1] : companion)
      .map { (first.value - $0.value) / 2 }
  }
}

/// A characteristic on which two estimators differ by more than three times what noise and floor explain.
struct Disagreement {
  var characteristic: Characteristic
  /// The magnitude of the difference over that of the value.
  var relative: Double
}

/// The reading of one quantity that is reported, and what the other estimator says of it.
struct ReportedReading {
  /// What is reported.
  var joined: JoinedReading
  /// The id of the estimator that gave it.
  var method: String
  /// The standard uncertainty of the estimator itself, with the floor that is never undercut.
  var modelUncertainty: Double
  /// What that rests on.
  var modelTitle: String
  /// The value by the other estimator with its id; nil when there is none.
  var other: AlternativeValue?
  /// What the standard uncertainty by noise is multiplied with: the residuals may hold more than noise.
  var noiseFactor = 1.0
  /// Whether the two estimators differ by more than three times what noise and floor explain.
  var differs = false

  /// The relative difference where it is one to speak of.
  func disagreement(on characteristic: Characteristic) -> Disagreement? {
    guard differs, let other, value != 0 else { return nil }
    return Disagreement(characteristic: characteristic, relative: abs(value - other.value) / abs(value))
  }

  var value: Double { joined.value }
  var point: CurvePoint { joined.point }

  /// The reading of the local estimator alone.
  init(local: JoinedReading, method: String, floor: Double) {
    joined = local
    self.method = method
    let least = floor * local.value
    modelUncertainty = (local.windowChange * local.windowChange + least * least).squareRoot()
    modelTitle = "change with the width of the window, and floor"
  }

  /// The fitted curve's reading, checked by the local estimator's, or the latter when the curve does not follow the
  /// data.
  ///
  /// The curve uses all samples and is near the Cramér–Rao bound; the local estimator knows no model. Their
  /// difference is carried as the uncertainty of the model, because neither noise nor any test of fit tells it. Only
  /// where the residuals exceed the noise, and the local value is surer of itself than the two agree, the curve is
  /// known to be the wrong one. `excess` is the standard deviation about the curve over that of the noise.
  static func checked(
    _ ladder: JoinedReading, by local: JoinedReading, localMethod: String, floor: Double, excess: Double,
    noise: NoiseLevel
  ) -> ReportedReading {
    let difference = ladder.value - local.value
    let rows = zip(ladder.rows, local.rows).map { $0.adding($1, times: -1) }
    let scatter = noise.noise(of: rows, near: local.fields).standardUncertainty
    let least = floor * abs(ladder.value)
    let differs = abs(difference) > 3 * scatter && abs(difference) > 3 * least
    let ownNoise = noise.noise(of: local.rows, near: local.fields).standardUncertainty
    let own =
      (ownNoise * ownNoise + local.windowChange * local.windowChange + local.misfit * local.misfit)
      .squareRoot()
    if excess > 1.3, abs(difference) > 3 * scatter, own < abs(difference) / 3 {
      var reported = ReportedReading(local: local, method: localMethod, floor: floor)
      // How far a curve of the wrong form is off says something of how hard this one is to read, too.
      reported.modelUncertainty =
        (reported.modelUncertainty * reported.modelUncertainty + difference * difference / 3).squareRoot()
      reported.modelTitle = "difference of the two estimators, change with the window, and floor"
      reported.other = AlternativeValue(value: ladder.value, method: LadderEstimator.method)
      reported.differs = differs
      return reported
    }
    var reported = ReportedReading(unchecked: ladder, floor: floor, excess: excess)
    // Offsets and drift show between the branches, which the curve has joined.
    reported.joined.halfDifference = local.halfDifference
    reported.modelUncertainty = (difference * difference + least * least).squareRoot()
    reported.modelTitle = "difference of the two estimators, and floor"
    reported.other = AlternativeValue(value: local.value, method: localMethod)
    reported.differs = differs
    return reported
  }

  /// The fitted curve's reading where the local estimator has none.
  init(unchecked ladder: JoinedReading, floor: Double, excess: Double) {
    joined = ladder
    // Chance makes the residuals' standard deviation 3 % more or less at 500 samples.
    noiseFactor = excess > 1.15 ? excess : 1
    method = LadderEstimator.method
    // Without a second opinion nothing tells the model's error; ten times the floor is more than the curve was ever
    // seen to be off where it follows the data.
    modelUncertainty = 10 * floor * abs(ladder.value)
    modelTitle = "no second estimator to compare with"
  }
}
