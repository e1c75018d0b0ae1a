// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
public import Measurements
internal import Report

/// The ids of the drivers.
public var instrumentIDs: [String] { allInstruments.map(\.id) }

/// The drivers for a terminal, or as JSON lines; ends with a line feed.
public func instrumentListing(json: Bool) -> String {
  let width = allInstruments.map(\.id.count).max() ?? 0
  return allInstruments.map { driver in
    let writes = driver.write != nil || driver.writeWaveform != nil
    let reads = driver.readsWaveforms ? "waveforms" : "loops"
    guard json else {
      let id = driver.id + String(repeating: " ", count: width - driver.id.count)
      let kind = reads + String(repeating: " ", count: "waveforms".count - reads.count)
      return "\(id)   \(kind)   \(driver.title)\(writes ? "; simulate can write it" : "")\n"
    }
    return jsonText(
      DriverObject(
        schema: "magcert.instrument/1", id: driver.id, title: driver.title, reads: reads, writes: writes))
      + "\n"
  }.joined()
}

/// What the drivers say of a file.
public struct IdentifiedFile: Sendable {
  /// The path as given.
  public let path: String
  /// The id of the one driver that would read it; nil when there is none or more than one.
  public let owner: String?
  /// Why no driver would read it, and what to do; nil when one would.
  public let refusal: String?
  /// Each driver's claim, the strongest first.
  public let claims: [(id: String, claim: Claim)]

  /// For a terminal; ends with a line feed.
  public var text: String {
    var lines = ["\(path): \(owner ?? "no driver")"]
    if let refusal { lines.append("  \(refusal)") }
    lines += claims.map { "  \($0.id): \($0.claim.recognition.name) — \($0.claim.reason)" }
    return lines.joined(separator: "\n") + "\n"
  }

  /// As one JSON line; ends with a line feed.
  public var jsonLine: String {
    jsonText(
      IdentificationObject(
        schema: "magcert.identification/1", path: path, instrument: owner, refusal: refusal,
        claims: claims.map {
          .init(instrument: $0.id, recognition: $0.claim.recognition.name, reason: $0.claim.reason)
        })) + "\n"
  }
}

/// Asks every driver about a file; throws one sentence when it cannot be read.
public func identify(_ path: String) throws(ReadError) -> IdentifiedFile {
  let file = try readSourceFile(path)
  let claims = allInstruments.map { (id: $0.id, claim: $0.recognize(file)) }
    .sorted { $0.claim.recognition > $1.claim.recognition }
  do {
    let owner = try instrument(for: file).id
    return IdentifiedFile(path: path, owner: owner, refusal: nil, claims: claims)
  } catch {
    return IdentifiedFile(path: path, owner: nil, refusal: error.description, claims: claims)
  }
}

private struct DriverObject: Encodable {
  var schema: String
  var id: String
  var title: String
  var reads: String
  var writes: Bool
}

private struct IdentificationObject: Encodable {
  struct ClaimObject: Encodable {
    var instrument: String
    var recognition: String
    var reason: String
  }
  var schema: String
  var path: String
  var instrument: String?
  var refusal: String?
  var claims: [ClaimObject]
}
