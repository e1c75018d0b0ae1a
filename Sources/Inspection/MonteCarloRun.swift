// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Report
internal import Validation

/// A Monte Carlo evaluation that was asked for.
public struct MonteCarloRequest: Hashable, Sendable {
  /// Fewer draws tell nothing that two digits could be compared with.
  public static let fewestDraws = 1000

  /// How many loops are drawn.
  public var draws: Int
  /// The base of the seeds.
  public var seed: UInt32

  /// A request from its parts; `draws` at least `fewestDraws`.
  public init(draws: Int, seed: UInt32 = 1) {
    self.draws = draws
    self.seed = seed
  }
}

extension InspectedFile {
  /// Runs the Monte Carlo evaluations of the loops on several workers and adds what they give to the results.
  ///
  /// The outcome does not depend on the number of workers. `progress` gets the number of draws of the loop that are
  /// done.
  mutating func evaluate(
    draws: Int, workers: Int, progress: (Int) throws -> Void
  ) async throws {
    for (index, evaluation) in evaluations.sorted(by: { $0.key < $1.key }) {
      guard case .sample(var reported) = results[index] else { continue }
      // As in a validation: large enough that starting tasks costs nothing.
      let size = 20
      let starts = Array(stride(from: 0, to: draws, by: size))
      var values: [[Characteristic: Double]] = []
      try await inOrder(starts.count, workers: workers) { piece in
        (starts[piece]..<min(starts[piece] + size, draws)).map(evaluation.values)
      } record: {
        values += $0
        try progress(values.count)
      }
      reported.monteCarlo = MonteCarloOutcome(evaluation, draws: values)
      results[index] = .sample(reported)
      entries[index].record = results[index].archivedLine
    }
  }
}
