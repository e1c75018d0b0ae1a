// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities
internal import Signal

/// Which blank record was used.
public struct BlankIdentity: Hashable, Sendable {
  /// The file's name.
  public let name: String
  /// The SHA-256 digest of the file, 64 hexadecimal digits; nil when it was not a file.
  public let sha256: String?

  /// An identity from its parts.
  public init(name: String, sha256: String?) {
    self.name = name
    self.sha256 = sha256
  }
}

/// What the instrument recorded without a specimen: the noise that a loop holds, also what is slower than the loop.
///
/// To be taken with the same ranges, filters and sampling interval as the loop, of at least 4 loop times; 16 are
/// recommended.
public struct BlankRecord: Hashable, Sendable {
  /// Its name and digest.
  public let identity: BlankIdentity
  /// The file's name.
  public var name: String { identity.name }
  /// How many samples there are.
  public let count: Int
  /// The time between samples, s; nil when the record has no time.
  public let samplingInterval: Double?
  /// The kind of response as in `ResponseChannel.name`.
  public let kind: String
  let periodogram: BinnedPeriodogram

  /// The record of a response in time order, `samplingInterval` in s.
  public init(
    _ response: ResponseChannel, samplingInterval: Double? = nil, name: String = "", sha256: String? = nil
  ) {
    identity = BlankIdentity(name: name, sha256: sha256)
    self.samplingInterval = samplingInterval
    kind = response.name
    count = response.si.count
    periodogram = BinnedPeriodogram(record: response.si)
  }

  /// The record that a file holds, of its raw response.
  public init(_ measurement: LoopMeasurement, name: String, sha256: String? = nil) {
    self.init(
      measurement.response, samplingInterval: measurement.samplingInterval, name: name, sha256: sha256)
  }

  /// How many times as long it is as a loop of so many points.
  func length(inLoopsOf points: Int) -> Double { Double(count) / Double(max(1, points)) }

  /// The spectrum for a loop of so many points; throws one sentence when the record is not one of that loop.
  func spectrum(
    for loop: LoopMeasurement, response: ResponseChannel, points: Int
  ) throws(AnalysisError) -> NoiseSpectrum {
    guard kind == response.name else {
      throw AnalysisError(
        .blank, "the blank record “\(name)” holds a \(kind) and the loop a \(response.name)")
    }
    guard count >= 4 * points else {
      throw AnalysisError(
        .blank,
        "the blank record “\(name)” has \(count) samples, and a loop of \(points) needs at least \(4 * points)"
      )
    }
    if let own = samplingInterval, let other = loop.samplingInterval, abs(own / other - 1) > 0.05 {
      throw AnalysisError(
        .blank,
        "the blank record “\(name)” was sampled every \(own) s and the loop every \(other) s; "
          + "they must agree within 5 %")
    }
    guard periodogram.mean > 0, periodogram.mean.isFinite else {
      throw AnalysisError(.blank, "the blank record “\(name)” does not vary, so it tells nothing of noise")
    }
    return NoiseSpectrum(fitting: periodogram, points: points)
  }
}

extension LoopMeasurement {
  /// The median time between two rows, s; nil without time stamps that rise.
  var samplingInterval: Double? {
    guard let time = time?.si else { return nil }
    let step = median(zip(time, time.dropFirst()).map { $1 - $0 })
    return step.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
  }
}
