// SPDX-License-Identifier: GPL-3.0-or-later
internal import Report

/// What computing one row of an archive again gave.
public struct ReprocessedRow: Sendable {
  /// Something that is not what it was.
  public struct Difference: Encodable, Hashable, Sendable {
    /// A quantity, its expanded uncertainty as `U(HcJ)`, `verdict`, `result` or `error`.
    public let what: String
    /// What the archive says, with its unit.
    public let archived: String
    /// What it is now, with its unit.
    public let now: String

    init(_ what: String, _ archived: String, _ now: String) {
      self.what = what
      self.archived = archived
      self.now = now
    }
  }

  /// The outcomes.
  public enum Outcome: Hashable, Sendable {
    /// As archived.
    case same
    /// Another value or verdict.
    case different([Difference])
    /// Not computed, with one sentence that says why.
    case notComparable(String)
  }

  /// The path of the archive.
  public let archive: String
  /// The row, from 0.
  public let row: Int
  /// The specimen or the file.
  public let name: String
  /// What came out.
  public let outcome: Outcome

  /// For people, one line for each difference; nil when there is nothing to say.
  ///
  /// Without a line feed at its end.
  public var text: String? {
    let place = "row \(row), \(name)"
    switch outcome {
    case .same: return nil
    case .different(let differences):
      return differences.map { "\(place): \($0.what): \($0.archived) → \($0.now)" }.joined(separator: "\n")
    case .notComparable(let reason): return "\(place): not comparable: \(reason)"
    }
  }

  /// As one line of JSON.
  public var jsonLine: String {
    var object = ReprocessedObject(archive: archive, row: row, name: name)
    switch outcome {
    case .same: break
    case .different(let differences):
      object.result = "different"
      object.differences = differences
    case .notComparable(let reason):
      object.result = "not-comparable"
      object.reason = reason
    }
    return jsonText(object)
  }
}

private struct ReprocessedObject: Encodable {
  var schema = "magcert.reprocess/1"
  let archive: String
  let row: Int
  let name: String
  var result = "same"
  var differences: [ReprocessedRow.Difference]?
  var reason: String?
}
