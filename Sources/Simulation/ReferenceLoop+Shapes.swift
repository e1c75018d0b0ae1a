// SPDX-License-Identifier: GPL-3.0-or-later

extension ReferenceLoop {
  /// Mixtures that no design paper mentions, so that nothing can have been adjusted to them.
  ///
  /// They span the trade: from hard ferrite to sintered NdFeB for 200 °C, with square and round knees, of normal,
  /// logistic and Gumbel parts. Each is swept to at least 1.4 times its HcJ.
  public static let shapes: [ReferenceLoop] = [ferrite, n30eh, smCo217, hotPressed, round, bonded3]

  /// Like an anisotropic hard ferrite: Br 0.42 T, HcJ 321 kA/m.
  public static let ferrite = mixture(
    "ferrite", 0.42, 0.05, maximumField: 1000e3,
    [(.normal, 0.8, 326e3, 16e3), (.logistic, 0.2, 290e3, 18e3)])

  /// Like sintered NdFeB of grade N30EH: Br 1.10 T, HcJ 2509 kA/m.
  public static let n30eh = mixture(
    "N30EH", 1.10, 0.045, maximumField: 4000e3,
    [(.normal, 0.8, 2530e3, 45e3), (.gumbel, 0.2, 2440e3, 80e3)])

  /// Like Sm2Co17 with a knee that some cells of its structure soften: Br 1.08 T, HcJ 1854 kA/m.
  public static let smCo217 = mixture(
    "SmCo217", 1.08, 0.06, maximumField: 3500e3,
    [(.normal, 0.60, 2000e3, 150e3), (.logistic, 0.35, 1720e3, 90e3), (.normal, 0.05, 900e3, 220e3)])

  /// Like isotropic hot-pressed NdFeB: Br 0.80 T, HcJ 1446 kA/m.
  public static let hotPressed = mixture(
    "hot-pressed", 0.80, 0.05, maximumField: 3000e3,
    [(.logistic, 0.65, 1560e3, 90e3), (.gumbel, 0.35, 1300e3, 220e3)])

  /// A round curve without rare earths: Br 0.58 T, HcJ 230 kA/m, Hk/HcJ 0.31.
  public static let round = mixture(
    "round", 0.60, 0.08, maximumField: 1000e3,
    [(.normal, 0.55, 290e3, 80e3), (.logistic, 0.45, 165e3, 48e3)])

  /// Like bonded NdFeB of three powders: Br 0.68 T, HcJ 719 kA/m.
  public static let bonded3 = mixture(
    "bonded3", 0.69, 0.07, maximumField: 2400e3,
    [(.normal, 0.5, 860e3, 110e3), (.logistic, 0.3, 650e3, 90e3), (.gumbel, 0.2, 420e3, 120e3)])
}
