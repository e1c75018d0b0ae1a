// SPDX-License-Identifier: GPL-3.0-or-later
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A straight line less a sum of steps: y = offset + slope·x − Σ amplitude·S((x − centre)/width).
public struct StepSum: Hashable, Sendable {
  /// One step.
  public struct Step: Hashable, Sendable {
    /// The form.
    public var shape: StepShape
    /// The drop of y across the step.
    public var amplitude: Double
    /// The x of its middle.
    public var centre: Double
    /// The natural logarithm of its width.
    public var logWidth: Double

    /// A step from its parts.
    public init(_ shape: StepShape = .normal, amplitude: Double, centre: Double, logWidth: Double) {
      self.shape = shape
      self.amplitude = amplitude
      self.centre = centre
      self.logWidth = logWidth
    }
  }

  /// y far before all steps, at x = 0.
  public var offset: Double
  /// The slope of the straight line.
  public var slope: Double
  /// The steps.
  public var steps: [Step]

  /// A curve from its parts.
  public init(offset: Double, slope: Double, steps: [Step]) {
    self.offset = offset
    self.slope = slope
    self.steps = steps
  }

  /// How many parameters the curve has.
  public var parameterCount: Int { 2 + 3 * steps.count }

  /// y at x.
  public func value(at x: Double) -> Double {
    var y = offset + slope * x
    for step in steps {
      y -= step.amplitude * step.shape.fraction(at: (x - step.centre) * exp(-step.logWidth))
    }
    return y
  }

  /// dy/dx.
  public func slope(at x: Double) -> Double {
    var result = slope
    for step in steps {
      let inverse = exp(-step.logWidth)
      result -= step.amplitude * inverse * step.shape.density(at: (x - step.centre) * inverse)
    }
    return result
  }

  /// d²y/dx².
  public func curvature(at x: Double) -> Double {
    var result = 0.0
    for step in steps {
      let inverse = exp(-step.logWidth)
      result -= step.amplitude * inverse * inverse * step.shape.bend(at: (x - step.centre) * inverse)
    }
    return result
  }

  /// ∂y/∂(offset, slope, amplitude₁, centre₁, logWidth₁, …) at x.
  public func gradient(at x: Double) -> [Double] {
    var gradient: [Double] = []
    gradient.reserveCapacity(parameterCount)
    gradient.append(1)
    gradient.append(x)
    for step in steps {
      let inverse = exp(-step.logWidth)
      let u = (x - step.centre) * inverse
      let density = step.amplitude * step.shape.density(at: u)
      gradient.append(-step.shape.fraction(at: u))
      gradient.append(density * inverse)
      gradient.append(density * u)
    }
    return gradient
  }

  /// The width of the narrowest step; 0 without any.
  var narrowestWidth: Double { steps.map(\.logWidth).min().map(exp) ?? 0 }

  /// The sum of the amplitudes.
  public var drop: Double { steps.reduce(0) { $0 + $1.amplitude } }

  /// The curve with one step of another shape, its middle in the same place and as steep as before.
  func reshaping(_ index: Int, to other: StepShape) -> StepSum {
    var copy = self
    let step = steps[index]
    let logWidth = other.logWidth(asSteepAs: step.shape, of: step.logWidth)
    let middle = step.centre + step.shape.middle * exp(step.logWidth)
    copy.steps[index] = Step(
      other, amplitude: step.amplitude, centre: middle - other.middle * exp(logWidth), logWidth: logWidth)
    return copy
  }

  /// The curve with all steps of one shape.
  func reshaping(to shape: StepShape) -> StepSum {
    steps.indices.reduce(self) { $0.reshaping($1, to: shape) }
  }

  var parameters: [Double] {
    var result: [Double] = []
    result.reserveCapacity(parameterCount)
    result.append(offset)
    result.append(slope)
    for step in steps {
      result.append(step.amplitude)
      result.append(step.centre)
      result.append(step.logWidth)
    }
    return result
  }

  /// The curve with the shapes of this one and other parameters, in the order of `gradient`.
  func with(_ parameters: [Double]) -> StepSum {
    var copy = self
    copy.offset = parameters[0]
    copy.slope = parameters[1]
    for index in steps.indices {
      copy.steps[index].amplitude = parameters[2 + 3 * index]
      copy.steps[index].centre = parameters[3 + 3 * index]
      copy.steps[index].logWidth = parameters[4 + 3 * index]
    }
    return copy
  }
}
