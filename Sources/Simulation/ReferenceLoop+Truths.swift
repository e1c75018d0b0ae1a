// SPDX-License-Identifier: GPL-3.0-or-later
internal import Quantities

extension ReferenceLoop {
  /// Like a sintered NdFeB magnet of grade N42SH.
  public static let a = mixture("A", 1.31, 0.04, [(0.75, 1690e3, 22e3), (0.25, 1650e3, 60e3)])

  /// Like A with a skewed distribution of switching fields.
  public static let b = ReferenceLoop(
    "B", susceptibility: 0.04,
    form: .steps(
      saturation: 1.31, [Step(switching: .gumbel, drop: 2 * 1.31, field: 1695e3, width: 28e3)]))

  /// Like A with 1.5 % of a soft phase: a kink in the second quadrant.
  public static let c = mixture(
    "C", 1.30, 0.04, [(0.735, 1690e3, 22e3), (0.25, 1650e3, 60e3), (0.015, 80e3, 70e3)])

  /// A wide distribution of switching fields, like a bonded magnet.
  public static let d = mixture("D", 0.70, 0.06, [(0.6, 1000e3, 160e3), (0.4, 750e3, 300e3)])

  /// A sum of two logistic steps.
  public static let l2 = ReferenceLoop(
    "L2", susceptibility: 0.04,
    form: .steps(
      saturation: 1.31,
      [
        Step(switching: .logistic, drop: 1.965, field: 1690e3, width: 13e3),
        Step(switching: .logistic, drop: 0.655, field: 1650e3, width: 35e3),
      ]))

  /// A hyperbolic tangent without reversible slope; Br 1.3 T and HcJ 1200 kA/m.
  public static let t1 = tangent("T1", width: 120e3, 0, 1.300000005358999, 1_200_000)

  /// A hyperbolic tangent with reversible slope; Br 1.3 T and HcJ 1200 kA/m.
  public static let t2 = tangent("T2", width: 120e3, 0.05, 1.300000004771447, 1_206_967.655724015)

  /// A wide hyperbolic tangent that does not close at 2400 kA/m; Br 1.3 T and HcJ 1200 kA/m.
  public static let t3 = tangent("T3", width: 300e3, 0.05, 1.300776861951693, 1_217_408.712778014)

  /// The loops whose answers are published with digits, defined in all four quadrants.
  public static let all: [ReferenceLoop] = [a, b, c, d, l2, t1, t2, t3]

  /// The loop of a name in upper or lower case, of `all` or of `shapes`; nil when there is none.
  public static func named(_ name: String) -> ReferenceLoop? {
    (all + shapes).first { $0.name.lowercased() == name.lowercased() }
  }

  /// Straight lines with a sharp knee at 1500 kA/m; made for the second quadrant.
  public static let p1 = ReferenceLoop(
    "P1", sampling: .inclusive, susceptibility: 0.05,
    form: .segments([
      SIMD2(0, 1.30), SIMD2(-1500e3, 1.30 - 0.05 * magneticConstant * 1500e3), SIMD2(-1600e3, 0),
    ]))

  /// J = 1.25·(1 − (|H|/2000 kA/m)²⁰); made for the second quadrant.
  public static let p2 = ReferenceLoop(
    "P2", sampling: .inclusive, susceptibility: 0,
    form: .power(saturation: 1.25, field: 2000e3, exponent: 20))

  /// J = 1.28·(1 − (|H|/51.5 kA/m)⁴), like an Alnico; made for the second quadrant.
  public static let p3 = ReferenceLoop(
    "P3", sampling: .inclusive, susceptibility: 0,
    form: .power(saturation: 1.28, field: 51.5e3, exponent: 4))

  /// The straight line M = 0.5·H + 10⁶ A/m; (BH)max is µ0β²/(4(1+α)).
  public static let line = ReferenceLoop(
    "line", sampling: .inclusive, susceptibility: 0.5,
    form: .steps(saturation: magneticConstant * 1e6, []))

  /// A square loop of M = 1281197 A/m that switches at 2000 kA/m within 1 A/m; (BH)max is µ0M²/4.
  public static let square = ReferenceLoop(
    "square", sampling: .inclusive, susceptibility: 0,
    form: .segments([
      SIMD2(0, magneticConstant * 1_281_197), SIMD2(-2000e3, magneticConstant * 1_281_197),
      SIMD2(-2000e3 - 1, -magneticConstant * 1_281_197),
    ]))

  /// J0 + χ·µ0·H − 2·J0·Σ a·Φ((−H−h)/g) from (a, h, g), fields in A/m.
  private static func mixture(
    _ name: String, _ saturation: Double, _ susceptibility: Double,
    _ parts: [(fraction: Double, field: Double, width: Double)]
  ) -> ReferenceLoop {
    mixture(
      name, saturation, susceptibility, maximumField: 2400e3,
      parts.map { (.normal, $0.fraction, $0.field, $0.width) })
  }

  /// J0 + χ·µ0·H − 2·J0·Σ a·F((−H−h)/g) from (F, a, h, g), fields in A/m; the fractions a add up to 1.
  static func mixture(
    _ name: String, _ saturation: Double, _ susceptibility: Double, maximumField: Double,
    _ parts: [(switching: Switching, fraction: Double, field: Double, width: Double)]
  ) -> ReferenceLoop {
    ReferenceLoop(
      name, susceptibility: susceptibility, maximumField: maximumField,
      form: .steps(
        saturation: saturation,
        parts.map {
          Step(
            switching: $0.switching, drop: 2 * saturation * $0.fraction, field: $0.field, width: $0.width)
        }))
  }

  /// a·tanh((H+h0)/w) + χ·µ0·H, written as a logistic step.
  private static func tangent(
    _ name: String, width: Double, _ susceptibility: Double, _ a: Double, _ h0: Double
  ) -> ReferenceLoop {
    ReferenceLoop(
      name, sampling: .inclusive, susceptibility: susceptibility,
      form: .steps(
        saturation: a, [Step(switching: .logistic, drop: 2 * a, field: h0, width: width / 2)]))
  }
}
