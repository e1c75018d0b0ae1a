// SPDX-License-Identifier: GPL-3.0-or-later
import Inspection
import Testing

/// Work on several workers; files that are not there are the quickest of it.
@Suite struct OrderedWorkTests {
  private struct Enough: Error {}

  private let paths = (0..<600).map { "missing/piece-\($0).txt" }
  private let inspector: Inspector

  init() throws { inspector = try Inspector(InspectionRequest()) }

  @Test(arguments: [1, 2, 3, 64, 1000]) func resultsComeInTheOrderOfThePieces(_ workers: Int) async throws {
    var found: [String] = []
    try await inspectFiles(paths, with: inspector, workers: workers) { found.append($0.path) }
    #expect(found == paths)
  }

  @Test func whoeverRecordsCanGiveUp() async throws {
    var count = 0
    await #expect(throws: Enough.self) {
      try await inspectFiles(paths, with: inspector, workers: 3) { _ in
        count += 1
        if count == 100 { throw Enough() }
      }
    }
    #expect(count == 100)
  }

  // What waits for results of a cancelled task waits for nothing.
  @Test(.timeLimit(.minutes(1))) func aCancelledTaskEnds() async throws {
    let (paths, inspector) = (paths, inspector)
    let task = Task { try await inspectFiles(paths, with: inspector, workers: 2) { _ in } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
