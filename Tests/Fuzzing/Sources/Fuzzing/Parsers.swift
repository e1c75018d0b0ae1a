// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities

/// Takes any bytes; a trap is the only answer that counts.
typealias Parser = @Sendable ([UInt8]) -> Void

/// Every driver by its id, and what reads profiles and text by profiles.
let allParsers: [String: Parser] = {
  var parsers: [String: Parser] = [
    "profile-proposal": proposeProfile, "profile-text": readProfile, "profile-rows": readByProfile,
  ]
  for driver in allInstruments { parsers[driver.id] = { read($0, with: driver) } }
  return parsers
}()

/// A profile from TOML text, and what it then makes of its own text.
@Sendable private func readProfile(_ bytes: [UInt8]) {
  do throws(TextProfileError) {
    read(bytes, with: try TextProfile(text: String(decoding: bytes, as: UTF8.self)).instrument)
  } catch {
    precondition(error.detail.utf8.count >= 10, "an error without a sentence")
  }
}

/// A profile proposed for some file, which has to be one that can be read again.
@Sendable private func proposeProfile(_ bytes: [UInt8]) {
  do throws(ReadError) {
    let proposal = try ProfileProposal(for: SourceFile(name: "fuzz", bytes: bytes))
    precondition(!proposal.text.isEmpty, "a proposal without a text")
  } catch {
    precondition(error.detail.utf8.count >= 10, "an error without a sentence")
  }
}

/// A file by a shipped profile that its length chooses.
@Sendable private func readByProfile(_ bytes: [UInt8]) {
  read(bytes, with: profiled[bytes.count % profiled.count])
}

private let profiled = TextProfile.shippedIDs.compactMap { try? TextProfile.shipped($0).instrument }

/// Recognises and reads, and states what the driver asks for until it asks for nothing new.
private func read(_ bytes: [UInt8], with driver: Instrument) {
  let file = SourceFile(name: "fuzz", bytes: bytes)
  precondition(!driver.recognize(file).reason.isEmpty, "a claim without a reason")
  var options = ReadingOptions()
  // A unit for each of two columns and a block are the most that a driver asks for one after the other.
  for _ in 0..<4 {
    do throws(ReadError) {
      requireSoundness(of: try driver.read(file, options))
      return
    } catch {
      precondition(error.detail.utf8.count >= 10, "an error without a sentence")
      guard let more = options.answering(error) else { return }
      options = more
    }
  }
}

/// Traps when a record holds what no caller could use.
private func requireSoundness(of record: InstrumentRecord) {
  switch record {
  case .loop(let loop):
    precondition(loop.count > 0, "a loop without rows")
    precondition(loop.lines.count == loop.count, "lines do not match the rows")
    precondition(loop.field.amperesPerMetre.allSatisfy(\.isFinite), "a field that is not finite")
    precondition(loop.response.si.allSatisfy(\.isFinite), "a response that is not finite")
    precondition(loop.time?.si.allSatisfy(\.isFinite) ?? true, "a time that is not finite")
    precondition(loop.temperature?.si.allSatisfy(\.isFinite) ?? true, "a temperature that is not finite")
    if let processed = loop.processed {
      precondition(processed.field.amperesPerMetre.count == loop.count, "processed fields of another count")
      precondition(processed.response.si.count == loop.count, "processed responses of another count")
    }
    for result in loop.instrumentResults {
      precondition(result.si.isFinite && result.rounding >= 0, "an instrument's result that is no number")
    }
  case .waveform(let waveform):
    precondition(!waveform.channels.isEmpty, "no channel")
    for channel in waveform.channels {
      precondition(channel.signal.si.allSatisfy(\.isFinite), "a sample that is not finite")
    }
  }
}

extension ReadingOptions {
  /// What a user who obeys the error states next; nil when it asks for nothing or for what is stated already.
  fileprivate func answering(_ error: ReadError) -> ReadingOptions? {
    var more = self
    switch error.code {
    case .unit:
      // The sentence ends in an example of what to state, such as `--unit "Moment=emu"`.
      guard let column = error.column, let example = error.detail.split(separator: "=").last,
        let unit = UnitOfMeasure(word: String(example.prefix { $0 != "\"" }))
      else { return nil }
      more.columnUnits[column] = unit
    case .block:
      // The names stand in quotation marks.
      guard block == nil, let name = error.detail.split(separator: "“").dropFirst().first else { return nil }
      more.block = String(name.prefix { $0 != "”" })
    default: return nil
    }
    return more == self ? nil : more
  }
}
