// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// A certificate as its file holds it: content, digests of content and documents, signature.
///
/// The file is the canonical JSON (RFC 8785) of this, and a line feed.
public struct Certificate: Codable, Sendable {
  /// The name of the schema.
  public static let schema = "magcert.certificate/1"

  /// A file that belongs to the certificate.
  public struct Document: Codable, Hashable, Sendable {
    /// The file's name, without folder.
    public var name: String
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    public var sha256: String

    /// A file from its name and bytes.
    public init(name: String, bytes: [UInt8]) {
      self.name = name
      sha256 = ContentHash(of: bytes).hexadecimal
    }
  }

  /// A signature over everything but its own `value`.
  public struct Signature: Codable, Hashable, Sendable {
    /// The algorithms that may sign.
    public enum Algorithm: String, Codable, Hashable, Sendable {
      /// Ed25519 (RFC 8032).
      case ed25519 = "Ed25519"
    }
    /// The algorithm.
    public var algorithm: Algorithm
    /// The first 32 hexadecimal digits of the SHA-256 of the public key.
    public var keyID: String
    /// The 32 bytes of the public key in Base64.
    public var publicKey: String
    /// The 64 bytes of the signature in Base64; nil only while it is made.
    public var value: String?
  }

  /// The name of the schema.
  public private(set) var schema = Certificate.schema
  /// What the certificate says.
  public let content: CertificateContent
  /// The SHA-256 of the canonical JSON of `content`, 64 hexadecimal digits.
  public let contentSHA256: String
  /// The files that belong to it.
  public let documents: [Document]
  /// The signature; nil for a certificate that is not signed.
  public private(set) var signature: Signature?

  /// Makes a certificate and signs it when there is a key.
  ///
  /// Throws when the key refuses.
  public init(_ content: CertificateContent, documents: [Document], key: SigningKey? = nil)
    throws(CertificateError)
  {
    self.content = content
    self.documents = documents
    contentSHA256 = Self.digest(of: content)
    guard let key else { return }
    var signature = Signature(
      algorithm: .ed25519, keyID: key.verifyingKey.id, publicKey: key.verifyingKey.base64, value: nil)
    self.signature = signature
    signature.value = try key.signature(for: JSONValue(encoding: self).canonical)
    self.signature = signature
  }

  /// The SHA-256 of the canonical JSON of a content, 64 hexadecimal digits.
  public static func digest(of content: CertificateContent) -> String {
    ContentHash(of: JSONValue(encoding: content).canonical).hexadecimal
  }

  /// The bytes of its file.
  public var fileBytes: [UInt8] { JSONValue(encoding: self).canonical + [UInt8(ascii: "\n")] }
}

/// One thing about a certificate that is not as it should be.
public struct CertificateFault: Hashable, Sendable, CustomStringConvertible {
  /// What was checked.
  public enum Check: String, Codable, Hashable, Sendable {
    case form, schema, content, signature, documents, archive, register
  }

  /// What was checked.
  public let check: Check
  /// One sentence.
  public let description: String

  /// A fault from its parts.
  public init(_ check: Check, _ description: String) {
    self.check = check
    self.description = description
  }
}

/// A certificate read from its file, with what is wrong with it in itself.
public struct ReadCertificate: Sendable {
  /// The certificate.
  public let certificate: Certificate
  /// What is wrong with form, schema and content hash; nothing when all hold.
  public let faults: [CertificateFault]
  private let tree: JSONValue

  /// Reads the bytes of a file; throws one sentence when they cannot be a certificate of this schema.
  public init(reading bytes: [UInt8]) throws(CertificateError) {
    tree = try JSONValue(reading: bytes)
    guard case .string(let name)? = tree["schema"] else {
      throw CertificateError(.schema, "it names no schema, so it is no certificate")
    }
    guard name == Certificate.schema else {
      throw CertificateError(
        .schema, "its schema is “\(name)” and this version of magcert reads \(Certificate.schema)")
    }
    certificate = try tree.decoded(as: Certificate.self)
    var faults: [CertificateFault] = []
    if bytes != tree.canonical + [UInt8(ascii: "\n")] {
      faults.append(
        CertificateFault(
          .form, "the file is not in canonical form: it was edited or formatted after it was issued"))
    }
    // What the types do not know is lost when they are encoded again.
    if let difference = Difference(from: tree, to: JSONValue(encoding: certificate)) {
      faults.append(CertificateFault(.schema, "\(difference.path) does not belong into a certificate"))
    }
    let schema = try SchemaCheck(schema: Certificate.publishedSchema())
    faults += schema.faults(in: tree).map { CertificateFault(.schema, $0) }
    let digest = ContentHash(of: tree["content"]?.canonical ?? []).hexadecimal
    if digest != certificate.contentSHA256 {
      faults.append(
        CertificateFault(
          .content,
          "the content was changed: its SHA-256 is \(digest), and contentSHA256 says \(certificate.contentSHA256)"
        ))
    }
    self.faults = faults
  }

  /// What is wrong with the signature; nil when it is that of the key, or when there is none at all.
  ///
  /// Without a key that the reader trusts, the one in the certificate is used.
  public func signatureFault(trusting trusted: VerifyingKey? = nil) -> CertificateFault? {
    guard let signature = certificate.signature else {
      return trusted.map { CertificateFault(.signature, "it is not signed, and key \($0.id) was expected") }
    }
    let embedded: VerifyingKey
    do { embedded = try VerifyingKey(base64: signature.publicKey) } catch {
      return CertificateFault(.signature, "its public key cannot be read: \(error)")
    }
    if let trusted, trusted != embedded {
      return CertificateFault(
        .signature, "it is signed with key \(embedded.id), not with key \(trusted.id)")
    }
    guard signature.keyID == embedded.id else {
      return CertificateFault(
        .signature, "its key ID is \(signature.keyID), and its public key is \(embedded.id)")
    }
    guard case .object(let members) = tree, let own = tree["signature"] else { return nil }
    let signed = JSONValue.object(
      members.map { member in
        member.name == "signature"
          ? JSONValue.Member(name: member.name, value: own.removing("value")) : member
      })
    guard embedded.isValid(signature.value ?? "", for: signed.canonical) else {
      return CertificateFault(
        .signature, "the signature of key \(embedded.id) does not belong to what the file says")
    }
    return nil
  }
}
