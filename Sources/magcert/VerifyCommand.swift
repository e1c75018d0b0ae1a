// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks that a certificate is as it was issued and says what its archive says.",
    discussion: """
      Checks the form, schema and content hash of the JSON, its signature, the PDF and XML beside it, every value and \
      verdict against the archive, and the register for a replacement; then lists what could not be checked. Without \
      --public-key the key in the certificate is used: it shows that nothing was changed since it signed, not whose it is.

      Exit code 0 when everything that could be checked holds, 1 when something does not, 2 when the file cannot be read
      as a certificate.

      EXAMPLES
        magcert verify L17.json --public-key laboratory-key.pem.pub
        magcert verify L17.json --archive archives/L17.h5 --register register
      """)

  @Argument(help: "The certificate as JSON.")
  var certificate: String
  @Option(help: ArgumentHelp("The key that must have signed it.", valueName: "file"))
  var publicKey: String?
  @Option(help: ArgumentHelp("Its archive; by default looked for beside it.", valueName: "file.h5"))
  var archive: String?
  @Option(help: ArgumentHelp("The register that issued it.", valueName: "folder"))
  var register: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    var isSound = false
    try reportingErrors {
      let verification = try CertificateVerification(
        of: certificate, publicKey: publicKey, archive: archive, register: register)
      isSound = verification.isSound
      try printOut((json ? verification.jsonLine : verification.text) + "\n")
    }
    if !isSound { throw ExitCode(1) }
  }
}
