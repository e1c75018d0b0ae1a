// SPDX-License-Identifier: GPL-3.0-or-later
internal import CFFTW
internal import Synchronization

/// FFTW may only execute plans from several threads; making and destroying them is guarded here
/// (FFTW manual, "Thread safety").
private let planner = Mutex<Void>(())

/// The non-redundant half of the transform of a real sequence.
public struct HalfSpectrum: Hashable, Sendable {
  /// Real parts for the frequencies k = 0 … n/2.
  public let real: [Double]
  /// Imaginary parts for the same frequencies.
  public let imaginary: [Double]

  /// |X_k|² for k = 0 … n/2.
  public var power: [Double] { zip(real, imaginary).map { $0 * $0 + $1 * $1 } }
}

/// A plan for the discrete Fourier transform of real sequences of one length.
///
/// Planned with `ESTIMATE`, so that equal input gives equal bits in every run and thread.
@safe
public struct RealTransform: ~Copyable, Sendable {
  /// The length of the sequences.
  public let count: Int
  private nonisolated(unsafe) let plan: fftw_plan

  /// Plans transforms of sequences of `count` samples, 1 or more.
  ///
  /// Small prime factors are fast; a large prime costs 15 to 25 times as much.
  public init(count: Int) {
    precondition(count > 0 && count <= Int32.max, "a transform of \(count) samples")
    self.count = count
    let made = unsafe planner.withLock { _ -> fftw_plan? in
      var input = [Double](repeating: 0, count: count)
      var output = [fftw_complex](repeating: (0, 0), count: count / 2 + 1)
      return unsafe input.withUnsafeMutableBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          unsafe fftw_plan_dft_r2c_1d(
            Int32(count), source.baseAddress, target.baseAddress,
            FFTW_ESTIMATE | FFTW_UNALIGNED | FFTW_PRESERVE_INPUT)
        }
      }
    }
    guard let made = unsafe made else { preconditionFailure("FFTW cannot plan \(count) samples") }
    unsafe plan = made
  }

  deinit {
    planner.withLock { _ in unsafe fftw_destroy_plan(plan) }
  }

  /// X_k = Σ x_j·exp(−2πi·jk/n), not normalised; traps unless there are `count` samples.
  public func forward(_ samples: [Double]) -> HalfSpectrum {
    precondition(samples.count == count, "\(samples.count) samples for a transform of \(count)")
    var input = samples
    var output = [fftw_complex](repeating: (0, 0), count: count / 2 + 1)
    unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe fftw_execute_dft_r2c(plan, source.baseAddress, target.baseAddress)
      }
    }
    return HalfSpectrum(real: output.map(\.0), imaginary: output.map(\.1))
  }
}
