// SPDX-License-Identifier: GPL-3.0-or-later
internal import Synchronization

/// Where workers find what to do next, without waiting for whoever is recording what they found.
final class WorkDesk<Work: Sendable>: Sendable {
  private let workers: Int
  private let state = Mutex((works: [Work](), busyCount: 0))

  /// A desk for some workers.
  init(workers: Int) { self.workers = workers }

  /// Lays work on the desk; whether one more worker is to begin, who then takes from it until it is empty.
  func takesWorker(for work: Work) -> Bool {
    state.withLock { state in
      state.works.append(work)
      guard state.busyCount < workers else { return false }
      state.busyCount += 1
      return true
    }
  }

  /// The next work; nil when there is none, and the worker goes.
  func next() -> Work? {
    state.withLock { state in
      guard state.works.isEmpty else { return state.works.removeFirst() }
      state.busyCount -= 1
      return nil
    }
  }

  /// Takes away what no worker has begun; returns how much that was.
  func clear() -> Int {
    state.withLock { state in
      defer { state.works = [] }
      return state.works.count
    }
  }
}
