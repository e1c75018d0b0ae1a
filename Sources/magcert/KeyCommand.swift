// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Certificates
internal import Inspection

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key", abstract: "Makes and shows the keys that certificates are signed with.",
    discussion: """
      Keys are Ed25519 (RFC 8032) in PEM, which OpenSSL reads too. Only the owner of a private key's file can read it, \
      and magcert refuses one that others can. Give the public key to those who check certificates.

      EXAMPLES
        magcert key new laboratory-key.pem
        magcert key show laboratory-key.pem.pub
      """, subcommands: [New.self, Show.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Makes a key pair: FILE, to be kept secret, and FILE.pub. Nothing is overwritten.")
    @Argument(help: "The file of the private key.")
    var file: String

    func run() throws {
      try reportingErrors {
        let key = try createKeyFiles(at: file)
        try printOut("\(file)      the private key: keep it secret, keep a copy\n")
        try printOut("\(file).pub  the public key, ID \(key.id)\n")
      }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the ID and the public part of a private or public key.")
    @Argument(help: "The file of either key.")
    var file: String

    func run() throws {
      try reportingErrors {
        let key = try verifyingKey(file: file)
        try printOut("Ed25519 key \(key.id)\n\(key.pem)")
      }
    }
  }
}
