// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Signal
import Testing

@Suite struct MonotoneCubicTests {
  @Test func staysBetweenItsPoints() throws {
    // A step: any smooth interpolation without limits on its slopes overshoots.
    let x = [0.0, 1, 2, 2.1, 3, 5, 6], y = [0.0, 0, 0.1, 0.9, 1, 1, 0.5]
    let curve = try #require(MonotoneCubic(x: x, y: y))
    for (left, right) in zip(x.indices, x.indices.dropFirst()) {
      let (low, high) = (min(y[left], y[right]), max(y[left], y[right]))
      var before = y[left]
      for step in 0...50 {
        let value = try #require(curve.value(at: x[left] + (x[right] - x[left]) * Double(step) / 50))
        #expect(value >= low - 1e-15 && value <= high + 1e-15)
        // Monotone between the points, to rounding.
        #expect((value - before) * (y[right] - y[left]) >= -1e-15)
        before = value
      }
    }
    for (place, value) in zip(x, y) { #expect(curve.value(at: place) == value) }
  }

  @Test func straightLinesStayStraight() throws {
    let curve = try #require(MonotoneCubic(x: [0, 1, 4], y: [1, 3, 9]))
    for place in [0.3, 1.7, 3.9] {
      #expect(abs(try #require(curve.value(at: place)) - 1 - 2 * place) < 1e-14)
    }
  }

  @Test func nothingBeyondThePointsAndNothingOfBadOnes() throws {
    let curve = try #require(MonotoneCubic(x: [0, 1], y: [1, 3]))
    #expect(curve.value(at: -1e-9) == nil)
    #expect(curve.value(at: 1.0001) == nil)
    #expect(curve.value(at: .nan) == nil)
    #expect(MonotoneCubic(x: [0], y: [1]) == nil)
    #expect(MonotoneCubic(x: [0, 0], y: [1, 2]) == nil)
    #expect(MonotoneCubic(x: [0, 1], y: [1]) == nil)
    #expect(MonotoneCubic(x: [0, .infinity], y: [1, 2]) == nil)
  }
}
