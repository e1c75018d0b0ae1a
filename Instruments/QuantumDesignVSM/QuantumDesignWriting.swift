// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

extension QuantumDesignVSM {
  /// Writes a measurement as a PPMS VSM file of 58 columns that says it is synthetic.
  ///
  /// Numbers are printed so that they read back as the same double in Oe and emu; the way to these units and back
  /// costs at most one unit in the last place of the SI value.
  @Sendable static func write(_ measurement: LoopMeasurement) throws(ReadError) -> [UInt8] {
    guard case .applied = measurement.field, case .moment = measurement.response else {
      throw ReadError(
        .missingColumn, "a PPMS VSM file holds an applied field and a moment, and this measurement not")
    }
    let oersted = try unit("Oe")
    let emu = try unit("emu")
    let sample = measurement.sample
    func line(_ text: String?) -> String {
      // A line end inside a name would end the header line.
      String((text ?? "").map { $0.isNewline || $0 == "\t" ? " " : $0 })
    }
    var lines = [
      "[Header]", "; VSM Data File (default extension .dat)", "; synthetic: written by magcert, not measured",
      "TITLE,\(line(sample.id?.value))",
    ]
    if let opened = fileOpenTime(measurement) { lines.append(opened) }
    lines += [
      "BYAPP,VSM,2.0,2.0", "INFO,\(line(measurement.model ?? "PPMS VSM Option (synthetic)")),APPNAME",
    ]
    lines += [
      "INFO,0,MOMENT_UNITS", "INFO,\(line(sample.material?.value)),SAMPLE_MATERIAL",
      "INFO,synthetic loop written by magcert,SAMPLE_COMMENT",
      "INFO,\(number(sample.mass?.value.si, try unit("mg"))),SAMPLE_MASS",
      "INFO,\(number(sample.volume?.value.si, try unit("mm3"))),SAMPLE_VOLUME",
      "INFO,,SAMPLE_MOLECULAR_WEIGHT",
    ]
    let lengths = sample.shape?.value.lengths.map { "\($0 / 1e-3)" }.joined(separator: ", ")
    lines += [
      "INFO,\(lengths.map { "(\($0))" } ?? ""),SAMPLE_SIZE",
      "INFO,\(sample.shape?.value.name ?? ""),SAMPLE_SHAPE",
      "DATATYPE,COMMENT,1", "DATATYPE,TIME,2", "STARTUPAXIS,X,2", "STARTUPAXIS,Y1,5", "[Data]",
      columns.joined(separator: ","),
    ]
    var bytes: [UInt8] = []
    for text in lines {
      bytes += encoded(text)
      bytes += [Byte.carriageReturn, Byte.lineFeed]
    }
    let tail = String(repeating: ",", count: columns.count - 7) + "\r\n"
    for (row, field) in measurement.field.amperesPerMetre.enumerated() {
      let cells = [
        "", measurement.time.map { "\($0.si[row])" } ?? "",
        (measurement.temperature?.si[row] ?? sample.temperature?.value.si).map { "\($0)" } ?? "",
        "\(oersted.value(ofSI: field))", "\(emu.value(ofSI: measurement.response.si[row]))", "", "1",
      ]
      bytes += cells.joined(separator: ",").utf8
      bytes += tail.utf8
    }
    return bytes
  }

  private static func unit(_ word: String) throws(ReadError) -> UnitOfMeasure {
    guard let unit = UnitOfMeasure(word: word) else {
      throw ReadError(.unit, "the unit \(word) is not known")
    }
    return unit
  }

  private static func number(_ si: Double?, _ unit: UnitOfMeasure) -> String {
    si.map { "\(unit.value(ofSI: $0))" } ?? ""
  }

  /// `2025-02-12T15:36:00` as MultiVu writes it; the clock count is the first time stamp.
  private static func fileOpenTime(_ measurement: LoopMeasurement) -> String? {
    let parts = (measurement.measured ?? "").split { "-T:".contains($0) }.map { Int($0) }
    guard parts.count >= 5, let year = parts[0], let month = parts[1], let day = parts[2],
      let hour = parts[3],
      let minute = parts[4], (0...23).contains(hour)
    else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = hour % 12 == 0 ? 12 : hour % 12
    let seconds = measurement.time?.si.first ?? 0
    return "FILEOPENTIME,\(seconds),\(two(month))/\(two(day))/\(year),\(clock):\(two(minute)) "
      + (hour < 12 ? "am" : "pm")
  }

  /// Windows-1252 as the instrument writes it, as far as ISO 8859-1 goes; else the text stays UTF-8.
  private static func encoded(_ text: String) -> [UInt8] {
    let latin = text.unicodeScalars.map {
      $0.value < 0x80 || (0xA0...0xFF).contains($0.value) ? UInt8($0.value) : 0
    }
    return latin.contains(0) || String(validating: latin, as: UTF8.self).map { $0 != text } ?? false
      ? Array(text.utf8) : latin
  }

  /// The columns of PPMS VSM option release 1.4.
  private static let columns: [String] = {
    let measured = [
      "Comment", "Time Stamp (sec)", "Temperature (K)", "Magnetic Field (Oe)", "Moment (emu)",
      "M. Std. Err. (emu)", "Transport Action", "Averaging Time (sec)", "Frequency (Hz)",
      "Peak Amplitude (mm)",
      "Center Position (mm)", "Coil Signal' (mV)", "Coil Signal\" (mV)", "Range (mV)",
      "M. Quad. Signal (emu)",
      "M. Raw' (emu)", "M. Raw\" (emu)", "Min. Temperature (K)", "Max. Temperature (K)", "Min. Field (Oe)",
      "Max. Field (Oe)", "Mass (grams)", "Motor Lag (deg)", "Pressure (Torr)", "VSM Status (code)",
      "Motor Status (code)", "Measure Status (code)", "Measure Count", "PPMS Status (code)",
      "System Temp. (K)",
      "System Field (Oe)", "Sample Position (deg)",
    ]
    let bridges = (1...4).flatMap { ["Bridge \($0) Resistance (ohms)", "Bridge \($0) Excitation (µA)"] }
    let signals = ["Signal 1 Vin (V)", "Signal 2 Vin (V)", "Digital Inputs (code)"]
    let drives = (1...2).flatMap { ["Drive \($0) Iout (mA)", "Drive \($0) Ipower (W)"] }
    return measured + bridges + signals + drives + ["Pressure ()"] + (20...29).map { "Map \($0) ()" }
  }()
}
