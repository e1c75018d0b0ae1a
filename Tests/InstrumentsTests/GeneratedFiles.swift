// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements
internal import Quantities
internal import TestSupport
internal import Testing

/// A seeded source of numbers (splitmix64), the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A lopsided loop, so that swapped columns and signs show.
func generatedLoop(rows: Int = 40, internalField: Bool = false) -> LoopMeasurement {
  let fields = (0..<rows).map { row in
    let phase = 2 * Double.pi * Double(row) / Double(rows)
    return 1.1e6 * cos(phase) + 1234.5
  }
  let responses = fields.enumerated().map { 1.3e-5 * tanh(($1 - ($0 < rows / 2 ? -2e5 : 3e5)) / 4e5) }
  var sample = Sample()
  sample.id = Sourced("Probe 1", .header)
  sample.material = Sourced("NdFeB", .header)
  sample.mass = Sourced(Quantity(si: 54.86e-6), .header)
  sample.shape = Sourced(
    .cuboid(a: Quantity(si: 1.98e-3), b: Quantity(si: 1.99e-3), c: Quantity(si: 2.7e-3)), .header)
  return LoopMeasurement(
    instrument: "generated", measured: "2025-02-12T15:36:00", sample: sample,
    field: internalField ? .internal(Series(si: fields)) : .applied(Series(si: fields)),
    response: internalField
      ? .polarisation(Series(si: responses.map { $0 * 1e5 })) : .moment(Series(si: responses)),
    time: Series(si: fields.indices.map { 17 + 0.37 * Double($0) }),
    temperature: Series(si: fields.map { 296.15 + 1e-7 * $0 }))
}

/// A lopsided pulse in two channels.
func generatedWaveform(samples: Int = 40) -> WaveformMeasurement {
  let steps = (0..<samples).map(Double.init)
  var sample = Sample()
  sample.id = Sourced("Probe 2", .header)
  sample.mass = Sourced(Quantity(si: 54.86e-6), .header)
  return WaveformMeasurement(
    instrument: "generated", model: "recorder", measured: "2025-02-12T15:36:00",
    header: [HeaderEntry("operator", "N. N."), HeaderEntry("#", "a line of text")], sample: sample,
    timeBase: TimeBase(start: Quantity(si: -3.1e-5), interval: Quantity(si: 2.56e-6)),
    channels: [
      WaveformChannel("Pickup", .voltage(Series(si: steps.map { 1.7 * exp(-$0 / 9) * sin($0 / 4) + 0.01 }))),
      WaveformChannel("Coil, outer", .current(Series(si: steps.map { 410.1 * sin($0 / 8) - 0.3 }))),
    ])
}

/// A file with the driver that owns it; nil for nobody.
struct KnownFile: CustomTestStringConvertible, Sendable {
  let file: SourceFile
  let owner: String?
  /// Whether its row in the list of samples says that it is refused.
  var isRefused = false
  /// How sure the owner is.
  var recognition = Recognition.certain
  var testDescription: String { file.name }
}

/// One file per writing driver and kind of record, made in memory.
func generatedFiles() throws -> [KnownFile] {
  try allInstruments.flatMap { driver -> [KnownFile] in
    if let write = driver.writeWaveform {
      let bytes = try write(generatedWaveform())
      return [KnownFile(file: SourceFile(name: "\(driver.id) waveform", bytes: bytes), owner: driver.id)]
    }
    return try [generatedLoop(), generatedLoop(internalField: true)].compactMap { loop -> KnownFile? in
      guard let write = driver.write else { return nil }
      if driver.id == Instrument.quantumDesignVSM.id, case .internal = loop.field { return nil }
      return KnownFile(
        file: SourceFile(name: "\(driver.id) \(loop.response.name)", bytes: try write(loop)), owner: driver.id
      )
    }
  }
}

/// The files of `SampleData/<Driver>/`, each owned by the driver of that folder's name.
func sampleFiles() throws -> [KnownFile] {
  let root = Repository.root.appending(path: "SampleData")
  let readme = (try? String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)) ?? ""
  return try allInstruments.flatMap { driver -> [KnownFile] in
    let folder = driver.id.filter { $0 != "-" }
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return try folders.filter { $0.lowercased() == folder }.flatMap { name in
      try files(below: root.appending(path: name)).map { url in
        let row = readme.split(separator: "\n").first { $0.contains(url.lastPathComponent) } ?? ""
        return KnownFile(
          file: SourceFile(name: url.lastPathComponent, bytes: Array(try Data(contentsOf: url))),
          owner: driver.id, isRefused: row.contains("refused"),
          recognition: row.contains("no signature") ? .plausible : .certain)
      }
    }
  }
}

/// Who has to claim the real files, by the beginning and the end of the path; the first that fits counts.
private let owners: [(path: String, suffix: String, id: String, recognition: Recognition)] =
  [
    ("qd_ppms_vsm/", "", "quantum-design-vsm", .certain),
    ("qd_mpms3/", "", "quantum-design-vsm", .certain),
    ("qd_ppms_log/", "", "quantum-design-vsm", .certain),
    ("qd_acms/", "", "quantum-design-acms", .certain),
    ("qd_mpms_xl/", "", "quantum-design-mpms", .certain),
    ("lakeshore_8600/", "", "lake-shore-8600", .certain),
    ("micromag/", "legacy.agm", "micromag-legacy", .certain),
    ("micromag/", "legacy.irm", "micromag-legacy", .certain),
    ("micromag/", "", "micromag", .certain),
    ("microsense_easyvsm/", "", "microsense", .certain),
    ("cryogenic_cfms/", "", "cryogenic-cfms", .certain),
    ("oxford_leeds_vsm/", "", "oxford-fld", .certain),
    ("petersen_vftb/", "", "petersen-vftb", .certain),
    ("magic/", "", "magic", .certain),
    ("bh_curves/", ".MCV", "femag-mcv", .certain),
    ("bh_curves/ansys", "", "table", .certain),
    ("bh_curves/jafit", "", "table", .plausible),
    ("waveforms/", ".tdms", "ni-tdms", .certain),
    ("waveforms/PicoScope", "", "picoscope", .certain),
  ].filter { row in allInstruments.contains { $0.id == row.2 } }

/// Real files of many instruments with the driver that has to claim them.
func realFiles() throws -> [KnownFile] {
  guard let root = Repository.shared("data") else { return [] }
  return try files(below: root).map { url in
    let path = String(url.path.dropFirst(root.path.count + 1))
    let owner = owners.first { path.hasPrefix($0.path) && path.hasSuffix($0.suffix) }
    return KnownFile(
      file: SourceFile(name: path, bytes: Array(try Data(contentsOf: url))), owner: owner?.id,
      recognition: owner?.recognition ?? .no)
  }
}

/// A real file, or nil with a message when the data are not beside the repository.
func realFile(_ path: String) throws -> SourceFile? {
  guard let url = Repository.shared("data/\(path)") else {
    print("passed over: \(path) is not beside the repository")
    return nil
  }
  return SourceFile(name: path, bytes: Array(try Data(contentsOf: url)))
}

private func files(below folder: URL) throws -> [URL] {
  let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
  return (all?.allObjects ?? []).compactMap { $0 as? URL }.filter { url in
    (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) ?? false
  }
}

/// A file from text.
func textFile(_ text: String) -> SourceFile { SourceFile(name: "generated.txt", bytes: Array(text.utf8)) }
