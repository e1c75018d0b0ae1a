// SPDX-License-Identifier: GPL-3.0-or-later

/// A regular expression for one line, matched in a time that is bounded whatever the expression and the line are.
///
/// Knows characters, `.`, `[…]`, `\d`, `\s`, `\w` and their capitals, `( )`, `(?: )`, `|`, `?`, `*`, `+`, `{n,m}`, their
/// lazy forms, `^` and `$`, and `(?i)` at the start. All ways to match are followed side by side (R. Pike's method),
/// so that none is ever tried twice at one place.
struct LinePattern: Hashable, Sendable {
  /// What is wrong with an expression, in one sentence.
  struct Fault: Error, Hashable { let detail: String }

  /// Where an expression was found, in characters of the line.
  struct Match: Hashable {
    let whole: Range<Int>
    /// What the first group stands for; nil when it took no part.
    let group: Range<Int>?
  }

  enum Step: Hashable {
    case one(of: ScalarClass)
    /// Goes on at both, of which the first is preferred.
    case either(Int, Int)
    case jump(Int)
    case groupStart, groupEnd, lineStart, lineEnd, found
  }

  /// The expression as it was written.
  let text: String
  /// How many groups it has.
  let groupCount: Int
  /// How many steps it takes at most at one place.
  var size: Int { steps.count }
  private let steps: [Step]
  private let ignoresCase: Bool

  /// An expression from its text.
  init(_ text: String) throws(Fault) {
    self.text = text
    ignoresCase = text.hasPrefix("(?i)")
    var parser = LinePatternParser(ignoresCase ? String(text.dropFirst(4)) : text, ignoresCase)
    steps = try parser.steps()
    groupCount = parser.groupCount
  }

  private struct Thread {
    var step: Int
    var start: Int
    var groupStart = -1
    var groupEnd = -1
  }

  /// The first match in a line, the longest or shortest as the expression asks for; nil when there is none.
  func firstMatch(in line: [Unicode.Scalar]) -> Match? {
    var seen = [Int](repeating: -1, count: steps.count)
    var current: [Thread] = []
    var best: Match?
    for place in 0...line.count {
      var next: [Thread] = []
      if best == nil { current.append(Thread(step: 0, start: place)) }
      if current.isEmpty { break }
      var stack = Array(current.reversed())
      let scalar = place < line.count ? (ignoresCase ? line[place].lowered : line[place]) : nil
      follow: while var thread = stack.popLast() {
        guard seen[thread.step] != place else { continue }
        seen[thread.step] = place
        switch steps[thread.step] {
        case .one(let scalars):
          if let scalar, scalars.contains(scalar) {
            thread.step += 1
            next.append(thread)
          }
          continue
        case .either(let first, let second):
          var other = thread
          other.step = second
          stack.append(other)
          thread.step = first
        case .jump(let target): thread.step = target
        case .groupStart:
          thread.groupStart = place
          thread.step += 1
        case .groupEnd:
          thread.groupEnd = place
          thread.step += 1
        case .lineStart:
          guard place == 0 else { continue }
          thread.step += 1
        case .lineEnd:
          guard place == line.count else { continue }
          thread.step += 1
        case .found:
          let hasGroup = thread.groupStart >= 0 && thread.groupEnd >= thread.groupStart
          best = Match(
            whole: thread.start..<place, group: hasGroup ? thread.groupStart..<thread.groupEnd : nil)
          // The others are less preferred than this one.
          break follow
        }
        stack.append(thread)
      }
      current = next
    }
    return best
  }

  /// The text of the first group in a line and what follows it; nil when the expression does not fit or the group is
  /// empty.
  func group(in line: String) -> (text: String, behind: String)? {
    let scalars = Array(line.unicodeScalars)
    guard let range = firstMatch(in: scalars)?.group else { return nil }
    let text = String(String.UnicodeScalarView(scalars[range])).trimmed
    return text.isEmpty
      ? nil : (text, String(String.UnicodeScalarView(scalars[range.upperBound...])))
  }

  /// Whether the expression fits anywhere in a line.
  func fits(_ line: String) -> Bool { firstMatch(in: Array(line.unicodeScalars)) != nil }
}

/// Characters that one step of an expression accepts.
struct ScalarClass: Hashable {
  enum Kind: Hashable { case digit, blank, word }
  var ranges: [ClosedRange<UInt32>] = []
  var kinds: [Kind] = []
  var excludedKinds: [Kind] = []
  var isNegated = false

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isListed =
      ranges.contains { $0.contains(scalar.value) } || kinds.contains { $0.contains(scalar) }
      || excludedKinds.contains { !$0.contains(scalar) }
    return isListed != isNegated
  }
}

extension ScalarClass.Kind {
  fileprivate func contains(_ scalar: Unicode.Scalar) -> Bool {
    switch self {
    case .digit: ("0"..."9").contains(scalar)
    case .blank: scalar.properties.isWhitespace
    case .word: scalar == "_" || ("0"..."9").contains(scalar) || scalar.properties.isAlphabetic
    }
  }
}

extension Unicode.Scalar {
  /// The small letter of an ASCII capital; every other character itself.
  var lowered: Unicode.Scalar {
    ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(ascii: self) | 32) : self
  }
}
