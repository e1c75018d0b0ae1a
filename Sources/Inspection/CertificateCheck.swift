// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
public import Certificates
internal import Certification
internal import Foundation
internal import Measurements
internal import Report

/// The JSON Schema (2020-12) of certificates; throws one sentence when it is missing beside the program.
public func certificateSchema() throws(InputError) -> String {
  do { return try Certificate.publishedSchema() } catch { throw InputError(error.description) }
}

/// What a check of a certificate, of the files that belong to it and of its archive found.
public struct CertificateVerification: Sendable {
  /// The certificate's path.
  public let path: String
  /// Its number; nil when it has none.
  public let number: String?
  /// Whether there is a signature, right or wrong.
  public let isSigned: Bool
  /// What was checked and holds; sentences.
  public private(set) var held: [String] = []
  /// What does not hold.
  public private(set) var faults: [CertificateFault] = []
  /// What was not checked, and why; sentences.
  public private(set) var unchecked: [String] = []

  /// Whether everything that could be checked holds.
  public var isSound: Bool { faults.isEmpty }

  /// Checks a certificate; throws one sentence when it, the key, the archive or the register cannot be read.
  ///
  /// Documents and archive are looked for beside the certificate, `archive` names another place.
  public init(
    of path: String, publicKey: String? = nil, archive: String? = nil, register: String? = nil
  ) throws(InputError) {
    self.path = path
    let read: ReadCertificate
    do { read = try ReadCertificate(reading: readSourceFile(path).bytes) } catch {
      throw InputError("“\(path)” cannot be checked: \(error)")
    }
    let certificate = read.certificate
    number = certificate.content.number
    isSigned = certificate.signature != nil
    faults = read.faults
    if faults.isEmpty {
      held.append("the file has the form and the schema \(Certificate.schema), and its content hash is right")
    }
    let trusted = try publicKey.map { file throws(InputError) in try verifyingKey(file: file) }
    check(signature: read, trusted)
    let folder = URL(filePath: path).deletingLastPathComponent()
    for document in certificate.documents { check(document, in: folder) }
    try check(archiveOf: certificate.content, in: folder, given: archive)
    if let register {
      check(certificate, against: try readRegister(register))
    } else {
      unchecked.append("whether it was replaced: give --register, or ask who issued it")
    }
  }

  private mutating func check(signature read: ReadCertificate, _ trusted: VerifyingKey?) {
    if let fault = read.signatureFault(trusting: trusted) {
      faults.append(fault)
    } else if let signature = read.certificate.signature {
      held.append("the signature is that of key \(signature.keyID)")
      if trusted == nil {
        unchecked.append(
          "whose key it is: the one in the certificate was used, and trust in it is yours; give --public-key")
      }
    } else {
      unchecked.append("the signature: the certificate is not signed")
    }
  }

  private mutating func check(_ document: Certificate.Document, in folder: URL) {
    guard !document.name.contains("/"), document.name != "..", !document.name.isEmpty else {
      faults.append(CertificateFault(.documents, "“\(document.name)” is no name of a file beside it"))
      return
    }
    let file = folder.appending(path: document.name).path
    guard fileExists(file) else {
      unchecked.append("\(document.name): it is not beside the certificate")
      return
    }
    guard let bytes = try? readSourceFile(file).bytes else {
      unchecked.append("\(document.name): it cannot be read")
      return
    }
    if ContentHash(of: bytes).hexadecimal == document.sha256 {
      held.append("\(document.name) is the file that was issued")
    } else {
      faults.append(
        CertificateFault(.documents, "\(document.name) is not the file that was issued: it was changed"))
    }
  }

  private mutating func check(
    archiveOf content: CertificateContent, in folder: URL, given: String?
  ) throws(InputError) {
    guard let reference = content.archive else {
      if given != nil { faults.append(CertificateFault(.archive, "the certificate names no archive")) }
      unchecked.append("raw data: the certificate names no archive")
      return
    }
    let name = reference.name.split(separator: "/").last.map(String.init) ?? ""
    let path = given ?? folder.appending(path: name).path
    guard given != nil || fileExists(path) else {
      unchecked.append("the archive \(name): it is not beside the certificate; give --archive")
      return
    }
    let bytes: [UInt8]
    do { bytes = try readSourceFile(path).bytes } catch { throw InputError(error.description) }
    if ContentHash(of: bytes).hexadecimal != reference.sha256 {
      faults.append(
        CertificateFault(.archive, "\(path) is not the archive as it was when the certificate was issued"))
    } else {
      held.append("\(path) is the archive as it was when the certificate was issued")
    }
    let archived: ArchivedResults
    do { archived = try ArchivedResults(path) } catch {
      faults.append(CertificateFault(.archive, "\(path) cannot be compared: \(error)"))
      return
    }
    if archived.chain != reference.chainSHA256 {
      faults.append(
        CertificateFault(
          .archive,
          "archive.chainSHA256: certificate \(reference.chainSHA256), archive \(archived.chain)"))
    }
    let differences = archived.differences(from: content) + archived.omissions(from: content)
    faults += differences.map { CertificateFault(.archive, $0) }
    if differences.isEmpty {
      held.append(
        "every value and verdict of \(content.samples.count) results is the archived one, and none is left out"
      )
    }
  }

  private mutating func check(_ certificate: Certificate, against register: Register) {
    guard let number = certificate.content.number, let entry = register.issued(number) else {
      faults.append(
        CertificateFault(
          .register, "the register has issued no certificate “\(number ?? "without a number")”"))
      return
    }
    if entry.contentSHA256 != certificate.contentSHA256 {
      faults.append(
        CertificateFault(
          .register,
          "the register has issued “\(number)” with another content: \(entry.contentSHA256 ?? "none")"))
    } else {
      held.append("the register has issued it on \(entry.time)")
    }
    if let replacement = register.replacement(of: number) {
      faults.append(
        CertificateFault(
          .register,
          "it was replaced by “\(replacement.number)” on \(replacement.time): \(replacement.supersedes?.reason ?? "no reason given")"
        ))
    }
  }

  /// For people, without a line feed at its end.
  public var text: String {
    let sound = isSigned ? "" : "NOT SIGNED, nothing proves who issued it; "
    var lines = ["\(path): \(isSound ? sound + "everything that could be checked holds" : "BROKEN")"]
    lines += faults.map { "  broken       \($0.check.rawValue): \($0)" }
    lines += held.map { "  holds        \($0)" }
    lines += unchecked.map { "  not checked  \($0)" }
    return lines.joined(separator: "\n")
  }

  /// As one line of JSON.
  public var jsonLine: String {
    jsonText(
      CertificateVerificationObject(
        certificate: path, number: number, sound: isSound, signed: isSigned,
        faults: faults.map { .init(check: $0.check, message: $0.description) }, held: held,
        unchecked: unchecked))
  }
}

private struct CertificateVerificationObject: Encodable {
  struct Fault: Encodable {
    let check: CertificateFault.Check
    let message: String
  }
  var schema = "magcert.certificate-verification/1"
  let certificate: String
  let number: String?
  let sound: Bool
  let signed: Bool
  let faults: [Fault]
  let held: [String]
  let unchecked: [String]
}

/// The results of an archive as certificates hold them.
private struct ArchivedResults {
  let chain: String
  /// The row of each result, by the digest of its file and its loop.
  private var results: [String: CertifiedResult] = [:]
  private var failures = 0
  /// The decision on the lot; nil without one.
  private let lotResult: String?

  init(_ path: String) throws {
    let reader = try ArchiveReader(opening: path)
    chain = try reader.chainDigest()
    struct ArchivedLot: Decodable {
      struct Verdict: Decodable {
        let method: String
        let result: String
      }
      let verdict: Verdict?
    }
    let lot = try reader.lotRecord.map { try JSONDecoder().decode(ArchivedLot.self, from: Data($0.utf8)) }
    // Without a plan the record repeats the worst of the pieces.
    lotResult = lot?.verdict.flatMap { $0.method == "worst-of" ? nil : $0.result }
    for row in 0..<reader.count {
      // A file that failed has a record of another kind.
      guard let result = try? CertifiedResult(record: reader.record(row)) else {
        failures += 1
        continue
      }
      results[Self.key(result)] = result
    }
  }

  /// What the archive holds and the certificate does not say.
  func omissions(from content: CertificateContent) -> [String] {
    var faults: [String] = []
    let certified = Set(content.samples.map(Self.key))
    let missing = results.filter { !certified.contains($0.key) }.values.map(\.source.path).sorted()
    if let first = missing.first {
      faults.append(
        "samples: the archive has \(missing.count) result\(missing.count == 1 ? "" : "s") that the certificate leaves out, "
          + "the first of “\(first)”")
    }
    // Files that could not even be opened are in no archive.
    if content.failures.count < failures {
      faults.append(
        "failures: certificate \(content.failures.count), archive \(failures) files without a result")
    }
    if let lot = content.lot {
      var counts: [String: Int] = [:]
      for sample in content.samples { counts[sample.verdict?.result.rawValue ?? "unjudged", default: 0] += 1 }
      if !content.failures.isEmpty { counts["failed"] = content.failures.count }
      if lot.counts.filter({ $0.value != 0 }) != counts {
        faults.append("lot.counts: they are not those of the results in the certificate")
      }
    }
    let stated = content.lot?.acceptance.map { acceptance in
      acceptance.isAccepted.map { $0 ? "accepted" : "rejected" } ?? "undetermined"
    }
    if stated != lotResult {
      faults.append(
        "lot.acceptance: certificate \(stated ?? "none"), archive \(lotResult ?? "none")")
    }
    return faults
  }

  private static func key(_ result: CertifiedResult) -> String {
    "\(result.source.sha256 ?? "") \(result.source.loop?.index ?? 1) \(result.source.path)"
  }

  func differences(from content: CertificateContent) -> [String] {
    content.samples.enumerated().flatMap { place, sample -> [String] in
      guard let archived = results[Self.key(sample)] else {
        return [
          "samples[\(place)].source: the archive has no result of “\(sample.source.path)” with the SHA-256 "
            + "\(sample.source.sha256 ?? "that is missing")"
        ]
      }
      return sample.differences(fromArchived: archived, at: "samples[\(place)]")
    }
  }
}
