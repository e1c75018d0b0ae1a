// SPDX-License-Identifier: GPL-3.0-or-later
internal import Crypto
internal import FoundationEssentials
internal import Measurements

/// A private Ed25519 key (RFC 8032) that signs certificates.
///
/// Its text is PKCS #8 in PEM (RFC 8410, section 7), which OpenSSL reads too.
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  /// What stands in front of the 32 bytes of the key in PKCS #8.
  private static let header: [UInt8] = [
    0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
  ]
  private static let label = "PRIVATE KEY"

  /// A new key from the system's random numbers.
  public init() { key = Curve25519.Signing.PrivateKey() }

  /// The key that a PEM text holds; throws one sentence for any other text.
  public init(pem: String) throws(CertificateError) {
    let bytes = try pemBytes(pem, Self.label, header: Self.header)
    do { key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes) } catch {
      throw CertificateError(.key, "its 32 bytes are no private key of Ed25519")
    }
  }

  /// The key as PEM text, to be kept secret; ends with a line feed.
  public var pem: String { pemText(Self.header + Array(key.rawRepresentation), Self.label) }

  /// The public part.
  public var verifyingKey: VerifyingKey { VerifyingKey(key.publicKey) }

  /// The signature of a message, 64 bytes in Base64; throws when the library refuses.
  public func signature(for message: [UInt8]) throws(CertificateError) -> String {
    do { return try key.signature(for: message).base64EncodedString() } catch {
      throw CertificateError(.key, "the key did not sign: \(error)")
    }
  }
}

/// A public Ed25519 key that tells whether a signature was made with its private part.
///
/// Its text is SubjectPublicKeyInfo in PEM (RFC 8410, section 4), which OpenSSL reads too.
public struct VerifyingKey: Hashable, Sendable {
  private let bytes: [UInt8]
  private static let header: [UInt8] = [
    0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
  ]
  private static let label = "PUBLIC KEY"

  fileprivate init(_ key: Curve25519.Signing.PublicKey) { bytes = Array(key.rawRepresentation) }

  private init(bytes: [UInt8]) throws(CertificateError) {
    do { self.init(try Curve25519.Signing.PublicKey(rawRepresentation: bytes)) } catch {
      throw CertificateError(.key, "\(bytes.count) bytes are no public key of Ed25519, which has 32")
    }
  }

  /// The key that a PEM text holds; throws one sentence for any other text.
  public init(pem: String) throws(CertificateError) {
    try self.init(bytes: pemBytes(pem, Self.label, header: Self.header))
  }

  /// The key of 32 bytes in Base64; throws one sentence for any other text.
  public init(base64: String) throws(CertificateError) {
    guard let data = Data(base64Encoded: base64) else {
      throw CertificateError(.key, "“\(base64.prefix(60))” is not Base64")
    }
    try self.init(bytes: Array(data))
  }

  /// The key as PEM text; ends with a line feed.
  public var pem: String { pemText(Self.header + bytes, Self.label) }

  /// The 32 bytes in Base64.
  public var base64: String { Data(bytes).base64EncodedString() }

  /// The first 32 hexadecimal digits of the SHA-256 of its 32 bytes.
  public var id: String { String(ContentHash(of: bytes).hexadecimal.prefix(32)) }

  /// Whether a signature in Base64 is that of a message; false for a text that is no signature.
  public func isValid(_ signature: String, for message: [UInt8]) -> Bool {
    guard let data = Data(base64Encoded: signature), data.base64EncodedString() == signature,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
    else { return false }
    return key.isValidSignature(data, for: message)
  }
}

private func pemText(_ bytes: [UInt8], _ label: String) -> String {
  "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString())\n-----END \(label)-----\n"
}

private func pemBytes(_ text: String, _ label: String, header: [UInt8]) throws(CertificateError) -> [UInt8] {
  let lines = text.split(whereSeparator: \.isNewline).map(String.init)
  guard let first = lines.firstIndex(of: "-----BEGIN \(label)-----"),
    let last = lines.firstIndex(of: "-----END \(label)-----"), first < last
  else {
    throw CertificateError(
      .key,
      "it has no lines “-----BEGIN \(label)-----” and “-----END \(label)-----”, so it is no \(label) in PEM")
  }
  guard let data = Data(base64Encoded: lines[(first + 1)..<last].joined()), data.count == header.count + 32,
    data.starts(with: header)
  else {
    throw CertificateError(.key, "it is a key, and not one of Ed25519")
  }
  return Array(data.dropFirst(header.count))
}
