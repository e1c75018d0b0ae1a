// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A straight line less a sum of steps of one shape: y = offset + slope·x − Σ amplitude·S((x − centre)/width).
public struct StepSum: Hashable, Sendable {
  /// One step.
  public struct Step: Hashable, Sendable {
    /// The drop of y across the step.
    public var amplitude: Double
    /// The x of its middle.
    public var centre: Double
    /// The natural logarithm of its width.
    public var logWidth: Double

    /// A step from its parts.
    public init(amplitude: Double, centre: Double, logWidth: Double) {
      self.amplitude = amplitude
      self.centre = centre
      self.logWidth = logWidth
    }
  }

  /// The shape of all steps.
  public var shape: StepShape
  /// y far before all steps, at x = 0.
  public var offset: Double
  /// The slope of the straight line.
  public var slope: Double
  /// The steps.
  public var steps: [Step]

  /// A curve from its parts.
  public init(shape: StepShape, offset: Double, slope: Double, steps: [Step]) {
    self.shape = shape
    self.offset = offset
    self.slope = slope
    self.steps = steps
  }

  /// How many parameters the curve has.
  public var parameterCount: Int { 2 + 3 * steps.count }

  /// y at x.
  public func value(at x: Double) -> Double {
    var y = offset + slope * x
    for step in steps { y -= step.amplitude * shape.fraction(at: (x - step.centre) * exp(-step.logWidth)) }
    return y
  }

  /// dy/dx.
  public func slope(at x: Double) -> Double {
    var result = slope
    for step in steps {
      let inverse = exp(-step.logWidth)
      result -= step.amplitude * inverse * shape.density(at: (x - step.centre) * inverse)
    }
    return result
  }

  /// d²y/dx².
  public func curvature(at x: Double) -> Double {
    var result = 0.0
    for step in steps {
      let inverse = exp(-step.logWidth)
      result -= step.amplitude * inverse * inverse * shape.bend(at: (x - step.centre) * inverse)
    }
    return result
  }

  /// ∂y/∂(offset, slope, amplitude₁, centre₁, logWidth₁, …) at x.
  public func gradient(at x: Double) -> [Double] {
    var gradient = [1, x]
    gradient.reserveCapacity(parameterCount)
    for step in steps {
      let inverse = exp(-step.logWidth)
      let u = (x - step.centre) * inverse
      let density = step.amplitude * shape.density(at: u)
      gradient.append(-shape.fraction(at: u))
      gradient.append(density * inverse)
      gradient.append(density * u)
    }
    return gradient
  }

  /// The sum of the amplitudes.
  public var drop: Double { steps.reduce(0) { $0 + $1.amplitude } }

  /// The same number of steps with another shape, their middles in the same places and as steep as before.
  public func reshaped(_ other: StepShape) -> StepSum {
    let shift = log(other.width(asSteepAs: shape, of: 1))
    return StepSum(
      shape: other, offset: offset, slope: slope,
      steps: steps.map { step in
        let logWidth = step.logWidth + shift
        let middle = step.centre + shape.middle * exp(step.logWidth)
        return Step(
          amplitude: step.amplitude, centre: middle - other.middle * exp(logWidth), logWidth: logWidth)
      })
  }

  var parameters: [Double] {
    [offset, slope] + steps.flatMap { [$0.amplitude, $0.centre, $0.logWidth] }
  }

  init(shape: StepShape, parameters: [Double]) {
    self.init(
      shape: shape, offset: parameters[0], slope: parameters[1],
      steps: stride(from: 2, to: parameters.count, by: 3).map {
        Step(amplitude: parameters[$0], centre: parameters[$0 + 1], logWidth: parameters[$0 + 2])
      })
  }
}
