// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements

/// Every driver; the order means nothing.
public let allInstruments: [Instrument] = [
  .cryogenicCFMS,
  .femagMCV,
  .femm,
  .lakeShore8600,
  .lakeShoreIDEAS,
  .magic,
  .microMag,
  .microMagLegacy,
  .microSense,
  .niTDMS,
  .oxfordFLD,
  .petersenVFTB,
  .picoScope,
  .quantumDesignACMS,
  .quantumDesignMPMS,
  .quantumDesignVSM,
  .table,
  .tamakawa,
  .tektronixCSV,
  .waveformTable,
]

/// Every driver's answer to a file, the surest first, equally sure ones by id.
public func recognise(
  _ file: SourceFile, among drivers: [Instrument] = allInstruments
) -> [(instrument: Instrument, claim: Claim)] {
  drivers.map { (instrument: $0, claim: $0.recognize(file)) }.sorted {
    ($1.claim.recognition, $0.instrument.id) < ($0.claim.recognition, $1.instrument.id)
  }
}

/// The driver for a file: the one named by `id`, else the one that is surest that the file is its own.
///
/// Throws `empty` for a file without a byte, and `unknown-format` when the id is not known, no driver claims the
/// file, or for certain when it is binary, or when two claim it equally.
public func instrument(
  for file: SourceFile, override id: String? = nil, among drivers: [Instrument] = allInstruments
) throws(ReadError) -> Instrument {
  var ids: String { drivers.map(\.id).sorted().joined(separator: ", ") }
  guard !file.bytes.isEmpty else { throw ReadError(.empty, "the file is empty") }
  if let id {
    guard let named = drivers.first(where: { $0.id == id }) else {
      throw ReadError(.unknownFormat, "no driver is called “\(id)”; the drivers are \(ids)")
    }
    return named
  }
  let recognitions = drivers.map { $0.recognize(file).recognition }
  let best = recognitions.max() ?? .no
  let owners = drivers.indices.filter { recognitions[$0] == best }.map { drivers[$0] }.sorted {
    $0.id < $1.id
  }
  // What a driver of text sees in UTF-16 or in a dump is chance, unless it is a mark.
  let isBinary = isBinary(file.bytes.span)
  guard best > .no, !isBinary || best == .certain, let owner = owners.first else {
    throw ReadError(.unknownFormat, foreignFormat(file.bytes.span) ?? adviceOnUnknown(isBinary, ids))
  }
  guard owners.count == 1 else {
    let names = owners.map(\.id).joined(separator: " and ")
    throw ReadError(
      .unknownFormat, "\(names) claim this file equally (\(best.name)); choose one with --instrument")
  }
  return owner
}

/// What to do with a file of which nothing is known.
private func adviceOnUnknown(_ isBinary: Bool, _ ids: String) -> String {
  isBinary
    ? "the file is binary, and no driver knows it; export it as text first"
    : "no driver knows this format; name one of \(ids) with --instrument, or give the file a header line that names "
      + "its columns with units, such as “H (A/m)” and “J (T)” of a loop or “t (s)” and “CH1 (V)” of a waveform, or "
      + "\(profileAdvice)"
}

/// Whether the first bytes hold a NUL, which no text in an 8-bit encoding does.
private func isBinary(_ bytes: Span<UInt8>) -> Bool {
  for index in 0..<min(bytes.count, 4096) where bytes[index] == 0 { return true }
  return false
}
