// SPDX-License-Identifier: GPL-3.0-or-later
import Certificates
import Certification
import Foundation
import TestSupport
import Testing

/// A line of `magcert.result/1` and a certificate about it.
enum Example {
  static let record = #"""
    {"schema":"magcert.result/1","source":{"path":"lot/a 7.dat","sha256":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","bytes":9,
    "instrument":"quantum-design-vsm","measured":"2026-02-12T15:36:00"},
    "sample":{"id":"7A/µ-12","lot":"L7","mass":{"value":5.486e-05,"unit":"kg","origin":"header"},
    "shape":"cuboid","size":{"values":[0.00198,0.00199,0.0027],"unit":"m","origin":"user"}},
    "conditions":{"temperature":{"value":296.15,"unit":"K","origin":"header"},"circuit":"open",
    "circuitOrigin":"user","demagnetisingFactor":0.26825772828,"field":"internal",
    "maximumField":{"value":11000000,"unit":"A/m"}},"budgetName":"default open circuit",
    "quantities":{"Br":{"value":1.31237,"unit":"T","standardUncertainty":0.008,"expandedUncertainty":0.016,
    "coverageFactor":2,"coverageProbability":0.9545,"degreesOfFreedom":112,"method":"local-polynomial"},
    "HcJ":{"value":1600000,"unit":"A/m","standardUncertainty":8000,"expandedUncertainty":16000,
    "coverageFactor":2,"coverageProbability":0.9545,"method":"ladder","alternative":{"value":1,"method":"m"}}},
    "absent":[{"quantity":"Hk","reason":"incomplete-hk","lowerBound":1500000,"unit":"A/m"}],
    "corrections":[{"id":"self-demagnetisation","parameters":{"factor":{"value":0.268,"unit":"1"}}}],
    "flags":[{"code":"default-budget","message":"The uncertainty rests on a default budget."}],"notes":[],
    "verdict":{"grade":"N42SH","table":"consensus-ndfeb","edition":"1","confidence":"consensus","rule":"ilac-g8",
    "guardBand":1,"result":"conditional-pass","reasons":[],"characteristics":[{"quantity":"HcJ","side":"min",
    "limit":1592000,"unit":"A/m","value":1600000,"expandedUncertainty":16000,
    "probabilityOfConformity":0.8413447460685429,"result":"conditional-pass"}],
    "notLimited":["Hk"]}}
    """#

  static func content() throws -> CertificateContent {
    var content = CertificateContent(
      issued: "2026-02-13T09:00:00Z", software: Software(name: "magcert", version: "0.1.0"),
      samples: [try CertifiedResult(record: record)])
    content.number = "MC-2026-0017"
    content.delivery.laboratory = Party(name: "Magnet Laboratory")
    content.archive = ArchiveReference(
      name: "L7.h5", sha256: String(repeating: "ab", count: 32),
      chainSHA256: String(repeating: "cd", count: 32))
    return content
  }

  /// The key of RFC 8032, 7.1, test 1, in PEM.
  static func key() throws -> SigningKey {
    let header: [UInt8] = [
      0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    let bytes = header + bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    return try SigningKey(
      pem: "-----BEGIN PRIVATE KEY-----\n\(Data(bytes).base64EncodedString())\n-----END PRIVATE KEY-----\n")
  }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  static func signed() throws -> Certificate {
    try Certificate(content(), documents: [.init(name: "L7.pdf", bytes: [1, 2, 3])], key: key())
  }

  /// Whether some bytes pass every check of a certificate in itself, and the key is the expected one.
  static func verifies(_ bytes: [UInt8], _ key: VerifyingKey) -> Bool {
    guard let read = try? ReadCertificate(reading: bytes) else { return false }
    return read.faults.isEmpty && read.certificate.signature != nil
      && read.signatureFault(trusting: key) == nil
  }
}

struct CertificateTests {
  @Test func whatTheSchemaForbidsIsNamed() throws {
    let changes: [(String, (inout CertificateContent) -> Void)] = [
      (
        "content.samples[0].quantities.Br.standardUncertainty",
        { $0.samples[0].quantities["Br"]?.standardUncertainty = -1 }
      ),
      (
        "content.samples[0].quantities.Nonsense",
        { $0.samples[0].quantities["Nonsense"] = $0.samples[0].quantities["Br"] }
      ),
      ("content.issued", { $0.issued = "yesterday" }),
      ("content.number", { $0.number = "" }),
      ("content.samples[0].source.sha256", { $0.samples[0].source.sha256 = "0123" }),
    ]
    for (place, change) in changes {
      var content = try Example.content()
      change(&content)
      let faults = try ReadCertificate(
        reading: Certificate(content, documents: [], key: Example.key()).fileBytes
      ).faults
      #expect(faults.count == 1, "\(place): \(faults)")
      #expect(faults.first?.check == .schema)
      #expect(faults.first?.description.hasPrefix(place) == true, "\(place): \(faults)")
    }
  }

  @Test func aCertificateIsReadAsItWasWritten() throws {
    let certificate = try Example.signed()
    let read = try ReadCertificate(reading: certificate.fileBytes)
    #expect(read.faults.isEmpty, "\(read.faults)")
    #expect(read.signatureFault() == nil)
    #expect(read.certificate.content == certificate.content)
    #expect(read.certificate.documents == certificate.documents)
    #expect(read.certificate.contentSHA256 == Certificate.digest(of: certificate.content))
    let sample = try #require(read.certificate.content.samples.first)
    #expect(sample.quantities["HcJ"]?.value == 1_600_000)
    #expect(sample.verdict?.result == .conditionalPass)
    #expect(sample.name == "7A/µ-12")
  }

  // RFC 8032, 7.1, test 1.
  @Test func keysAreThoseOfTheStandard() throws {
    let key = try Example.key()
    let publicBytes = Example.bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    #expect(key.verifyingKey.base64 == Data(publicBytes).base64EncodedString())
    let signature = Data(
      Example.bytes(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
      )
    ).base64EncodedString()
    #expect(key.verifyingKey.isValid(signature, for: []))
    #expect(!key.verifyingKey.isValid(signature, for: [0]))
    #expect(key.verifyingKey.isValid(try key.signature(for: [1, 2]), for: [1, 2]))
    #expect(try VerifyingKey(pem: key.verifyingKey.pem) == key.verifyingKey)
    #expect(try SigningKey(pem: key.pem).verifyingKey == key.verifyingKey)
    #expect(SigningKey().verifyingKey != SigningKey().verifyingKey)
  }

  @Test(arguments: ["", "key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
  func whatIsNoKeyIsRefused(text: String) {
    #expect(throws: CertificateError.self) { try SigningKey(pem: text) }
    #expect(throws: CertificateError.self) { try VerifyingKey(pem: text) }
  }

  // Every digit, and a seeded choice of other bytes, changed in every certificate byte by byte.
  @Test func noChangedByteVerifies() throws {
    let original = try Example.signed().fileBytes
    let key = try Example.key().verifyingKey
    #expect(Example.verifies(original, key))
    let draws = SeededNumbers.uniform(original.count * 2, seed: 5)
    for (place, byte) in original.enumerated() {
      var changed = original
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        changed[place] = byte == UInt8(ascii: "9") ? UInt8(ascii: "0") : byte + 1
      } else {
        guard draws[2 * place] < 0.3 else { continue }
        changed[place] = byte ^ UInt8(1 + Int(draws[2 * place + 1] * 254))
      }
      #expect(!Example.verifies(changed, key), "byte \(place)")
    }
  }

  @Test func noTruncatedFileVerifies() throws {
    let original = try Example.signed().fileBytes
    let key = try Example.key().verifyingKey
    for length in Array(stride(from: 0, to: original.count, by: 41)) + [original.count - 1] {
      #expect(!Example.verifies(Array(original.prefix(length)), key), "\(length) bytes")
    }
  }

  @Test func aChangedDigitIsToldByTheContentHash() throws {
    let text = String(decoding: try Example.signed().fileBytes, as: UTF8.self)
    let changed = text.replacing("\"value\":1600000}", with: "\"value\":1700000}")
    let read = try ReadCertificate(reading: Array(changed.utf8))
    #expect(read.faults.map(\.check) == [.content])
    #expect(read.signatureFault()?.check == .signature)
  }

  // A certificate may not hold what its schema does not know, also when all digests are right.
  @Test func whatTheSchemaDoesNotKnowIsNamed() throws {
    let text = String(decoding: try Example.signed().fileBytes, as: UTF8.self)
    let more = text.replacing("\"issued\":", with: "\"extra\":1,\"issued\":")
    #expect(
      try ReadCertificate(reading: Array(more.utf8)).faults.contains {
        $0.check == .schema && $0.description.contains("content.extra")
      })
    for (old, new, place) in [
      ("\"unit\":\"T\"", "\"unit\":\"Tesla\"", "content.samples[0].quantities.Br.unit"),
      ("\"issued\":\"", "\"lssued\":\"", "content.issued"),
      ("\"language\":\"en\"", "\"language\":\"fr\"", "language"),
      ("magcert.certificate/1", "magcert.certificate/2", "magcert.certificate/2"),
    ] {
      let error = #expect(throws: CertificateError.self) {
        try ReadCertificate(reading: Array(text.replacing(old, with: new).utf8))
      }
      #expect(error?.description.contains(place) == true, "\(String(describing: error))")
    }
  }

  @Test func anotherKeyIsNamed() throws {
    let other = SigningKey()
    let read = try ReadCertificate(reading: Example.signed().fileBytes)
    let fault = try #require(read.signatureFault(trusting: other.verifyingKey))
    #expect(fault.description.contains(other.verifyingKey.id))
    #expect(fault.description.contains(try Example.key().verifyingKey.id))
    let unsigned = try ReadCertificate(
      reading: Certificate(Example.content(), documents: []).fileBytes)
    #expect(unsigned.signatureFault() == nil)
    #expect(unsigned.signatureFault(trusting: other.verifyingKey) != nil)
  }

  @Test func anArchivedRecordIsComparedPlaceByPlace() throws {
    let certified = try CertifiedResult(record: Example.record)
    #expect(certified.differences(fromArchived: certified, at: "samples[3]").isEmpty)
    let archived = try CertifiedResult(
      record: Example.record.replacing("\"HcJ\":{\"value\":1600000", with: "\"HcJ\":{\"value\":1592000"))
    #expect(
      certified.differences(fromArchived: archived, at: "samples[3]")
        == ["samples[3].quantities.HcJ.value: certificate 1600000, archive 1592000"])
  }
}
