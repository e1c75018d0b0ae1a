// SPDX-License-Identifier: GPL-3.0-or-later

/// Does pieces of work on several workers and hands the results over in the order of the pieces.
///
/// `record` is called from one task only, so it may own what must not be shared; when it throws, the rest is given
/// up. No more than twice as many results as workers are held in memory, however slow one is. No piece is begun any
/// more once `isStopped`; those that are begun are finished and recorded.
func inOrder<Outcome: Sendable>(
  _ count: Int, workers: Int, work: @escaping @Sendable (Int) -> Outcome, isStopped: () -> Bool = { false },
  record: (Outcome) throws -> Void
) async throws {
  // Starting tasks costs a single piece more than it gains.
  guard count > 1, workers > 1 else {
    for index in 0..<count where !isStopped() { try record(work(index)) }
    return
  }
  let workers = min(workers, count)
  let window = 2 * workers
  try await withThrowingTaskGroup(of: (index: Int, outcome: Outcome).self) { group in
    var (started, finished, recorded) = (0, 0, 0)
    var waiting: [Int: Outcome] = [:]
    while recorded < count {
      if isStopped(), recorded == started { return }
      while !isStopped(), started - finished < workers, started < min(count, recorded + window) {
        let index = started
        started += 1
        group.addTask { (index, work(index)) }
      }
      // A worker is given its next piece before anything is recorded, which takes a while.
      if let ready = waiting.removeValue(forKey: recorded) {
        try record(ready)
        recorded += 1
        continue
      }
      guard let (index, outcome) = try await group.next() else { return }
      finished += 1
      waiting[index] = outcome
    }
  }
}
