// SPDX-License-Identifier: GPL-3.0-or-later
import Fourier
import Foundation
import TestSupport
import Testing

@Suite struct RealTransformTests {
  private func numbers(_ count: Int, seed: UInt64 = 1) -> [Double] {
    SeededNumbers.uniform(count, seed: seed).map { 2 * $0 - 1 }
  }

  /// The definition, with the angle reduced to one turn before it is rounded.
  private func direct(_ samples: [Double]) -> (real: [Double], imaginary: [Double]) {
    let count = samples.count
    var (real, imaginary): ([Double], [Double]) = ([], [])
    for k in 0...count / 2 {
      var (re, im) = (0.0, 0.0)
      for (j, sample) in samples.enumerated() {
        let angle = -2 * Double.pi * Double(j * k % count) / Double(count)
        re += sample * cos(angle)
        im += sample * sin(angle)
      }
      real.append(re)
      imaginary.append(im)
    }
    return (real, imaginary)
  }

  /// Sums of n terms of magnitude 1 round to about n·1e-16.
  @Test(arguments: Array(1...64) + [97, 101, 127, 243, 360, 499, 500, 625, 1009])
  func transformIsTheDefinition(_ count: Int) {
    let samples = numbers(count)
    let transform = RealTransform(count: count)
    let spectrum = transform.forward(samples)
    let expected = direct(samples)
    #expect(spectrum.real.count == count / 2 + 1)
    for k in 0...count / 2 {
      #expect(abs(spectrum.real[k] - expected.real[k]) < 1e-14 * Double(count + 10), "Re X_\(k)")
      #expect(abs(spectrum.imaginary[k] - expected.imaginary[k]) < 1e-14 * Double(count + 10), "Im X_\(k)")
    }
  }

  @Test(arguments: [8, 9, 30, 1000])
  func transformIsLinear(_ count: Int) {
    let transform = RealTransform(count: count)
    let (x, y) = (numbers(count), numbers(count, seed: 2))
    let sum = transform.forward(zip(x, y).map { 3 * $0 - 0.5 * $1 })
    let (a, b) = (transform.forward(x), transform.forward(y))
    for k in sum.real.indices {
      #expect(abs(sum.real[k] - 3 * a.real[k] + 0.5 * b.real[k]) < 1e-14 * Double(count + 10))
      #expect(abs(sum.imaginary[k] - 3 * a.imaginary[k] + 0.5 * b.imaginary[k]) < 1e-14 * Double(count + 10))
    }
  }

  @Test(arguments: [1, 2, 15, 64])
  func impulseHasAFlatSpectrumAndAShiftTurnsIt(_ count: Int) {
    let transform = RealTransform(count: count)
    for place in 0..<count {
      var impulse = [Double](repeating: 0, count: count)
      impulse[place] = 1
      let spectrum = transform.forward(impulse)
      for k in spectrum.real.indices {
        let angle = -2 * Double.pi * Double(place * k % count) / Double(count)
        #expect(abs(spectrum.real[k] - cos(angle)) < 1e-14)
        #expect(abs(spectrum.imaginary[k] - sin(angle)) < 1e-14)
      }
    }
  }

  /// Σx² = (|X_0|² + 2·Σ|X_k|² + |X_{n/2}|²)/n, the last term for even n only.
  @Test(arguments: [1, 2, 7, 100, 101, 1000])
  func powerIsKept(_ count: Int) {
    let samples = numbers(count)
    let power = RealTransform(count: count).forward(samples).power
    var sum = 2 * power.reduce(0, +) - power[0]
    if count.isMultiple(of: 2) { sum -= power[count / 2] }
    let energy = samples.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum / Double(count) / energy - 1) < 1e-13)
  }

  /// DFT of half the length of x_i + x_{i+n/2} is every second bin of the whole.
  ///
  /// A loop that is its own mirror image has nothing there: that is what tells noise from signal.
  @Test(arguments: [4, 12, 1000, 2048])
  func sumOfHalvesHoldsTheEvenHarmonics(_ count: Int) {
    let samples = numbers(count)
    let half = count / 2
    let whole = RealTransform(count: count).forward(samples)
    let even = RealTransform(count: half).forward((0..<half).map { samples[$0] + samples[$0 + half] })
    let scale = whole.power.reduce(0, max).squareRoot()
    for k in even.real.indices {
      #expect(abs(even.real[k] - whole.real[2 * k]) < 1e-12 * scale)
      #expect(abs(even.imaginary[k] - whole.imaginary[2 * k]) < 1e-12 * scale)
    }
    let mirrored = RealTransform(count: count).forward(
      (0..<count).map { $0 < half ? samples[$0] : -samples[$0 - half] })
    for k in stride(from: 0, through: half, by: 2) { #expect(mirrored.power[k] < 1e-24 * scale * scale) }
  }

  /// u² = (1/M)·Σ S·|W|² of the mean of 1000 samples, zero-padded to M = 2000: 1/1000 for white noise, and the
  /// published 0.1371860051 for autoregressive noise of correlation 0.9.
  @Test func uncertaintyOfAMeanFollowsFromSpectra() {
    let (count, padded) = (1000, 2000)
    let weights = (0..<padded).map { $0 < count ? 1 / Double(count) : 0 }
    let power = RealTransform(count: padded).forward(weights).power
    func variance(_ density: (Double) -> Double) -> Double {
      power.enumerated().reduce(0) { sum, bin in
        let sides = bin.offset == 0 || bin.offset == padded / 2 ? 1.0 : 2.0
        return sum + sides * bin.element * density(Double(bin.offset) / Double(padded)) / Double(padded)
      }
    }
    let rho = 0.9
    #expect(abs(variance { _ in 1 } * Double(count) - 1) < 1e-12)
    let correlated = variance { f in (1 - rho * rho) / (1 - 2 * rho * cos(2 * .pi * f) + rho * rho) }
    #expect(abs(correlated.squareRoot() - 0.1371860051) < 1e-9)
  }

  @Test func equalInputGivesEqualBitsInEveryThread() async {
    let samples = numbers(1000)
    let expected = RealTransform(count: 1000).forward(samples)
    let spectra = await withTaskGroup(of: [HalfSpectrum].self) { group in
      for _ in 0..<8 {
        // Each task plans for itself, so that planning and destroying run beside executing.
        group.addTask { (0..<50).map { _ in RealTransform(count: 1000).forward(samples) } }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(spectra.count == 400)
    #expect(spectra.allSatisfy { $0 == expected })
  }

  // Forward and back round like two sums of n terms.
  @Test(arguments: [1, 2, 3, 8, 9, 97, 1000, 8000])
  func inverseUndoesTheForwardTransform(_ count: Int) {
    let samples = numbers(count)
    let transform = RealTransform(count: count)
    let spectrum = transform.forward(samples)
    let kept = spectrum
    let back = transform.inverse(spectrum)
    #expect(back.count == count)
    for index in samples.indices { #expect(abs(back[index] - samples[index]) < 1e-15 * Double(count + 10)) }
    #expect(spectrum == kept, "the spectrum is not used up")
  }

  @Test func missingSamplesAreZeros() {
    let transform = RealTransform.shared(count: 30)
    let samples = numbers(17)
    let padded = transform.forward(samples + [Double](repeating: 0, count: 13))
    #expect(transform.forward(samples) == padded)
    #expect(transform.power(of: samples) == padded.power)
  }

  // Two threads on the same plans; a lock that is missing shows as different bits or a crash.
  @Test func sharedPlansGiveEqualBitsInTwoThreads() async {
    let lengths = [30, 64, 100]
    let samples = lengths.map { numbers($0) }
    let expected = zip(lengths, samples).map { RealTransform(count: $0).forward($1) }
    let returned = zip(lengths, expected).map { RealTransform(count: $0).inverse($1) }
    let wrong = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<2 {
        group.addTask {
          var wrong = 0
          for round in 0..<25_000 {
            let which = round % lengths.count
            let transform = RealTransform.shared(count: lengths[which])
            let spectrum = transform.forward(samples[which])
            if spectrum != expected[which] { wrong += 1 }
            if transform.inverse(spectrum) != returned[which] { wrong += 1 }
          }
          return wrong
        }
      }
      return await group.reduce(0, +)
    }
    #expect(wrong == 0, "of 100000 transforms")
  }

  @Test func inputIsLeftAloneAndNonFiniteNumbersPassThrough() {
    let transform = RealTransform(count: 12)
    let samples = numbers(12)
    let first = transform.forward(samples)
    _ = transform.forward(samples.map { $0 * 7 })
    #expect(transform.forward(samples) == first)
    var broken = samples
    broken[3] = .nan
    #expect(transform.forward(broken).real.contains { $0.isNaN })
  }

  @Test func wrongCountsAreAProgrammersError() async {
    await #expect(processExitsWith: .failure) { _ = RealTransform(count: 0) }
    await #expect(processExitsWith: .failure) { _ = RealTransform(count: 4).forward([1, 2, 3, 4, 5]) }
    await #expect(processExitsWith: .failure) {
      _ = RealTransform(count: 4).inverse(HalfSpectrum(real: [1, 2], imaginary: [0, 0]))
    }
  }
}
