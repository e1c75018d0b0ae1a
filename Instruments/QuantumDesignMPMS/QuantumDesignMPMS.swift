// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Quantum Design MultiVu `.dc.dat` and `.rso.dat` files of MPMS, MPMS-5 and MPMS XL.
  public static let quantumDesignMPMS = Instrument(
    id: "quantum-design-mpms",
    title: "Quantum Design MPMS, MPMS-5 and MPMS XL, DC and RSO (.dc.dat, .rso.dat)",
    recognize: QuantumDesignMPMS.reading.recognize, read: QuantumDesignMPMS.reading.read)
}

/// The driver for the SQUID magnetometers before MPMS3.
private enum QuantumDesignMPMS {
  static let reading = MultiVuReading(
    id: "quantum-design-mpms", grammar: .keyFirst,
    plan: MultiVuPlan(
      field: ["Field"],
      moments: [
        .init(name: "Long Moment", watched: watched("Long Reg Fit")),
        .init(name: "Trans Moment", standInCode: "transverse-moment", watched: watched("Trans Reg Fit")),
      ],
      time: "Time", reasons: []),
    sample: { header, notes in
      var sample = Sample()
      // `TITLE` names the kind of measurement.
      sample.id = header.text("NAME").map { Sourced($0, .header) }
      sample.mass = header.quantity("WEIGHT", "mg", .mass, &notes)
        .map { Sourced(Quantity(si: $0), .header) }
      return sample
    })

  /// Rows that the instrument doubts are kept: the fit is worst where the moment is near zero, and leaving out those
  /// rows would move the coercivity.
  private static func watched(_ fit: String) -> [MultiVuPlan.CellRule] {
    [
      .init(column: fit, meaning: "\(fit) below 0.9", code: "poor-fit") { $0 < 0.9 },
      .init(column: "Error", meaning: "an Error other than 0", code: "instrument-error") {
        $0.isFinite && $0 != 0
      },
    ]
  }
}
