// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

extension HumFit {
  /// The least-squares problem behind the fit: sinusoids, polynomials and the frequency.
  struct Problem {
    let samples: [Double]
    let plateaus: [Range<Int>]
    let degree: Int
    let joined: Bool
    let centre: Double
    let harmonics: Int

    /// Sinusoids and polynomials without the frequency.
    var linearUnknowns: Int { 2 * harmonics + (degree + 1) * (joined ? 1 : plateaus.count) }

    /// A point in the space of the unknowns; `values` are the linear ones.
    struct Fit {
      var frequency: Double
      var values: [Double]
      var frequencyUncertainty = 0.0
      var covariance: [Double] = []
      var residual = 0.0
      var degreesOfFreedom = 0.0
    }

    /// The sinusoids at one time.
    struct Row {
      var columns: [Double]
      private let time: Double

      init(harmonics: Int, at time: Double, frequency: Double) {
        self.time = time
        columns = [Double](repeating: 0, count: 2 * harmonics)
        set(frequency)
      }

      private mutating func set(_ frequency: Double) {
        let angle = 2 * .pi * (frequency * time)
        let (c, s) = (cos(angle), sin(angle))
        var (real, imaginary) = (c, s)
        for k in 0..<columns.count / 2 {
          columns[2 * k] = real
          columns[2 * k + 1] = imaginary
          (real, imaginary) = (real * c - imaginary * s, real * s + imaginary * c)
        }
      }

      /// The change of the sum of the sinusoids with the frequency.
      func slope(_ values: [Double]) -> Double {
        var sum = 0.0
        for k in 0..<columns.count / 2 {
          let turn = 2 * .pi * Double(k + 1) * time
          sum += turn * (values[2 * k + 1] * columns[2 * k] - values[2 * k] * columns[2 * k + 1])
        }
        return sum
      }
    }

    func start(frequency: Double) -> Fit {
      Fit(frequency: frequency, values: [Double](repeating: 0, count: linearUnknowns))
    }

    /// The change of the unknowns that explains what a fit leaves.
    func solution(_ fit: Fit, freeing frequency: Bool) -> NormalEquations.Solution? {
      var equations = NormalEquations(order: linearUnknowns + (frequency ? 1 : 0))
      visit(fit, frequency) { row, rest in equations.add(row, rest) }
      return equations.solution()
    }

    /// Every row of the plateaus: its coefficients and what the fit leaves of its sample.
    private func visit(_ fit: Fit, _ frequency: Bool, _ body: ([Double], Double) -> Void) {
      let unknowns = linearUnknowns
      var row = [Double](repeating: 0, count: unknowns + (frequency ? 1 : 0))
      let span = Double((plateaus.map(\.upperBound).max() ?? 0) - (plateaus.map(\.lowerBound).min() ?? 0))
      for (index, plateau) in plateaus.enumerated() {
        let block = 2 * harmonics + (joined ? 0 : index * (degree + 1))
        for k in 2 * harmonics..<unknowns { row[k] = 0 }
        let middle = joined ? centre : 0.5 * Double(plateau.lowerBound + plateau.upperBound - 1)
        let half = 0.5 * max(1, joined ? span : Double(plateau.count))
        for i in plateau {
          let sinusoids = Row(harmonics: harmonics, at: Double(i) - centre, frequency: fit.frequency)
          for k in sinusoids.columns.indices { row[k] = sinusoids.columns[k] }
          // Legendre's polynomials are nearly orthogonal on equally spaced rows.
          let x = (Double(i) - middle) / half
          var (before, current) = (0.0, 1.0)
          for k in 0...degree {
            row[block + k] = current
            (before, current) = (
              current, (Double(2 * k + 1) * x * current - Double(k) * before) / Double(k + 1)
            )
          }
          if frequency { row[unknowns] = sinusoids.slope(fit.values) }
          var rest = samples[i]
          for k in 0..<unknowns { rest -= row[k] * fit.values[k] }
          body(row, rest)
        }
      }
    }

    /// The best fit with a free frequency near the one given, by Gauss and Newton.
    func refined(from frequency: Double) -> Fit? {
      guard var fit = refined(at: frequency) else { return nil }
      for _ in 0..<30 {
        guard let solution = solution(fit, freeing: true), let step = solution.values.last else { return nil }
        for k in fit.values.indices { fit.values[k] += solution.values[k] }
        fit.frequency += step
        guard fit.frequency > 0, fit.frequency * Double(harmonics) < 0.5 else { return nil }
        if abs(step) <= 1e-13 * fit.frequency { break }
      }
      return closed(fit, free: true)
    }

    /// The best fit at one frequency.
    func refined(at frequency: Double) -> Fit? {
      var fit = start(frequency: frequency)
      // The second pass takes what rounding left of the first.
      for _ in 0..<2 {
        guard let solution = solution(fit, freeing: false) else { return nil }
        for k in fit.values.indices { fit.values[k] += solution.values[k] }
      }
      return closed(fit, free: false)
    }

    /// The fit with its uncertainties.
    private func closed(_ fit: Fit, free: Bool) -> Fit? {
      var equations = NormalEquations(order: linearUnknowns + (free ? 1 : 0))
      var squares = 0.0
      visit(fit, free) { row, rest in
        equations.add(row, rest)
        squares += rest * rest
      }
      let unknowns = linearUnknowns + (free ? 1 : 0)
      guard let inverse = equations.solution()?.inverse, equations.count > unknowns, squares.isFinite else {
        return nil
      }
      var fit = fit
      fit.degreesOfFreedom = Double(equations.count - unknowns)
      let variance = squares / fit.degreesOfFreedom
      fit.residual = variance.squareRoot()
      let order = 2 * harmonics + 1
      fit.covariance = [Double](repeating: 0, count: order * order)
      // The frequency is the last unknown, behind the polynomials.
      func place(_ k: Int) -> Int? { k < order - 1 ? k : free ? unknowns - 1 : nil }
      for i in 0..<order {
        for j in 0..<order {
          guard let row = place(i), let column = place(j) else { continue }
          fit.covariance[i * order + j] = variance * inverse[row * unknowns + column]
        }
      }
      fit.frequencyUncertainty = fit.covariance[order * order - 1].squareRoot()
      return fit
    }
  }
}
