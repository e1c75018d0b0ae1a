// SPDX-License-Identifier: GPL-3.0-or-later

/// A bar on a terminal's standard error; nothing elsewhere.
struct ProgressBar {
  let total: Int
  var isShown = showsProgress()
  private var start = ContinuousClock.now

  init(total: Int) { self.total = total }

  func show(_ done: Int) {
    guard isShown, done < total, done > 0 else { return }
    let width = 30
    let filled = width * done / total
    let elapsed = (ContinuousClock.now - start) / Duration.seconds(1)
    let left = Int((elapsed * Double(total - done) / Double(done)).rounded(.up))
    printProgress(
      "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        + "] \(done) of \(total) loops, \(left) s left")
  }

  /// Clears the bar and begins anew.
  mutating func restart() {
    clear()
    start = .now
  }

  func clear() {
    if isShown { printProgress("") }
  }
}
