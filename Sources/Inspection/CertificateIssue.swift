// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
public import Certificates
internal import Foundation
internal import Measurements
public import Report

/// What a certificate is to be made of beside the results.
public struct CertificateRequest: Sendable {
  /// Where the PDF goes; JSON and XML go beside it under the same name.
  public var path: String
  /// What the laboratory states once for all certificates.
  public var laboratory = LaboratoryFile()
  /// The number; without it the register gives the next one, where there is a register.
  public var number: String?
  /// The number of the certificate that is replaced.
  public var supersedes: String?
  /// Why it is replaced.
  public var reason: String?
  /// The decision on the lot as a whole.
  public var acceptance: Acceptance?

  /// A certificate at a path, of which nothing else is stated.
  public init(path: String) { self.path = path }

  /// The paths of PDF, JSON and XML.
  public var paths: (pdf: String, json: String, xml: String) {
    let stem = path.lowercased().hasSuffix(".pdf") ? String(path.dropLast(4)) : path
    return (path, stem + ".json", stem + ".xml")
  }

  /// Looks before the work at what would spoil the certificate after it; throws one sentence.
  public func check() throws(InputError) {
    let paths = paths
    for path in [paths.pdf, paths.json, paths.xml] where fileExists(path) {
      throw InputError("“\(path)” exists, and a certificate is issued once and never overwritten")
    }
    if let number, !isCertificateNumber(number) {
      throw InputError(
        "“\(number)” is no number for a certificate: it begins with a letter or a digit, has at most 80 characters, and "
          + "no blanks at its ends or side by side")
    }
    guard !path.hasSuffix(".json"), !path.hasSuffix(".xml") else {
      throw InputError(
        "“\(path)” is the name of the PDF, and .json and .xml go beside it; let it end in .pdf")
    }
    if let key = laboratory.key { _ = try signingKey(file: key) }
    if supersedes != nil {
      guard laboratory.register != nil else {
        throw InputError("a certificate is replaced through the register that issued it: name its folder")
      }
      guard let reason, !reason.isEmpty else {
        throw InputError("a certificate is replaced for a reason, which stands on the new one")
      }
    }
    guard let register = laboratory.register else { return }
    guard number != nil || laboratory.numberPattern != nil else {
      throw InputError("the register needs a number, or a pattern of numbers in the laboratory's file")
    }
    // What is taken now is taken later too; what is free now may not be.
    _ = try OpenRegister(register).numbering(self, at: currentTime())
  }
}

/// Whether a text can be told from others by eye, as the number of a certificate has to be.
private func isCertificateNumber(_ text: String) -> Bool {
  guard let first = text.first, first.isLetter || first.isNumber, text.count <= 80, text.last != " ",
    !text.contains("  ")
  else { return false }
  return text.unicodeScalars.allSatisfy { scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
    case .spaceSeparator: scalar == " "
    default: true
    }
  }
}

/// A certificate as it was issued.
public struct IssuedCertificate: Sendable {
  /// Its number; nil for a document without one.
  public let number: String?
  /// What kind of document it is.
  public let type: DocumentType
  /// The files that were written.
  public let files: [String]
  /// The SHA-256 of its content, 64 hexadecimal digits.
  public let contentSHA256: String
  /// Why no digital calibration certificate is among them, one sentence; nil when one is, or none was to be expected.
  public let remark: String?

  fileprivate init(_ certificate: Certificate, files: [String]) {
    let content = certificate.content
    number = content.number
    contentSHA256 = certificate.contentSHA256
    type = content.type
    self.files = files
    let missing = CalibrationCertificate.missing(in: content)
    let isExpected = content.delivery.laboratory != nil && !missing.isEmpty
    remark =
      isExpected
      ? "no XML: a digital calibration certificate also needs \(missing.joined(separator: ", "))" : nil
  }

  /// For people: what was written under which number, and the remark; lines without a line feed at the end.
  public var text: String {
    let name = [type.rawValue, number].compactMap(\.self).joined(separator: " ")
    return ["\(name): \(files.joined(separator: ", "))", remark].compactMap(\.self).joined(separator: "\n")
  }
}

/// Issues the certificate of samples: PDF, JSON, and XML where a digital calibration certificate has all it needs.
///
/// `archive` is the finished archive that holds the samples. Nothing is ever overwritten, and when one file cannot be
/// written none is left. With a register the number is taken before anything is written, so that a run that is stopped
/// leaves a number that is never used again. Throws one sentence.
public func issueCertificate(
  _ request: CertificateRequest, samples: [ReportedSample], failures: [ReportedFailure], lot: String?,
  archive: String?, units: DisplayUnits
) throws(InputError) -> IssuedCertificate {
  let time = currentTime()
  let laboratory = request.laboratory
  do {
    var content = try CertificateContent(
      of: samples, failures: failures, lot: lot, issued: time, language: laboratory.language ?? .english,
      units: units, software: Software(name: "magcert", version: magcertVersion))
    content.delivery = laboratory.delivery
    content.lot?.acceptance = request.acceptance
    if let archive {
      content.archive = ArchiveReference(
        name: URL(filePath: archive).lastPathComponent,
        sha256: ContentHash(of: try readSourceFile(archive).bytes).hexadecimal,
        chainSHA256: try ArchiveReader(opening: archive).chainDigest())
    }
    let key = try laboratory.key.map { path throws(InputError) in try signingKey(file: path) }
    guard let folder = laboratory.register else {
      content.number = request.number
      return try write(content, samples, key, request)
    }
    var register = try OpenRegister(folder)
    let numbering = try register.numbering(request, at: time)
    content.number = numbering.number
    content.supersedes = numbering.supersedes
    try register.add(.init(.reserved, number: numbering.number, time: time))
    let issued: IssuedCertificate
    do { issued = try write(content, samples, key, request) } catch {
      try? register.add(.init(.void, number: numbering.number, time: currentTime(), reason: "\(error)"))
      throw error
    }
    try register.add(
      .init(
        .issued, number: numbering.number, time: time, contentSHA256: issued.contentSHA256,
        supersedes: numbering.supersedes))
    return issued
  } catch let error as InputError {
    throw error
  } catch {
    throw InputError("no certificate was issued: \(error)")
  }
}

/// Writes the files of a certificate, the JSON last because it has the digests of the others.
private func write(
  _ content: CertificateContent, _ samples: [ReportedSample], _ key: SigningKey?,
  _ request: CertificateRequest
) throws -> IssuedCertificate {
  var content = content
  let isComplete = content.number != nil && content.delivery.allowsInspectionCertificate
  content.type = isComplete ? .inspectionCertificate : .testReport
  let paths = request.paths
  let pdf = try CertificatePage(
    content, curves: samples, paper: request.laboratory.paper ?? .a4, keyID: key?.verifyingKey.id
  ).pdf()
  var files = [(path: paths.pdf, bytes: pdf)]
  if let xml = try CalibrationCertificate(content)?.bytes { files.append((paths.xml, xml)) }
  let documents = files.map { file in
    Certificate.Document(name: URL(filePath: file.path).lastPathComponent, bytes: file.bytes)
  }
  let certificate = try Certificate(content, documents: documents, key: key)
  files.append((paths.json, certificate.fileBytes))
  let folder = URL(filePath: paths.pdf).deletingLastPathComponent()
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  var written: [String] = []
  do {
    for file in files {
      try createFile(file.bytes, at: file.path)
      written.append(file.path)
    }
  } catch {
    for path in written { try? FileManager.default.removeItem(atPath: path) }
    throw error
  }
  return IssuedCertificate(certificate, files: written)
}

/// The register of a folder, locked for this process until it is let go.
struct OpenRegister {
  /// The register's file in its folder.
  static let name = "register.jsonl"

  private let file: LockedFile
  private var register: Register

  /// Opens the register of a folder, made when it is not there; throws one sentence when it was changed.
  init(_ folder: String) throws(InputError) {
    let path = URL(filePath: folder).appending(path: Self.name).path
    file = try LockedFile(path)
    do { register = try Register(reading: file.contents()) } catch let error as InputError {
      throw error
    } catch {
      throw InputError("“\(path)”: \(error)")
    }
  }

  /// The number that a certificate gets, and what it replaces.
  func numbering(_ request: CertificateRequest, at time: String) throws(InputError) -> (
    number: String, supersedes: Superseded?
  ) {
    do throws(CertificateError) {
      let number: String
      if let given = request.number {
        number = given
        try register.checkIsFree(given)
      } else {
        number = try register.nextNumber(
          request.laboratory.numberPattern ?? "", year: String(time.prefix(4)))
      }
      guard let replaced = request.supersedes else { return (number, nil) }
      return (number, try register.supersession(of: replaced, because: request.reason ?? ""))
    } catch { throw InputError(error.description) }
  }

  /// Adds an event, on the disk when the function returns.
  mutating func add(_ entry: Register.Entry) throws(InputError) { try file.append(register.append(entry)) }
}

/// The register of a folder as it is, without a lock; throws one sentence when there is none or it was changed.
func readRegister(_ folder: String) throws(InputError) -> Register {
  let path = URL(filePath: folder).appending(path: OpenRegister.name).path
  do { return try Register(reading: readSourceFile(path).bytes) } catch {
    throw InputError("“\(path)”: \(error)")
  }
}
