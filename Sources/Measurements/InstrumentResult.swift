// SPDX-License-Identifier: GPL-3.0-or-later

/// A characteristic as the instrument itself reports it in the file.
public struct InstrumentResult: Hashable, Sendable {
  /// Characteristics that instruments report; the raw value is the key of ours in JSON.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Remanence, T.
    case remanence = "Br"
    /// The moment that is left at zero field, A·m².
    case remanentMoment = "remanentMoment"
    /// Coercivity of the flux density, A/m, positive.
    case coercivityHcB = "HcB"
    /// Coercivity of the polarisation or of the moment, A/m, positive.
    case coercivityHcJ = "HcJ"
    /// Largest energy product, J/m³.
    case energyProduct = "BHmax"
    /// Knee field, A/m, positive.
    case kneeField = "Hk"
  }

  /// What it is.
  public let kind: Kind
  /// The number in the SI unit of the kind.
  public let si: Double
  /// Half a unit of the last printed digit, in the same unit: what the rounding may have changed.
  public let rounding: Double
  /// The name and text in the file, such as `Coercivity 37.00107E-03`.
  public let spelled: String
  /// Whether the instrument evaluated its corrected columns, and not the raw ones.
  public let isOfProcessedColumns: Bool

  /// A result from its parts.
  public init(
    _ kind: Kind, si: Double, rounding: Double, spelled: String, isOfProcessedColumns: Bool = false
  ) {
    self.kind = kind
    self.si = si
    self.rounding = rounding
    self.spelled = spelled
    self.isOfProcessedColumns = isOfProcessedColumns
  }
}
