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
  var p = SIMD8<Double>(repeating: 1.0 / 39_916_800)
  p = p * r + 1.0 / 3_628_800
  p = p * r + 1.0 / 362_880
  p = p * r + 1.0 / 40_320
  p = p * r + 1.0 / 5040
  p = p * r + 1.0 / 720
  p = p * r + 1.0 / 120
  p = p * r + 1.0 / 24
  p = p * r + 1.0 / 6
  p = p * r + 0.5
  p = p * r + 1
  p = p * r + 1
  var scale = SIMD8<Double>()
  for lane in 0..<8 {
    scale[lane] = Double(bitPattern: (shifted[lane].bitPattern &+ 1023) << 52)
  }
  return p * scale
}
