// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

extension Instrument {
  /// Quantum Design MultiVu `.dat` files of the VSM options of PPMS, DynaCool and VersaLab, of MPMS3 and of the
  /// SQUID VSM.
  public static let quantumDesignVSM = Instrument(
    id: "quantum-design-vsm",
    title: "Quantum Design PPMS, DynaCool and VersaLab VSM, MPMS3, SQUID VSM (.dat)",
    recognize: QuantumDesignVSM.recognize, read: QuantumDesignVSM.read, write: QuantumDesignVSM.write)
}

/// The driver for Quantum Design's container with a VSM or SQUID measurement in it.
enum QuantumDesignVSM {
  static let id = "quantum-design-vsm"

  @Sendable static func recognize(_ file: SourceFile) -> Claim {
    guard let kind = QuantumDesignHeader.kind(of: file.bytes.span) else {
      return Claim(.no, "the first line is not [Header]")
    }
    switch kind {
    case .loop(let title): return Claim(.certain, "[Header] with “\(title)”")
    case .acms: return Claim(.certain, "[Header] of an ACMS file")
    case .rawScan: return Claim(.certain, "[Header] of raw SQUID scans")
    case .log: return Claim(.certain, "[Header] of a MultiVu system log")
    case .mpms: return Claim(.no, "[Header] of an MPMS or MPMS XL, which is another format")
    case .unnamed: return Claim(.plausible, "[Header] without a line that names the measurement")
    }
  }

  @Sendable static func read(
    _ file: SourceFile, _ options: ReadingOptions
  ) throws(ReadError) -> LoopMeasurement {
    guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
    let bytes = file.bytes.span
    switch QuantumDesignHeader.kind(of: bytes) {
    case nil:
      throw ReadError(.malformed, "a MultiVu file begins with the line [Header], and this one does not")
    case .acms:
      throw ReadError(
        .notALoop,
        "this is an ACMS file, whose “Moment (emu)” is an AC amplitude; ACMS is not read by this driver")
    case .rawScan:
      throw ReadError(
        .notALoop, "this file holds raw SQUID scans (DC Raw Data File); give the .dat file of the measurement"
      )
    case .log:
      throw ReadError(.notALoop, "this is a MultiVu system log (LogData), which has no moment column")
    case .mpms:
      throw ReadError(
        .unknownFormat, "this is an MPMS or MPMS XL file, whose grammar this driver does not know")
    case .loop, .unnamed: break
    }
    var scanner = LineScanner(bytes)
    let header = try QuantumDesignHeader(bytes, &scanner)
    let rows = try QuantumDesignRows(bytes, scanner, header, options)
    try refuseConstantField(rows)

    var notes = rows.notes
    var sample = header.sample(&notes)
    // A VSM and a SQUID magnetometer move the specimen in free space.
    sample.circuit = Sourced(.open, .assumed)
    return LoopMeasurement(
      instrument: id, model: header.value("APPNAME"), measured: header.measured, header: header.entries,
      sample: sample, field: .applied(Series(si: rows.field)), response: .moment(Series(si: rows.moment)),
      time: rows.time.map { Series(si: $0) }, temperature: rows.temperature.map { Series(si: $0) },
      lines: rows.lines, notes: notes)
  }

  /// A temperature or time series in the same container is not a loop.
  private static func refuseConstantField(_ rows: QuantumDesignRows) throws(ReadError) {
    guard rows.field.count >= fewestRows else {
      throw ReadError(
        .truncated,
        "only \(rows.field.count) rows have a field and a moment; the measurement was stopped after its first points"
      )
    }
    let oersted = 1000 / (4 * Double.pi)
    let low = rows.field.reduce(Double.infinity, min)
    let high = rows.field.reduce(-Double.infinity, max)
    let largest = max(abs(low), abs(high))
    // A temperature series holds its field within the noise of the magnet's supply.
    guard high - low >= 0.01 * largest, high - low >= 5 * oersted else {
      let mean = ((low + high) / 2 / oersted).rounded()
      throw ReadError(
        .notALoop,
        "the field stays at \(mean) Oe within \(((high - low) / oersted * 10).rounded() / 10) Oe: this is a "
          + "measurement against temperature or time, not a loop")
    }
  }
}
