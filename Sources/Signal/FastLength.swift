// SPDX-License-Identifier: GPL-3.0-or-later

/// The largest count of the form 2ᵃ·3ᵇ·5ᶜ that is at most `limit`; traps for less than 1.
///
/// FFTW is fast at these lengths; a prime length costs 15 to 25 times as much.
public func largestFastLength(atMost limit: Int) -> Int {
  precondition(limit >= 1, "no transform length below \(limit)")
  var best = 1
  var fives = 1
  while fives <= limit {
    var threes = fives
    while threes <= limit {
      var product = threes
      while product <= limit / 2 { product *= 2 }
      best = max(best, product)
      guard threes <= limit / 3 else { break }
      threes *= 3
    }
    guard fives <= limit / 5 else { break }
    fives *= 5
  }
  return best
}

/// The smallest count of the form 2ᵃ·3ᵇ·5ᶜ that is at least `limit`; traps beyond 2⁶⁰.
public func smallestFastLength(atLeast limit: Int) -> Int {
  precondition(limit <= 1 << 60, "no transform length above \(limit)")
  var best = Int.max
  var fives = 1
  while fives < best {
    var threes = fives
    while threes < best {
      var product = threes
      while product < limit { product *= 2 }
      best = min(best, product)
      guard threes < limit else { break }
      threes *= 3
    }
    guard fives < limit else { break }
    fives *= 5
  }
  return best
}
