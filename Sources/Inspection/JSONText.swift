// SPDX-License-Identifier: GPL-3.0-or-later
internal import FoundationEssentials

/// A value as one line of JSON with sorted keys; traps on a number that is not finite.
func jsonText(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do { return String(decoding: try encoder.encode(value), as: UTF8.self) } catch {
    preconditionFailure("a value that JSON cannot hold: \(error)")
  }
}
