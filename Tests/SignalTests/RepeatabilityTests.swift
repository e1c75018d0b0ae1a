// SPDX-License-Identifier: GPL-3.0-or-later
import Signal
import TestSupport
import Testing

@Suite struct RepeatabilityTests {
  /// The bits of a delay, a hum fit, an integral and a shift of one record.
  private static func bits() -> [UInt64] {
    let noise = SeededNumbers.gaussian(6007, seed: 541)
    let smooth = integral(noise, interval: 0.1)
    let later = zip(delayed(smooth, by: 2.7), noise).map { $0 + 1e-3 * $1 }
    var numbers = smooth + later
    if let found = delay(of: later, after: smooth, band: 1e-4..<0.05, noise: (1e-3, 1e-3)) {
      numbers += [found.samples, found.standardUncertainty]
    }
    if let fit = HumFit(noise, plateaus: [0..<2000, 3000..<5000], frequency: 0.01, freeWithin: 1e-4) {
      numbers += [fit.frequency] + fit.coefficients + fit.covariance
    }
    return numbers.map(\.bitPattern)
  }

  @Test func equalBitsFromEightThreads() async {
    let reference = Self.bits()
    // Both estimates are there: two numbers of the delay, 1 + 10 + 121 of the hum.
    #expect(reference.count == 2 * 6007 + 2 + 132)
    #expect(Self.bits() == reference)
    let equal = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 { group.addTask { Self.bits() == reference } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(equal == 8)
  }
}
