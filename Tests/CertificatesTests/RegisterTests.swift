// SPDX-License-Identifier: GPL-3.0-or-later
import Certificates
import Testing

private let time = "2026-02-13T09:00:00Z"
private let digest = String(repeating: "ab", count: 32)

/// A register in which 1 was issued, replaced by 2, and 3 was reserved and never issued.
private func example() throws -> (register: Register, bytes: [UInt8]) {
  var register = try Register(reading: [])
  var bytes = register.append(.init(.reserved, number: "1", time: time))
  bytes += register.append(.init(.issued, number: "1", time: time, contentSHA256: digest))
  bytes += register.append(.init(.reserved, number: "2", time: time))
  let replaced = try register.supersession(of: "1", because: "a misprint")
  bytes += register.append(
    .init(.issued, number: "2", time: time, contentSHA256: digest, supersedes: replaced))
  bytes += register.append(.init(.reserved, number: "3", time: time))
  return (register, bytes)
}

struct RegisterTests {
  @Test func aRegisterIsReadAsItWasWritten() throws {
    let (register, bytes) = try example()
    let read = try Register(reading: bytes)
    #expect(read.entries == register.entries)
    #expect(read.issued("1")?.contentSHA256 == digest)
    #expect(read.replacement(of: "1")?.number == "2")
    #expect(read.replacement(of: "2") == nil)
  }

  // A number that was only reserved is as taken as one that was issued: the run may have been stopped.
  @Test(arguments: ["1", "2", "3"]) func noNumberIsUsedTwice(number: String) throws {
    let register = try example().register
    let error = #expect(throws: CertificateError.self) { try register.checkIsFree(number) }
    #expect(error?.code == .numberTaken)
    try register.checkIsFree("4")
  }

  @Test func numbersCountOn() throws {
    let (register, _) = try example()
    #expect(try register.nextNumber("MC-{year}-{sequence}", year: "2026") == "MC-2026-0004")
    #expect(try register.nextNumber("{sequence}", year: "2026") == "0004")
    #expect(throws: CertificateError.self) { try register.nextNumber("MC", year: "2026") }
    var other = try Register(reading: [])
    _ = other.append(.init(.reserved, number: "N0002", time: time))
    #expect(try other.nextNumber("N{sequence}", year: "2026") == "N0003")
  }

  @Test func aCertificateIsReplacedOnce() throws {
    let (register, _) = try example()
    for number in ["1", "3", "9"] {
      let error = #expect(throws: CertificateError.self) {
        try register.supersession(of: number, because: "again")
      }
      #expect(error?.code == .supersession)
    }
    #expect(try register.supersession(of: "2", because: "again").contentSHA256 == digest)
  }

  // Any byte changed, and any line left out but the last.
  @Test func aChangedRegisterIsRefused() throws {
    let bytes = try example().bytes
    for place in bytes.indices.dropLast() {
      var changed = bytes
      changed[place] ^= 1
      // The last line is covered by the next one only; its form and its link still are.
      let last = bytes[..<(bytes.count - 1)].lastIndex(of: UInt8(ascii: "\n")) ?? 0
      if place > last { continue }
      #expect(throws: CertificateError.self, "byte \(place)") { try Register(reading: changed) }
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    for left in lines.indices.dropLast() {
      var rest: [UInt8] = []
      for (place, line) in lines.enumerated() where place != left { rest += Array(line) + [10] }
      #expect(throws: CertificateError.self) { try Register(reading: rest) }
    }
    #expect(throws: CertificateError.self) { try Register(reading: Array(bytes.dropLast(5))) }
  }
}
