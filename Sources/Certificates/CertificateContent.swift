// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification

/// Everything that a certificate says; what is on its paper is printed from here.
///
/// Every number is SI and has full precision; texts are as the user gave them. Absent is what is not known.
public struct CertificateContent: Codable, Hashable, Sendable {
  /// What kind of document it is.
  public var type = DocumentType.testReport
  /// The document's number; nil for one that has none.
  public var number: String?
  /// When it was issued, UTC, `YYYY-MM-DDThh:mm:ssZ`.
  public var issued: String
  /// The certificate that this one replaces.
  public var supersedes: Superseded?
  /// The language of the paper.
  public var language: Language
  /// The units of the paper.
  public var units: PaperUnits
  /// The program that made it, with its version.
  public var software: Software
  /// The parties, the order and the product.
  public var delivery: Delivery
  /// The name of the lot; nil when there is none.
  public var lot: Lot?
  /// What each specimen gave, in the order measured.
  public var samples: [CertifiedResult]
  /// The files that gave no result.
  public var failures: [CertifiedFailure]
  /// The decision rules that verdicts rest on, with the risk they leave; empty when nothing was judged.
  public var decisionRules: [StatedRule]
  /// The archive that holds raw data, corrections and results.
  public var archive: ArchiveReference?

  /// A document about some results.
  public init(
    issued: String, language: Language = .english, units: PaperUnits = .si, software: Software,
    delivery: Delivery = Delivery(), lot: Lot? = nil, samples: [CertifiedResult],
    failures: [CertifiedFailure] = []
  ) {
    self.issued = issued
    self.language = language
    self.units = units
    self.software = software
    self.delivery = delivery
    self.lot = lot
    self.samples = samples
    self.failures = failures
    decisionRules = []
  }
}

/// What kind of document it is.
public enum DocumentType: String, Codable, Hashable, Sendable, CaseIterable {
  /// An inspection certificate 3.1 (EN 10204:2004, 4.1).
  case inspectionCertificate = "inspection-certificate-3.1"
  /// A test report: what EN 10204 asks of a certificate is not stated.
  case testReport = "test-report"
}

/// A language of certificates; the raw value is its code of ISO 639-1.
public enum Language: String, Codable, Hashable, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"
  case german = "de"
}

/// The units in which the paper gives numbers.
public enum PaperUnits: String, Codable, Hashable, Sendable, CaseIterable {
  /// T, kA/m, kJ/m³.
  case si
  /// kG, kOe, MGOe.
  case cgs
}

/// A certificate that is replaced, and why.
public struct Superseded: Codable, Hashable, Sendable {
  /// Its number.
  public var number: String
  /// The SHA-256 of its content, 64 hexadecimal digits.
  public var contentSHA256: String
  /// Why it is replaced.
  public var reason: String

  /// A reference from its parts.
  public init(number: String, contentSHA256: String, reason: String) {
    self.number = number
    self.contentSHA256 = contentSHA256
    self.reason = reason
  }
}

/// A program with its version.
public struct Software: Codable, Hashable, Sendable {
  /// The name.
  public var name: String
  /// The version.
  public var version: String

  /// A program from its parts.
  public init(name: String, version: String) {
    self.name = name
    self.version = version
  }
}

/// A company, a laboratory or an authority.
public struct Party: Codable, Hashable, Sendable {
  /// The name.
  public var name: String
  /// Street and number.
  public var street: String?
  /// The postal code.
  public var postalCode: String?
  /// The town.
  public var city: String?
  /// The country, two letters of ISO 3166-1.
  public var country: String?
  /// An accreditation or registration, such as `D-K-12345-01-00`.
  public var accreditation: String?

  /// A party of which the name is known.
  public init(name: String) { self.name = name }

  /// The address on one line; nil when none is known.
  public var address: String? {
    let town = [postalCode, city].compactMap(\.self).joined(separator: " ")
    let parts = [street, town, country].compactMap(\.self).filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

/// Someone who answers for a document.
public struct Person: Codable, Hashable, Sendable {
  /// The name.
  public var name: String
  /// The position, such as `head of quality`.
  public var position: String?

  /// A person from their parts.
  public init(name: String, position: String? = nil) {
    self.name = name
    self.position = position
  }
}

/// A purchase order.
public struct Order: Codable, Hashable, Sendable {
  /// Its number.
  public var number: String
  /// The item of the order.
  public var item: String?
  /// Its date, `YYYY-MM-DD`.
  public var date: String?

  /// An order of which the number is known.
  public init(number: String) { self.number = number }
}

/// What was ordered and delivered.
public struct Product: Codable, Hashable, Sendable {
  /// What it is, such as `sintered NdFeB magnet, N42SH`.
  public var description: String
  /// The specification or standard it was ordered to.
  public var specification: String?
  /// The drawing.
  public var drawing: String?
  /// The dimensions as ordered.
  public var dimensions: String?
  /// How many or how much was delivered.
  public var quantity: String?
  /// The heat, melt or powder batch.
  public var batch: String?
  /// The state of delivery, such as `unmagnetised, NiCuNi coated`.
  public var condition: String?
  /// The delivery note.
  public var deliveryNote: String?

  /// A product of which the description is known.
  public init(description: String) { self.description = description }
}

/// Days from the first to the last, each `YYYY-MM-DD`.
public struct Period: Codable, Hashable, Sendable {
  /// The first day.
  public var begin: String
  /// The last day.
  public var end: String

  /// Days from their ends.
  public init(from begin: String, to end: String) {
    self.begin = begin
    self.end = end
  }
}

/// The parties, the order and the product of a delivery: what EN 10204 and ISO/IEC 17025, 7.8.2 ask to be named.
public struct Delivery: Codable, Hashable, Sendable {
  /// Who measured.
  public var laboratory: Party?
  /// Who made the product.
  public var manufacturer: Party?
  /// For whom.
  public var customer: Party?
  /// The order.
  public var order: Order?
  /// The product.
  public var product: Product?
  /// Who ran the measurement.
  public var operatorName: String?
  /// When it was measured, where the files do not say it.
  public var performed: Period?
  /// The manufacturer's authorised inspection representative, independent of manufacturing (EN 10204:2004, 4.1).
  public var inspectionRepresentative: Person?

  /// A delivery of which nothing is known.
  public init() {}

  /// Whether everything is stated that an inspection certificate 3.1 needs (EN 10204:2004, 4.1 and 5).
  public var allowsInspectionCertificate: Bool {
    manufacturer != nil && order != nil && product != nil && inspectionRepresentative != nil
  }
}

/// A lot with what its samples amount to.
public struct Lot: Codable, Hashable, Sendable {
  /// The lot's name; nil for files that were measured together.
  public var name: String?
  /// How many samples have each result; the keys are the words of verdicts, `unjudged` and `failed`.
  public var counts: [String: Int]
  /// The worst result of any sample; nil when none was judged.
  public var worst: Conformity?
  /// The decision on the lot as a whole; nil when none was made.
  public var acceptance: Acceptance?

  /// A lot from its parts.
  public init(name: String?, counts: [String: Int], worst: Conformity?) {
    self.name = name
    self.counts = counts
    self.worst = worst
  }
}

/// The decision on a lot by a sampling plan or by statistics.
public struct Acceptance: Codable, Hashable, Sendable {
  /// A figure that the decision rests on.
  public struct Statistic: Codable, Hashable, Sendable {
    /// Its name, such as `Ppk of HcJ`.
    public var name: String
    /// The figure, without unit.
    public var value: Double
    /// The lower end of its confidence interval.
    public var lower: Double?
    /// The upper end of its confidence interval.
    public var upper: Double?

    /// A figure from its parts.
    public init(name: String, value: Double, lower: Double? = nil, upper: Double? = nil) {
      self.name = name
      self.value = value
      self.lower = lower
      self.upper = upper
    }
  }

  /// The id of the method.
  public var method: String
  /// The plan in words.
  public var plan: String
  /// Whether the lot is accepted; nil when the measurements do not decide it.
  public var isAccepted: Bool?
  /// The decision in one sentence.
  public var sentence: String
  /// The figures.
  public var statistics: [Statistic]

  /// A decision from its parts.
  public init(method: String, plan: String, isAccepted: Bool?, sentence: String, statistics: [Statistic]) {
    self.method = method
    self.plan = plan
    self.isAccepted = isAccepted
    self.sentence = sentence
    self.statistics = statistics
  }
}

/// A decision rule with the risk it leaves, as ISO/IEC 17025:2017, 7.8.6 asks to be stated.
public struct StatedRule: Codable, Hashable, Sendable {
  /// The rule's id.
  public var id: String
  /// The guard band as a multiple of U.
  public var guardBand: Double
  /// The largest risk of accepting a value at the edge of acceptance, for k = 2 (JCGM 106:2012, 8.3.2).
  public var largestSpecificRisk: Double
  /// The rule and its risk in sentences, in the document's language.
  public var statement: String

  /// A rule from its parts.
  public init(id: String, guardBand: Double, largestSpecificRisk: Double, statement: String) {
    self.id = id
    self.guardBand = guardBand
    self.largestSpecificRisk = largestSpecificRisk
    self.statement = statement
  }
}

/// An archive as it was when the certificate was issued.
public struct ArchiveReference: Codable, Hashable, Sendable {
  /// The name of its file.
  public var name: String
  /// The SHA-256 of the file, 64 hexadecimal digits.
  public var sha256: String
  /// The digest of its last row, to which all rows are chained, 64 hexadecimal digits.
  public var chainSHA256: String

  /// A reference from its parts.
  public init(name: String, sha256: String, chainSHA256: String) {
    self.name = name
    self.sha256 = sha256
    self.chainSHA256 = chainSHA256
  }
}
