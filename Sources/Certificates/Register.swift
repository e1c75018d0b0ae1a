// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// The register of the certificates of a laboratory: one line of JSON for each event, only ever appended to.
///
/// Every line has the SHA-256 of the line before, so that none before the last can be changed or left out unseen. That
/// lines are missing at the end only a copy kept elsewhere can show.
public struct Register: Sendable {
  /// The name of the schema of its lines.
  public static let schema = "magcert.register/1"

  /// What happened to a number.
  public enum Event: String, Codable, Hashable, Sendable {
    /// It was taken, and nothing has been issued under it yet.
    case reserved
    /// A certificate was issued under it.
    case issued
    /// Nothing was issued under it, and nothing will be.
    case void
  }

  /// One line.
  public struct Entry: Codable, Hashable, Sendable {
    /// The name of the schema.
    public var schema = Register.schema
    /// What happened.
    public var event: Event
    /// To which number.
    public var number: String
    /// When, UTC, `YYYY-MM-DDThh:mm:ssZ`.
    public var time: String
    /// The SHA-256 of the content that was issued.
    public var contentSHA256: String?
    /// The certificate that it replaces.
    public var supersedes: Superseded?
    /// Why the number is void.
    public var reason: String?
    /// The SHA-256 of the line before without its line feed; of no bytes for the first line.
    public var previous = ""

    /// An event from its parts.
    public init(
      _ event: Event, number: String, time: String, contentSHA256: String? = nil,
      supersedes: Superseded? = nil, reason: String? = nil
    ) {
      self.event = event
      self.number = number
      self.time = time
      self.contentSHA256 = contentSHA256
      self.supersedes = supersedes
      self.reason = reason
    }
  }

  /// Every event, in order.
  public private(set) var entries: [Entry] = []
  private var head = ContentHash(of: []).hexadecimal

  /// Reads a register; throws one sentence that names the line when any was changed or cut.
  public init(reading bytes: [UInt8]) throws(CertificateError) {
    guard bytes.isEmpty || bytes.last == UInt8(ascii: "\n") else {
      throw CertificateError(
        .register,
        "the last line of the register has no end: a run was stopped while it wrote; remove that line, "
          + "nothing was issued by it")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
    for (place, line) in lines.enumerated() {
      let entry: Entry
      do {
        let value = try JSONValue(reading: Array(line))
        entry = try value.decoded(as: Entry.self)
      } catch {
        throw CertificateError(.register, "line \(place + 1) of the register is damaged: \(error)")
      }
      guard entry.schema == Self.schema, entry.previous == head,
        JSONValue(encoding: entry).canonical == Array(line)
      else {
        throw CertificateError(
          .register,
          "line \(place + 1) of the register does not follow from the line before: one of them was changed")
      }
      entries.append(entry)
      head = ContentHash(of: Array(line)).hexadecimal
    }
  }

  /// Adds an event and gives the bytes to append to the file, with their line feed.
  public mutating func append(_ entry: Entry) -> [UInt8] {
    var entry = entry
    entry.previous = head
    let line = JSONValue(encoding: entry).canonical
    entries.append(entry)
    head = ContentHash(of: line).hexadecimal
    return line + [UInt8(ascii: "\n")]
  }

  private func isTaken(_ number: String) -> Bool { entries.contains { $0.number == number } }

  /// The next free number of a pattern, in which `{year}` is the year and `{sequence}` counts from 0001.
  ///
  /// Throws when the pattern does not count.
  public func nextNumber(_ pattern: String, year: String) throws(CertificateError) -> String {
    guard pattern.contains("{sequence}") else {
      throw CertificateError(
        .numberTaken, "the number “\(pattern)” has no {sequence}, which tells certificates apart")
    }
    var sequence = 1 + entries.count { $0.event == .reserved }
    while true {
      let digits = String(sequence)
      let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      let number = pattern.replacing("{year}", with: year).replacing("{sequence}", with: padded)
      if !isTaken(number) { return number }
      sequence += 1
    }
  }

  /// Throws when a number was ever taken before.
  public func checkIsFree(_ number: String) throws(CertificateError) {
    guard let entry = entries.first(where: { $0.number == number }) else { return }
    throw CertificateError(
      .numberTaken,
      "the number “\(number)” was taken on \(entry.time), and no number is used twice; give another one")
  }

  /// The certificate that was issued under a number, to be replaced once.
  ///
  /// Throws when there is none, and when another one has replaced it already.
  public func supersession(of number: String, because reason: String) throws(CertificateError) -> Superseded {
    guard let digest = issued(number)?.contentSHA256 else {
      throw CertificateError(
        .supersession, "no certificate “\(number)” was issued by this register, so none can be replaced")
    }
    if let replacement = replacement(of: number) {
      throw CertificateError(
        .supersession,
        "“\(number)” was replaced by “\(replacement.number)” on \(replacement.time); replace that one")
    }
    return Superseded(number: number, contentSHA256: digest, reason: reason)
  }

  /// The event of issuing a number; nil when nothing was issued under it.
  public func issued(_ number: String) -> Entry? {
    entries.first { $0.number == number && $0.event == .issued }
  }

  /// What was issued to replace a number; nil when nothing was.
  public func replacement(of number: String) -> Entry? {
    entries.first { $0.event == .issued && $0.supersedes?.number == number }
  }
}
