// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A measurement of a reference loop as an instrument would make it: sampled, noisy, open or closed circuit.
public struct SimulatedLoop: Hashable, Sendable {
  /// Which way the field is swept.
  public enum Sweep: Hashable, Sendable {
    /// From +Hm to −Hm and back.
    case fullLoop
    /// An initial curve from 0 to +Hm in a quarter as many points more, then the full loop.
    case initialCurveAndLoop
    /// From 0 down to the field of this magnitude in A/m, all points on it, both ends included.
    case secondQuadrant(toAmperesPerMetre: Double)
  }

  /// A free-standing specimen: what an instrument sees is the applied field and the moment.
  public struct OpenCircuit: Hashable, Sendable {
    /// The demagnetising factor of the specimen, 0 to 1.
    public var demagnetisingFactor: Double
    /// Its volume, m³.
    public var volume: Double

    /// A specimen from its factor (0 to 1) and its volume in m³.
    public init(demagnetisingFactor: Double, volume: Double) {
      self.demagnetisingFactor = demagnetisingFactor
      self.volume = volume
    }
  }

  /// The loop.
  public var reference: ReferenceLoop
  /// Points of the whole loop, both branches; even.
  public var points = 1000
  /// The largest field, A/m; of the applied field in an open circuit.
  public var maximumField: Double
  /// The way of the field.
  public var sweep = Sweep.fullLoop
  /// Standard deviation of the noise of J in % of Br; that of its white part where the kind has one.
  public var noisePercent = 0.0
  /// The kind of noise of J.
  public var noiseKind = NoiseKind.white
  /// Standard deviation of the white noise of the field column, A/m.
  public var fieldNoise = 0.0
  /// The seed of the noise.
  public var seed: UInt64 = 1
  /// A free-standing specimen; nil for a closed circuit, which gives internal field and polarisation.
  public var openCircuit: OpenCircuit?
  /// What the file says of the specimen; the circuit is filled in.
  public var sample = Sample()
  /// The specimen's temperature, K; nil leaves the column out.
  public var temperature: Double? = 296.15
  /// The time between two points, s.
  public var samplingInterval = 1.0

  /// A noise-free full loop in a closed circuit, of 1000 points up to the reference's largest field, at 23 °C.
  public init(_ reference: ReferenceLoop) {
    self.reference = reference
    maximumField = reference.maximumField
  }

  /// The fields of the descending branch of a full loop, falling, in A/m.
  public var descendingFields: [Double] {
    let half = points / 2
    return (0..<half).map { i in
      let part =
        switch reference.sampling {
        case .midpoints: (Double(i) + 0.5) / Double(half)
        case .inclusive: Double(i) / Double(half - 1)
        }
      return maximumField - part * 2 * maximumField
    }
  }

  /// The measurement, in time order.
  ///
  /// The points are equally spaced in the field that the instrument controls: the internal one in a closed
  /// circuit, the applied one Ha = H + N·J/µ0 in an open circuit. Traps when `points` is odd or less than 4.
  public func measurement() -> LoopMeasurement {
    precondition(points >= 4 && points.isMultiple(of: 2), "a loop of \(points) points")
    precondition(maximumField > 0 && maximumField.isFinite, "a maximum field of \(maximumField) A/m")
    let course = course()
    var source = GaussianSource(seed: seed)
    let noise = noiseKind.samples(course.count, from: &source)
    // The field's noise has a seed of its own, so that adding it does not change the noise of J.
    var fieldSource = GaussianSource(seed: ~seed)
    let fields = course.map { $0.field + (fieldNoise > 0 ? fieldNoise * fieldSource.next() : 0) }
    let sigma = noiseLevel
    return measurement(fields: fields, polarisations: zip(course, noise).map { $0.polarisation + sigma * $1 })
  }

  /// What the same instrument records in 16 times as long without a specimen and without a field: noise only.
  ///
  /// `seed` is to be another than the loop's own.
  public func blankRecord(seed: UInt64) -> LoopMeasurement {
    let noise = noiseKind.blankRecord(loopPoints: points, seed: seed)
    let sigma = noiseLevel
    return measurement(
      fields: [Double](repeating: 0, count: noise.count), polarisations: noise.map { sigma * $0 })
  }

  /// Standard deviation of the noise of J, T.
  private var noiseLevel: Double { noisePercent / 100 * abs(reference.polarisation(atAmperesPerMetre: 0)) }

  /// Columns of the controlled field and of J as the circuit shows them.
  private func measurement(fields: [Double], polarisations: [Double]) -> LoopMeasurement {
    var sample = sample
    sample.circuit = Sourced(openCircuit == nil ? .closed : .open, .header)
    let field: FieldChannel
    let response: ResponseChannel
    if let openCircuit {
      field = .applied(Series(si: fields))
      let momentPerTesla = openCircuit.volume / magneticConstant
      response = .moment(Series(si: polarisations.map { $0 * momentPerTesla }))
    } else {
      field = .internal(Series(si: fields))
      response = .polarisation(Series(si: polarisations))
    }
    return LoopMeasurement(
      instrument: "simulation", model: "reference loop \(reference.name)", sample: sample, field: field,
      response: response, time: Series(si: fields.indices.map { Double($0) * samplingInterval }),
      temperature: temperature.map { Series(si: Array(repeating: $0, count: fields.count)) })
  }

  /// Controlled field and polarisation of every point, in time order, without noise.
  private func course() -> [(field: Double, polarisation: Double)] {
    switch sweep {
    case .secondQuadrant(let magnitude):
      return (0..<points).map { descending(-magnitude * Double($0) / Double(points - 1)) }
    case .fullLoop: return fullLoop
    case .initialCurveAndLoop:
      let count = max(2, points / 4)
      return (0..<count).map { initial(maximumField * Double($0) / Double(count)) } + fullLoop
    }
  }

  private var fullLoop: [(field: Double, polarisation: Double)] {
    let falling = descendingFields.map(descending)
    return falling + falling.map { (-$0.field, -$0.polarisation) }
  }

  private func descending(_ field: Double) -> (field: Double, polarisation: Double) {
    point(at: field) { reference.polarisation(atAmperesPerMetre: $0) }
  }

  /// A smooth way from the origin to the tip; it exists for segmentation to tell apart and is no physics.
  ///
  /// Its scale of 100 kA/m gives an initial susceptibility near 10, as nucleation-type magnets have.
  private func initial(_ field: Double) -> (field: Double, polarisation: Double) {
    point(at: field) { reference.polarisation(atAmperesPerMetre: $0) * -expm1(-$0 / 100e3) }
  }

  private func point(
    at field: Double, _ polarisation: (Double) -> Double
  ) -> (field: Double, polarisation: Double) {
    let startsAtOrigin = polarisation(0) == 0
    guard let openCircuit, !(startsAtOrigin && field == 0) else { return (field, polarisation(field)) }
    // H + N·J(H)/µ0 rises with H, so the internal field of an applied one is a single root; N·J/µ0 stays
    // below 10 MA/m for every J that a material has. The initial curve exists for H ≥ 0 only.
    let factor = openCircuit.demagnetisingFactor / magneticConstant
    let internalField = bisect(from: startsAtOrigin ? 0 : field - 1e7, to: field + 1e7) {
      field - $0 - factor * polarisation($0)
    }
    return (field, polarisation(internalField))
  }
}
