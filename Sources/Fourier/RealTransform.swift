// SPDX-License-Identifier: GPL-3.0-or-later
internal import CFFTW
internal import Synchronization

/// FFTW may only execute plans from several threads; making and destroying them is guarded here
/// (FFTW manual, "Thread safety").
private let planner = Mutex<Void>(())

/// The plans that the whole process shares, by length.
private let shelf = Mutex<[Int: RealTransform]>([:])

/// The non-redundant half of the transform of a real sequence.
public struct HalfSpectrum: Hashable, Sendable {
  /// Real parts for the frequencies k = 0 … n/2.
  public var real: [Double]
  /// Imaginary parts for the same frequencies.
  public var imaginary: [Double]

  /// A spectrum from its parts, of equal counts.
  public init(real: [Double], imaginary: [Double]) {
    precondition(real.count == imaginary.count, "\(real.count) real for \(imaginary.count) imaginary parts")
    self.real = real
    self.imaginary = imaginary
  }

  /// |X_k|² for k = 0 … n/2.
  public var power: [Double] { zip(real, imaginary).map { $0 * $0 + $1 * $1 } }
}

/// Plans for the discrete Fourier transform of real sequences of one length, there and back.
///
/// Planned with `ESTIMATE`, so that equal input gives equal bits in every run and thread. Executing takes no lock.
@safe
public final class RealTransform: Sendable {
  /// The length of the sequences.
  public let count: Int
  private nonisolated(unsafe) let there: fftw_plan
  private nonisolated(unsafe) let back: fftw_plan

  /// Plans transforms of sequences of `count` samples, 1 or more.
  ///
  /// Small prime factors are fast; a large prime costs 15 to 25 times as much.
  public init(count: Int) {
    precondition(count > 0 && count <= Int32.max, "a transform of \(count) samples")
    self.count = count
    let plans = unsafe planner.withLock { _ -> (fftw_plan?, fftw_plan?) in
      var samples = [Double](repeating: 0, count: count)
      var bins = [fftw_complex](repeating: (0, 0), count: count / 2 + 1)
      return unsafe samples.withUnsafeMutableBufferPointer { sequence in
        unsafe bins.withUnsafeMutableBufferPointer { spectrum in
          unsafe (
            fftw_plan_dft_r2c_1d(
              Int32(count), sequence.baseAddress, spectrum.baseAddress,
              FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_PRESERVE_INPUT),
            fftw_plan_dft_c2r_1d(
              Int32(count), spectrum.baseAddress, sequence.baseAddress,
              FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_DESTROY_INPUT)
          )
        }
      }
    }
    guard let there = unsafe plans.0, let back = unsafe plans.1 else {
      preconditionFailure("FFTW cannot plan \(count) samples")
    }
    unsafe self.there = there
    unsafe self.back = back
  }

  deinit {
    planner.withLock { _ in
      unsafe fftw_destroy_plan(there)
      unsafe fftw_destroy_plan(back)
    }
  }

  /// The plans of one length that all threads share; made at the first call and kept.
  ///
  /// Meant for the few lengths that a program comes back to.
  public static func shared(count: Int) -> RealTransform {
    shelf.withLock { plans in
      if let plan = plans[count] { return plan }
      let plan = RealTransform(count: count)
      plans[count] = plan
      return plan
    }
  }

  /// X_k = Σ x_j·exp(−2πi·jk/n), not normalised; traps for more than `count` samples.
  ///
  /// Fewer are filled up with zeros.
  public func forward(_ samples: [Double]) -> HalfSpectrum {
    let bins = transformed(samples)
    return HalfSpectrum(real: bins.map(\.0), imaginary: bins.map(\.1))
  }

  /// |X_k|² of the forward transform for k = 0 … n/2.
  public func power(of samples: [Double]) -> [Double] {
    transformed(samples).map { $0.0 * $0.0 + $0.1 * $0.1 }
  }

  /// x_j = (1/n)·Σ X_k·exp(2πi·jk/n) over all n frequencies: the sequence whose forward transform is `spectrum`.
  ///
  /// Imaginary parts that no real sequence has, at k = 0 and for even n at n/2, do not count. Traps unless there are
  /// n/2 + 1 frequencies.
  public func inverse(_ spectrum: HalfSpectrum) -> [Double] {
    precondition(
      spectrum.real.count == count / 2 + 1, "\(spectrum.real.count) frequencies for a transform of \(count)")
    // FFTW destroys the input of this transform; this copy is it.
    var bins: [fftw_complex] = zip(spectrum.real, spectrum.imaginary).map { ($0, $1) }
    var samples = [Double](repeating: 0, count: count)
    unsafe bins.withUnsafeMutableBufferPointer { source in
      unsafe samples.withUnsafeMutableBufferPointer { target in
        unsafe fftw_execute_dft_c2r(back, source.baseAddress, target.baseAddress)
      }
    }
    let scale = 1 / Double(count)
    for index in samples.indices { samples[index] *= scale }
    return samples
  }

  private func transformed(_ samples: [Double]) -> [fftw_complex] {
    precondition(samples.count <= count, "\(samples.count) samples for a transform of \(count)")
    var input = samples
    if input.count < count { input += repeatElement(0, count: count - input.count) }
    var output = [fftw_complex](repeating: (0, 0), count: count / 2 + 1)
    unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe fftw_execute_dft_r2c(there, source.baseAddress, target.baseAddress)
      }
    }
    return output
  }
}
