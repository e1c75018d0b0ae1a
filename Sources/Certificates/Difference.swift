// SPDX-License-Identifier: GPL-3.0-or-later

/// The first place where two JSON values differ.
struct Difference {
  /// The place, such as `samples[3].quantities.HcJ.value`.
  let path: String
  /// What the first has there, as JSON; nil when it has nothing.
  let first: String?
  /// What the second has there, as JSON; nil when it has nothing.
  let second: String?

  private init(_ path: String, _ first: JSONValue?, _ second: JSONValue?) {
    self.path = path.isEmpty ? "the whole" : path
    self.first = first.map { String(decoding: $0.canonical, as: UTF8.self) }
    self.second = second.map { String(decoding: $0.canonical, as: UTF8.self) }
  }

  /// The first difference in the order of the first value; nil when there is none.
  init?(from first: JSONValue, to second: JSONValue, at path: String = "") {
    guard let found = Self.all(first, second, path).first else { return nil }
    self = found
  }

  /// Every place where two values differ.
  static func all(_ first: JSONValue, _ second: JSONValue, _ path: String) -> [Difference] {
    switch (first, second) {
    case (.object(let members), .object(let others)):
      let here = members.flatMap { member -> [Difference] in
        let place = path.isEmpty ? member.name : "\(path).\(member.name)"
        guard let other = second[member.name] else { return [Difference(place, member.value, nil)] }
        return all(member.value, other, place)
      }
      let there = others.filter { first[$0.name] == nil }.map {
        Difference(path.isEmpty ? $0.name : "\(path).\($0.name)", nil, $0.value)
      }
      return here + there
    case (.array(let elements), .array(let others)):
      let count = max(elements.count, others.count)
      return (0..<count).flatMap { index -> [Difference] in
        guard index < elements.count else { return [Difference("\(path)[\(index)]", nil, others[index])] }
        guard index < others.count else { return [Difference("\(path)[\(index)]", elements[index], nil)] }
        return all(elements[index], others[index], "\(path)[\(index)]")
      }
    default:
      return first.canonical == second.canonical ? [] : [Difference(path, first, second)]
    }
  }
}

extension CertifiedResult {
  /// Where a certified result differs from an archived record of the same specimen, in sentences.
  ///
  /// `path` is the result's own place, such as `samples[3]`.
  public func differences(fromArchived record: CertifiedResult, at path: String) -> [String] {
    Difference.all(JSONValue(encoding: self), JSONValue(encoding: record), path).map { difference in
      "\(difference.path): certificate \(difference.first ?? "nothing"), archive \(difference.second ?? "nothing")"
    }
  }
}
