// SPDX-License-Identifier: GPL-3.0-or-later
public import ArgumentParser
public import Certificates
internal import Inspection
public import Report

extension PaperSize: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}

struct CertificateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certificate", abstract: "Prints what certificates are made by.",
    subcommands: [Schema.self, Laboratory.self])

  struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints the JSON Schema (2020-12) of certificates.")

    func run() throws { try reportingErrors { try printOut(certificateSchema()) } }
  }

  struct Laboratory: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Prints a laboratory's file to start from, with every key explained.")

    func run() throws { try reportingErrors { try printOut(LaboratoryFile.template()) } }
  }
}

/// What certificates are issued with.
struct CertificateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Issue a certificate: PDF here, JSON and XML beside it; never overwritten.",
      discussion: """
        An inspection certificate 3.1 (EN 10204) when it has a number and --laboratory names manufacturer, order, \
        product and inspection representative; else a test report. The XML is a digital calibration certificate and is \
        written when laboratory, customer and operator are named.
        """, valueName: "file.pdf"))
  var certificate: String?
  @Option(
    help: ArgumentHelp(
      "What the laboratory states on all certificates, as TOML; magcert certificate laboratory prints one.",
      valueName: "file.toml"))
  var laboratory: String?
  @Option(help: "The certificate's number; by default the next one of the register.")
  var certificateNumber: String?
  @Option(
    help: ArgumentHelp("The register, which gives each number once.", valueName: "folder"))
  var register: String?
  @Option(help: "The number of the certificate that this one replaces; needs --reason and a register.")
  var supersedes: String?
  @Option(help: "Why it is replaced.")
  var reason: String?
  @Option(help: ArgumentHelp("The private key to sign with, made by magcert key new.", valueName: "file"))
  var key: String?
  @Option(help: "The certificate's language: en, zh or de.")
  var lang: Language?
  @Option(help: "The certificate's paper: a4 or letter.")
  var paper: PaperSize?

  /// The request; nil when no certificate is asked for.
  ///
  /// What the command line says comes before the laboratory's file.
  func request() throws -> CertificateRequest? {
    guard let certificate else {
      let others = [
        laboratory, certificateNumber, register, supersedes, reason, key, lang?.rawValue, paper?.rawValue,
      ]
      guard others.allSatisfy({ $0 == nil }) else {
        throw ValidationError(
          "--laboratory, --certificate-number, --register, --supersedes, --reason, --key, --lang and --paper need "
            + "--certificate")
      }
      return nil
    }
    var request = CertificateRequest(path: certificate)
    try asUsage {
      if let laboratory { request.laboratory = try LaboratoryFile(file: laboratory) }
      request.laboratory.register = register ?? request.laboratory.register
      request.laboratory.key = key ?? request.laboratory.key
      request.laboratory.language = lang ?? request.laboratory.language
      request.laboratory.paper = paper ?? request.laboratory.paper
      request.number = certificateNumber
      request.supersedes = supersedes
      request.reason = reason
    }
    return request
  }
}
