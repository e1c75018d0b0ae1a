// SPDX-License-Identifier: GPL-3.0-or-later

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Two equal low-pass filters of first order in a row, exact for an input that is a parabola over each step.
struct TwoPoleFilter {
  /// The time constant of each, s.
  let time: Double
  private var first: Double
  /// What comes out now.
  private(set) var output: Double

  /// A filter that has been at rest with a constant input.
  init(time: Double, settledAt input: Double) {
    self.time = time
    first = input
    output = input
  }

  /// Goes on by a time in s while the input runs through three values.
  mutating func advance(by step: Double, from start: Double, through middle: Double, to end: Double) {
    guard step > 0 else { return }
    // With x = x0 + x1·s + x2·s² each filter gives x − τ·x′ + τ²·x″ and an exponential that its past decides.
    let linear = (4 * middle - 3 * start - end) / step
    let square = 2 * (start - 2 * middle + end) / (step * step)
    let once = (start - time * linear + 2 * time * time * square, linear - 2 * time * square)
    let twice = (once.0 - time * once.1 + 2 * time * time * square, once.1 - 2 * time * square)
    let decay = exp(-step / time)
    let past = first - once.0
    output =
      twice.0 + step * (twice.1 + step * square) + (output - twice.0 + past * step / time) * decay
    first = once.0 + step * (once.1 + step * square) + past * decay
  }

  /// An impulse of an area in the input's unit times s.
  mutating func strike(_ area: Double) { first += area / time }
}
