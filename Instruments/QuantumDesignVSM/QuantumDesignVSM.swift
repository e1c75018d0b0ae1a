// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Quantum Design MultiVu `.dat` files of the VSM options of PPMS, DynaCool and VersaLab, of MPMS3 and of the
  /// SQUID VSM.
  public static let quantumDesignVSM = Instrument(
    id: "quantum-design-vsm",
    title: "Quantum Design PPMS, DynaCool and VersaLab VSM, MPMS3, SQUID VSM (.dat)",
    recognize: QuantumDesignVSM.reading.recognize, read: QuantumDesignVSM.reading.read,
    write: QuantumDesignVSM.write)
}

/// The driver for Quantum Design's container with a VSM or SQUID measurement in it.
enum QuantumDesignVSM {
  static let reading = MultiVuReading(
    id: "quantum-design-vsm",
    plan: MultiVuPlan(
      field: ["Magnetic Field", "Field"],
      // An MPMS3 in DC-scan mode leaves `Moment (emu)` empty in all rows and fills the two DC columns.
      moments: [
        .init(name: "Moment"), .init(name: "Avg. Moment"),
        .init(name: "DC Moment Fixed Ctr", standInCode: "dc-moment-fixed"),
        .init(name: "DC Moment Free Ctr", standInCode: "dc-moment-free"),
      ],
      time: "Time Stamp",
      reasons: [
        .init(column: "Transport Action", meaning: "touchdown") { $0 == 2 },
        .init(column: "VSM Status (code)", meaning: "over-range") { $0 != 0 && $0.isFinite },
      ]),
    sample: sample)

  private static func sample(_ header: MultiVuHeader, _ notes: inout [ReadingNote]) -> Sample {
    var sample = Sample()
    sample.id = header.text("TITLE").map { Sourced($0, .header) }
    sample.material = header.value("SAMPLE_MATERIAL").map { Sourced($0, .header) }
    // The file holds bare numbers; MultiVu's dialog asks for mg, mm³ and mm.
    sample.mass = header.quantity("SAMPLE_MASS", "mg", .mass, &notes)
      .map { Sourced(Quantity(si: $0), .header) }
    sample.volume = header.quantity("SAMPLE_VOLUME", "mm3", .volume, &notes)
      .map { Sourced(Quantity(si: $0), .header) }
    sample.shape = shape(header, &notes).map { Sourced($0, .header) }
    return sample
  }

  private static func shape(_ header: MultiVuHeader, _ notes: inout [ReadingNote]) -> Shape? {
    guard let text = header.text("SAMPLE_SIZE") else { return nil }
    let size = sizeNumbers(text)
    if let size, size.numbers.allSatisfy({ $0 == 0 }) || size.numbers.allSatisfy({ $0 == 1 }) {
      notes.append(.offeredValue("SAMPLE_SIZE", text))
      return nil
    }
    guard let size, size.unitText.isEmpty || size.unitText == "mm",
      let shape = Shape(word: header.value("SAMPLE_SHAPE") ?? "", lengths: size.numbers.map { $0 * 1e-3 })
    else {
      let word = header.value("SAMPLE_SHAPE") ?? "cuboid"
      notes.append(
        ReadingNote(
          code: "sample-size",
          message:
            "SAMPLE_SIZE “\(text)” is not the size of a \(word) in mm and was not used; state it with --size")
      )
      return nil
    }
    if header.value("SAMPLE_SHAPE") == nil {
      notes.append(
        ReadingNote(
          code: "assumed-shape",
          message: "SAMPLE_SIZE “\(text)” was taken as a \(shape.name), the last length along the field"))
    }
    return shape
  }
}
