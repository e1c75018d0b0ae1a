// SPDX-License-Identifier: GPL-3.0-or-later

/// Does pieces of work on several workers and hands the results over in the order of the pieces.
///
/// `record` is called from one task only, so it may own what must not be shared; when it throws, the rest is given
/// up. Workers go on while it takes its time, as far as the results that are held meanwhile stay small: twice as many as
/// workers, and up to sixteen times as many when those that there were before were small by `byteCount`. `prepare` is told
/// of most pieces some time before. `isStopped` is asked between two results; from then on no piece is begun any more, and
/// those that are begun are finished and recorded. Throws `CancellationError` when its task is cancelled.
func inOrder<Outcome: Sendable>(
  _ count: Int, workers: Int, prepare: (Int) -> Void = { _ in }, work: @escaping @Sendable (Int) -> Outcome,
  isStopped: () -> Bool = { false }, byteCount: (Outcome) -> Int = { _ in 0 },
  record: (Outcome) throws -> Void
) async throws {
  // Starting tasks costs a single piece more than it gains.
  guard count > 1, workers > 1 else {
    for index in 0..<count where !isStopped() { try record(work(index)) }
    return
  }
  let workers = min(workers, count)
  let desk = WorkDesk<Int>(workers: workers)
  let (outcomes, feed) = AsyncStream.makeStream(of: (index: Int, outcome: Outcome).self)
  try await withThrowingTaskGroup(of: Void.self) { group in
    defer { _ = desk.clear() }
    var (started, recorded) = (0, 0)
    var largest: Int?
    var waiting: [Int: Outcome] = [:]
    var arrivals = outcomes.makeAsyncIterator()
    while recorded < count {
      if isStopped() {
        started -= desk.clear()
        if recorded == started { return }
      } else {
        let window = max(2 * workers, largest.map { min(16 * workers, heldByteCount / max(1, $0)) } ?? 0)
        while started < min(count, recorded + window) {
          prepare(started)
          if desk.takesWorker(for: started) {
            group.addTask {
              while let index = desk.next() {
                feed.yield((index, work(index)))
                // Whoever records must not have to wait for a thread until all work is done.
                await Task.yield()
              }
            }
          }
          started += 1
        }
      }
      if let ready = waiting.removeValue(forKey: recorded) {
        try record(ready)
        recorded += 1
      } else {
        guard let (index, outcome) = await arrivals.next() else { throw CancellationError() }
        waiting[index] = outcome
        largest = max(largest ?? 0, byteCount(outcome))
      }
    }
  }
}

/// How much may be held, of results that tell their size.
private let heldByteCount = 8 << 20
