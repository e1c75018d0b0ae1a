// SPDX-License-Identifier: GPL-3.0-or-later

/// A symmetric matrix taken apart into its principal directions.
public struct PrincipalDirections: Sendable {
  /// The eigenvalues.
  public let values: [Double]
  /// The eigenvectors, one array each.
  public let vectors: [[Double]]

  /// Takes a symmetric matrix apart, given row by row, by Jacobi's rotations.
  ///
  /// `order` rows of as many columns; only numbers. (Golub and Van Loan, Matrix Computations, section 8.5.)
  public init(of matrix: [Double], order: Int) {
    precondition(matrix.count == order * order, "\(matrix.count) elements for \(order) rows")
    var a = matrix
    var vectors = [Double](repeating: 0, count: order * order)
    for k in 0..<order { vectors[k * order + k] = 1 }
    for _ in 0..<60 {
      var (outside, trace) = (0.0, 0.0)
      for p in 0..<order {
        trace += a[p * order + p] * a[p * order + p]
        for q in 0..<p { outside += a[p * order + q] * a[p * order + q] }
      }
      if outside <= 1e-30 * trace { break }
      for p in 0..<order {
        for q in p + 1..<max(p + 1, order) where a[p * order + q] != 0 {
          let theta = (a[q * order + q] - a[p * order + p]) / (2 * a[p * order + q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<order {
            let (x, y) = (a[k * order + p], a[k * order + q])
            a[k * order + p] = c * x - s * y
            a[k * order + q] = s * x + c * y
          }
          for k in 0..<order {
            let (x, y) = (a[p * order + k], a[q * order + k])
            a[p * order + k] = c * x - s * y
            a[q * order + k] = s * x + c * y
            let (v, w) = (vectors[k * order + p], vectors[k * order + q])
            vectors[k * order + p] = c * v - s * w
            vectors[k * order + q] = s * v + c * w
          }
        }
      }
    }
    values = (0..<order).map { a[$0 * order + $0] }
    self.vectors = (0..<order).map { column in (0..<order).map { vectors[$0 * order + column] } }
  }
}
