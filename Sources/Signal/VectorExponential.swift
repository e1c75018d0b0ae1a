// SPDX-License-Identifier: GPL-3.0-or-later

/// e^x lane by lane, for |x| ≤ 700; relative error below 1e-14.
///
/// Cody and Waite's reduction to |r| ≤ ln 2/2 and the Taylor polynomial of degree 11. Straight-line code, so that
/// the compiler keeps all lanes in vector registers, which it cannot do across calls of the C library.
@inline(__always)
func exponential(_ x: SIMD8<Double>) -> SIMD8<Double> {
  // Adding 1.5·2⁵² rounds to an integer and leaves it in the low bits.
  let shifter = 0x1.8p52
  let shifted = x * 1.4426950408889634 + shifter
  let count = shifted - shifter
  let r = (x - count * 0x1.62e42feep-1) - count * 0x1.a39ef35793c76p-33
  // Even and odd powers apart: each step of a chain waits for the one before, and two chains fill the time.
  let square = r * r
  var odd = SIMD8<Double>(repeating: 1.0 / 39_916_800)
  odd = odd * square + 1.0 / 362_880
  odd = odd * square + 1.0 / 5040
  odd = odd * square + 1.0 / 120
  odd = odd * square + 1.0 / 6
  odd = odd * square + 1
  var even = SIMD8<Double>(repeating: 1.0 / 3_628_800)
  even = even * square + 1.0 / 40_320
  even = even * square + 1.0 / 720
  even = even * square + 1.0 / 24
  even = even * square + 0.5
  even = even * square + 1
  let p = odd * r + even
  var scale = SIMD8<Double>()
  for lane in 0..<8 {
    scale[lane] = Double(bitPattern: (shifted[lane].bitPattern &+ 1023) << 52)
  }
  return p * scale
}

extension SIMD8<Double> {
  /// The least of the eight.
  @inline(__always)
  var least: Double {
    var half = lowHalf
    half.replace(with: highHalf, where: highHalf .< half)
    return Swift.min(Swift.min(half[0], half[1]), Swift.min(half[2], half[3]))
  }

  /// The greatest of the eight.
  @inline(__always)
  var greatest: Double {
    var half = lowHalf
    half.replace(with: highHalf, where: highHalf .> half)
    return Swift.max(Swift.max(half[0], half[1]), Swift.max(half[2], half[3]))
  }
}
