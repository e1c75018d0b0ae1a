// SPDX-License-Identifier: GPL-3.0-or-later

/// Why a certificate, a key or a register cannot be used.
public struct CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Reasons that callers tell apart.
  public enum Code: String, Hashable, Sendable {
    /// The bytes are not JSON.
    case malformed
    /// The JSON does not follow the schema of certificates.
    case schema
    /// The text is no key.
    case key
    /// The register is damaged.
    case register
    /// The number was used before.
    case numberTaken = "number-taken"
    /// What is to be replaced cannot be.
    case supersession
    /// The files of texts that belong to the program are missing or damaged.
    case resources
  }

  /// The reason.
  public let code: Code
  /// One sentence: what was attempted, what was found, what the user can do.
  public let description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
