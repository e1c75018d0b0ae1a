// SPDX-License-Identifier: GPL-3.0-or-later

/// Inspects files on several workers and hands the results over in the order of the paths.
///
/// `record` is called from one task only, so it may own what must not be shared; when it throws, the rest is given
/// up. No more than twice as many files as workers are held in memory, however slow one of them is.
public func inspectFiles(
  _ paths: [String], with inspector: Inspector, workers: Int, record: (InspectedFile) throws -> Void
) async throws {
  // Starting tasks costs a single file more than it gains.
  guard paths.count > 1, workers > 1 else {
    for path in paths { try record(inspector.inspect(path: path)) }
    return
  }
  let window = 2 * workers
  try await withThrowingTaskGroup(of: (index: Int, file: InspectedFile).self) { group in
    var (started, finished, recorded) = (0, 0, 0)
    var waiting: [Int: InspectedFile] = [:]
    while recorded < paths.count {
      while started - finished < workers, started < min(paths.count, recorded + window) {
        let index = started
        started += 1
        group.addTask { (index, inspector.inspect(path: paths[index])) }
      }
      guard let (index, file) = try await group.next() else { return }
      finished += 1
      waiting[index] = file
      while let ready = waiting.removeValue(forKey: recorded) {
        try record(ready)
        recorded += 1
      }
    }
  }
}
