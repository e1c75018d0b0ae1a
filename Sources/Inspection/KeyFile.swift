// SPDX-License-Identifier: GPL-3.0-or-later
public import Certificates
internal import Foundation

/// Makes a key pair: the private key, which only its owner can read, and the public one in `<path>.pub`.
///
/// Throws one sentence when either file exists or cannot be written; then neither is left.
public func createKeyFiles(at path: String) throws(InputError) -> VerifyingKey {
  let key = SigningKey()
  try createFile(Array(key.pem.utf8), at: path, isSecret: true)
  do { try createFile(Array(key.verifyingKey.pem.utf8), at: path + ".pub") } catch {
    try? FileManager.default.removeItem(atPath: path)
    throw error
  }
  return key.verifyingKey
}

/// The private key of a file; throws one sentence when it is none, or when others than its owner may read it.
func signingKey(file path: String) throws(InputError) -> SigningKey {
  let text = try readSettingsText(path)
  // Of the file itself: secrets are often mounted as links.
  let attributes = try? FileManager.default.attributesOfItem(
    atPath: URL(filePath: path).resolvingSymlinksInPath().path)
  guard let mode = attributes?[.posixPermissions] as? Int
  else { throw InputError("“\(path)”: it cannot be told who may read this key") }
  guard mode & 0o077 == 0 else {
    throw InputError(
      "the private key “\(path)” can be read by others than its owner, so it may be known to them; type "
        + "chmod 600 '\(path)', or better make a new key")
  }
  do { return try SigningKey(pem: text) } catch { throw InputError("“\(path)”: \(error)") }
}

/// The public key of a file that holds either part of a pair; throws one sentence when it holds none.
public func verifyingKey(file path: String) throws(InputError) -> VerifyingKey {
  let text = try readSettingsText(path)
  if text.contains("BEGIN PRIVATE KEY") { return try signingKey(file: path).verifyingKey }
  do { return try VerifyingKey(pem: text) } catch { throw InputError("“\(path)”: \(error)") }
}
