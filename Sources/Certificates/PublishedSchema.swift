// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

extension Certificate {
  /// The JSON Schema (2020-12) of certificates as it is published; throws when its file is missing.
  public static func publishedSchema() throws(CertificateError) -> String {
    guard let folder = Bundle.module.url(forResource: "Schema", withExtension: nil),
      let text = try? String(
        contentsOf: folder.appending(path: "magcert.certificate.schema.json"), encoding: .utf8)
    else {
      throw CertificateError(.resources, "the schema is missing beside the program; install magcert again")
    }
    return text
  }
}
