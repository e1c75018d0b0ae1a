// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What the pickup's flux, or its reading, is as a response of one specimen.
struct PickupScale: Sendable {
  /// The response for each weber, or for each volt of a channel that is integrated already.
  let perReading: Double
  /// A·coil over A·specimen: the apparent susceptibility of the air in the coil; 0 for a coil without such a ratio.
  let areaRatio: Double
  /// Whether the response is a moment instead of a polarisation.
  let isMoment: Bool
  /// Whether the coil shows the whole flux of the air instead of a residue.
  let showsAir: Bool

  /// The scale of a setup; throws when a coil about the specimen needs a cross-section and there is none.
  init(_ setup: WaveformSetup, sample: Sample) throws(AnalysisError) {
    switch setup.pickup {
    case .momentCoil(let constant):
      (perReading, areaRatio, isMoment, showsAir) = (1 / constant, 0, true, false)
    case .polarisation(let constant):
      (perReading, areaRatio, isMoment, showsAir) = (constant, 0, false, false)
    case .fluxCoil(let turns, let area), .compensatedCoils(let turns, let area):
      guard let section = sample.shape?.value.crossSection?.si, section > 0 else {
        throw AnalysisError(
          .waveform,
          "a coil about the specimen needs its cross-section: state --shape cuboid or cylinder and --size")
      }
      perReading = 1 / (turns * section)
      areaRatio = area.si / section
      isMoment = false
      showsAir = if case .fluxCoil = setup.pickup { true } else { false }
    }
  }

  /// The field's share in the response of the empty coil, as a susceptibility: response = share·µ0·H.
  ///
  /// `residue` is ε of compensated coils (IEC 60404-5: J = Φ/(n·A) + ε·µ0·H·Ac/A).
  func airShare(residue: Double) -> Double { showsAir ? areaRatio : -residue * areaRatio }
}

/// Field strength and flux of a setup.
extension WaveformSetup {
  /// The field for each unit of the channel's integral, or of the channel itself; A/m.
  var fieldPerReading: Double {
    switch field {
    case .coil(let areaTurns): 1 / (magneticConstant * areaTurns.si)
    case .probe(let constant, _): constant
    }
  }
}
