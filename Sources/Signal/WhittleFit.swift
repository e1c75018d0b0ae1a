// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The likeliest S(f) = W + A·(f² + f_c²)^(−a/2) of a binned periodogram, by Fisher scoring.
///
/// Minimises Σ n(ln S + P/S) + ½(a − 1.2)² + 0.02·(ln f_c − ln(2/N))² over ln W, ln A, a and ln f_c, damped as
/// Levenberg and Marquardt do, with a within 0.3 … 2.2.
struct WhittleFit {
  private(set) var parameters: SIMD4<Double>
  private(set) var objective = Double.infinity
  /// The expected second derivatives, row by row.
  private var information = SIMD16<Double>.zero
  private var gradient = SIMD4<Double>.zero
  private let periodogram: BinnedPeriodogram
  /// ln(2/N).
  private let expectedCorner: Double
  private let lower: SIMD4<Double>
  private let upper: SIMD4<Double>

  var white: Double { exp(parameters[0]) }
  var slow: NoiseSpectrum.Slow {
    .init(logAmplitude: parameters[1], exponent: parameters[2], logCorner: parameters[3])
  }
  /// The inverse of the information: the covariance of the parameters, row by row.
  var covariance: [Double] {
    let columns = (0..<4).map { index -> SIMD4<Double> in
      var unit = SIMD4<Double>.zero
      unit[index] = 1
      return Self.solve(information, unit)
    }
    return (0..<16).map { columns[$0 % 4][$0 / 4] }
  }

  /// The fit, or nil when white noise explains the periodogram but for less than 6 units of log-likelihood.
  static func coloured(_ periodogram: BinnedPeriodogram, points: Int) -> WhittleFit? {
    let mean = periodogram.mean
    guard periodogram.means.count >= 5, mean > 0, mean.isFinite else { return nil }
    let white = periodogram.ordinates * (log(mean) + 1)
    // S falls with f, so no fit is likelier than the likeliest falling sequence; mostly that settles it.
    guard falling(periodogram) <= white - 6 else { return nil }
    let number = Double(points)
    var best: WhittleFit?
    for (exponent, corner) in [(1.0, 0.5 / number), (2.0, 0.02)] {
      var fit = WhittleFit(periodogram, points: number, exponent: exponent, corner: corner)
      fit.run()
      if fit.objective < best?.objective ?? .infinity { best = fit }
    }
    guard let best, best.objective <= white - 6 else { return nil }
    return best
  }

  /// The least Σ n(ln S + P/S) of all sequences that fall with f: neighbours that rise are pooled.
  private static func falling(_ periodogram: BinnedPeriodogram) -> Double {
    var pools: [(mean: Double, count: Double)] = []
    // No ordinate is 0 to within rounding.
    let least = 1e-12 * periodogram.mean
    for (mean, count) in zip(periodogram.means, periodogram.counts) {
      var pool = (mean: max(mean, least), count: count)
      while let last = pools.last, last.mean <= pool.mean {
        pools.removeLast()
        let count = last.count + pool.count
        pool = ((last.mean * last.count + pool.mean * pool.count) / count, count)
      }
      pools.append(pool)
    }
    return pools.reduce(0) { $0 + $1.count * (log($1.mean) + 1) }
  }

  /// A start with W from the highest bins and A so that the lowest are met.
  private init(_ periodogram: BinnedPeriodogram, points: Double, exponent: Double, corner: Double) {
    self.periodogram = periodogram
    expectedCorner = log(2 / points)
    let number = periodogram.means.count
    func mean(_ bins: Range<Int>) -> Double {
      let count = bins.reduce(0) { $0 + periodogram.counts[$1] }
      return bins.reduce(0) { $0 + periodogram.counts[$1] * periodogram.means[$1] } / count
    }
    let part = max(1, number / 5)
    let least = 1e-9 * periodogram.mean
    let white = max(mean(number - part..<number), least)
    let excess = max(mean(0..<part) - white, 0.01 * white)
    let frequency = periodogram.frequencies[part / 2]
    let square = frequency * frequency + corner * corner
    parameters = SIMD4(log(white), log(excess) + 0.5 * exponent * log(square), exponent, log(corner))
    lower = SIMD4(log(least), -200, 0.3, log(1e-3 / points))
    upper = SIMD4(log(1e6 * periodogram.mean), 200, 2.2, log(0.5))
  }

  private mutating func run() {
    evaluate()
    var damping = 1e-3
    for _ in 0..<60 {
      var trial = self
      trial.parameters = (parameters - step(damping: damping)).clamped(lowerBound: lower, upperBound: upper)
      trial.evaluate()
      let gain = objective - trial.objective
      if gain >= 0 {
        self = trial
        damping = max(damping / 10, 1e-9)
        // A hundredth of the parameters' own uncertainty.
        if gain < 1e-4 { return }
      } else {
        damping *= 10
        if !(damping < 1e9) { return }
      }
    }
  }

  /// The step of Fisher scoring; a parameter at its bound stays when it would leave.
  private func step(damping: Double) -> SIMD4<Double> {
    var matrix = information
    var right = gradient
    for index in 0..<4 {
      let leaves =
        (parameters[index] <= lower[index] && gradient[index] > 0)
        || (parameters[index] >= upper[index] && gradient[index] < 0)
      if leaves {
        for other in 0..<4 {
          matrix[4 * index + other] = 0
          matrix[4 * other + index] = 0
        }
        matrix[5 * index] = 1
        right[index] = 0
      }
      matrix[5 * index] *= 1 + damping
    }
    return Self.solve(matrix, right)
  }

  /// Objective, gradient and information at the parameters.
  private mutating func evaluate() {
    let white = self.white
    let slow = self.slow
    let corner = slow.squaredCorner
    let deviation = slow.logCorner - expectedCorner
    objective = 0.5 * (slow.exponent - 1.2) * (slow.exponent - 1.2) + 0.02 * deviation * deviation
    gradient = SIMD4(0, 0, slow.exponent - 1.2, 0.04 * deviation)
    var rows = (SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero, SIMD4<Double>.zero)
    for index in periodogram.means.indices {
      let (value, slopes) = slow.densityAndSlopes(at: periodogram.frequencies[index], corner)
      let density = white + value
      let share = value / density
      let ratio = periodogram.means[index] / density
      let count = periodogram.counts[index]
      let derivative = SIMD4(1 - share, share * slopes[0], share * slopes[1], share * slopes[2])
      objective += count * (log(density) + ratio)
      gradient += count * (1 - ratio) * derivative
      let weighted = count * derivative
      rows.0 += weighted * derivative[0]
      rows.1 += weighted * derivative[1]
      rows.2 += weighted * derivative[2]
      rows.3 += weighted * derivative[3]
    }
    rows.2[2] += 1
    rows.3[3] += 0.04
    information = SIMD16(
      lowHalf: SIMD8(lowHalf: rows.0, highHalf: rows.1), highHalf: SIMD8(lowHalf: rows.2, highHalf: rows.3))
    // A parameter without effect must not make the matrix singular.
    for index in 0..<4 { information[5 * index] += 1e-9 * (1 + information[5 * index]) }
  }

  /// The solution of a symmetric positive definite system by Cholesky; zero when it is none.
  private static func solve(_ matrix: SIMD16<Double>, _ right: SIMD4<Double>) -> SIMD4<Double> {
    var lower = matrix
    for row in 0..<4 {
      for column in 0...row {
        var sum = matrix[4 * row + column]
        for k in 0..<column { sum -= lower[4 * row + k] * lower[4 * column + k] }
        if row == column {
          guard sum > 0, sum.isFinite else { return .zero }
          lower[5 * row] = sum.squareRoot()
        } else {
          lower[4 * row + column] = sum / lower[5 * column]
        }
      }
    }
    var solution = right
    for row in 0..<4 {
      for k in 0..<row { solution[row] -= lower[4 * row + k] * solution[k] }
      solution[row] /= lower[5 * row]
    }
    for row in (0..<4).reversed() {
      for k in row + 1..<4 { solution[row] -= lower[4 * k + row] * solution[k] }
      solution[row] /= lower[5 * row]
    }
    return solution
  }
}
