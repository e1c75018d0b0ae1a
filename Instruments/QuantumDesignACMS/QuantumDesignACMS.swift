// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Quantum Design MultiVu `.dat` files of the ACMS option of PPMS, whose DC extraction measures loops.
  public static let quantumDesignACMS = Instrument(
    id: "quantum-design-acms", title: "Quantum Design PPMS ACMS, DC extraction (.dat)",
    recognize: QuantumDesignACMS.reading.recognize, read: QuantumDesignACMS.reading.read)
}

/// The driver for the DC rows of ACMS files.
private enum QuantumDesignACMS {
  static let reading = MultiVuReading(
    id: "quantum-design-acms",
    plan: MultiVuPlan(
      field: ["Magnetic Field"],
      // `Moment (emu)` is the amplitude of the AC moment here.
      moments: [.init(name: "M-DC")], time: "Time Stamp",
      reasons: [.init(column: "M' (emu)", meaning: "of AC susceptibility") { $0.isFinite }],
      otherMeasurement: ReadError(
        .notALoop,
        "no row has a DC moment (M-DC): this is a measurement of AC susceptibility, not a loop; measure with DC "
          + "extraction")),
    sample: { header, _ in
      var sample = Sample()
      sample.id = header.text("TITLE").map { Sourced($0, .header) }
      return sample
    })
}
