// SPDX-License-Identifier: GPL-3.0-or-later

/// How far a long run is: a line that is overwritten on a terminal, a line a minute elsewhere.
struct RunProgress {
  private let isShown: Bool
  private let isTerminal = showsProgress()
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now
  private var last = ""
  /// What the rate is counted from: the start, or the last line.
  private var base: (done: Int, at: ContinuousClock.Instant)
  private let isRateRecent: Bool

  /// With `isRateRecent` the rate is that since the last line, and otherwise that since the start.
  init(isShown: Bool, isRateRecent: Bool = false) {
    self.isShown = isShown
    self.isRateRecent = isRateRecent
    base = (0, start)
  }

  /// Shows the line when it is time, and not once more what was shown last.
  ///
  /// It is made with the number done a second, `done` being how many were since the start.
  mutating func show(done: Int, _ line: (_ rate: Double) -> String) {
    let now = ContinuousClock.now
    guard isShown, now - shown >= (isTerminal ? .milliseconds(200) : .seconds(60)) else { return }
    shown = now
    let line = line(Double(done - base.done) / max((now - base.at) / .seconds(1), 1e-3))
    if isRateRecent { base = (done, now) }
    guard line != last else { return }
    last = line
    if isTerminal { printProgress(line) } else { printError(line) }
  }

  /// Prints a line of its own on standard error.
  func remark(_ line: String) {
    clear()
    printError(line)
  }

  /// Clears the line on a terminal.
  func clear() { if isShown, isTerminal { printProgress("") } }
}
