// SPDX-License-Identifier: GPL-3.0-or-later

/// Makes the steps of a `LinePattern` of its text.
struct LinePatternParser {
  /// Longer programs are refused, so that no expression takes long.
  private static let mostSteps = 1000
  private static let mostDepth = 20

  private indirect enum Node {
    case one(ScalarClass)
    case sequence([Node])
    case choice([Node])
    case group(Node)
    case repeated(Node, atLeast: Int, atMost: Int?, isLazy: Bool)
    case lineStart, lineEnd
  }

  private(set) var groupCount = 0
  private let scalars: [Unicode.Scalar]
  private let ignoresCase: Bool
  private var position = 0
  private var program: [LinePattern.Step] = []
  /// How many parts were compiled; of empty ones many make no step.
  private var compiled = 0

  init(_ text: String, _ ignoresCase: Bool) {
    scalars = Array(text.unicodeScalars)
    self.ignoresCase = ignoresCase
  }

  /// The steps; throws one sentence for what is not an expression.
  mutating func steps() throws(LinePattern.Fault) -> [LinePattern.Step] {
    guard scalars.count <= 500 else { throw fault("it is longer than 500 characters") }
    let node = try choice(depth: 0)
    guard position == scalars.count else { throw fault("a ) closes nothing") }
    try compile(node)
    try emit(.found)
    return program
  }

  private func fault(_ reason: String) -> LinePattern.Fault {
    LinePattern.Fault(detail: "\(reason) (at character \(min(position + 1, scalars.count)))")
  }

  private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == scalar else { return false }
    position += 1
    return true
  }

  // MARK: reading

  private mutating func choice(depth: Int) throws(LinePattern.Fault) -> Node {
    guard depth <= Self.mostDepth else { throw fault("its groups are nested too deeply") }
    var ways = [try sequence(depth)]
    while take("|") { ways.append(try sequence(depth)) }
    return ways.count == 1 ? ways[0] : .choice(ways)
  }

  private mutating func sequence(_ depth: Int) throws(LinePattern.Fault) -> Node {
    var parts: [Node] = []
    while let scalar = next, scalar != "|", scalar != ")" {
      let part = try atom(depth)
      parts.append(try repetition(of: part))
    }
    return .sequence(parts)
  }

  private mutating func atom(_ depth: Int) throws(LinePattern.Fault) -> Node {
    let scalar = scalars[position]
    position += 1
    switch scalar {
    case "^": return .lineStart
    case "$": return .lineEnd
    case ".": return .one(ScalarClass(isNegated: true))
    case "[": return .one(try bracket())
    case "\\": return .one(try escape())
    case "(":
      var isCapture = true
      if take("?") {
        guard take(":") else { throw fault("of the forms (? only (?: ) is known, and (?i) at the start") }
        isCapture = false
      }
      if isCapture { groupCount += 1 }
      let isFirst = isCapture && groupCount == 1
      let inner = try choice(depth: depth + 1)
      guard take(")") else { throw fault("a ( is not closed") }
      return isFirst ? .group(inner) : inner
    case "*", "+", "?", "{": throw fault("there is nothing to repeat before \(scalar)")
    default: return .one(single(scalar))
    }
  }

  private func single(_ scalar: Unicode.Scalar) -> ScalarClass {
    let value = (ignoresCase ? scalar.lowered : scalar).value
    return ScalarClass(ranges: [value...value])
  }

  private mutating func escape() throws(LinePattern.Fault) -> ScalarClass {
    guard let scalar = next else { throw fault("it ends with \\") }
    position += 1
    switch scalar {
    case "d": return ScalarClass(kinds: [.digit])
    case "s": return ScalarClass(kinds: [.blank])
    case "w": return ScalarClass(kinds: [.word])
    case "D": return ScalarClass(excludedKinds: [.digit])
    case "S": return ScalarClass(excludedKinds: [.blank])
    case "W": return ScalarClass(excludedKinds: [.word])
    case "t": return ScalarClass(ranges: [9...9])
    case _ where scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)):
      throw fault("\\\(scalar) is not known")
    default: return ScalarClass(ranges: [scalar.value...scalar.value])
    }
  }

  private mutating func bracket() throws(LinePattern.Fault) -> ScalarClass {
    var result = ScalarClass()
    result.isNegated = take("^")
    while let scalar = next, scalar != "]" {
      position += 1
      var part = scalar == "\\" ? try escape() : single(scalar)
      if let low = part.ranges.first?.lowerBound, next == "-", position + 1 < scalars.count,
        scalars[position + 1] != "]"
      {
        position += 1
        let last = scalars[position]
        position += 1
        let high = last == "\\" ? try escape() : single(last)
        guard let end = high.ranges.first?.lowerBound, end >= low else {
          throw fault("the range in [ ] runs backwards")
        }
        part.ranges = [low...end]
      }
      result.ranges += part.ranges
      result.kinds += part.kinds
      result.excludedKinds += part.excludedKinds
    }
    guard take("]") else { throw fault("a [ is not closed") }
    return result
  }

  private mutating func repetition(of node: Node) throws(LinePattern.Fault) -> Node {
    var bounds: (Int, Int?)?
    if take("*") {
      bounds = (0, nil)
    } else if take("+") {
      bounds = (1, nil)
    } else if take("?") {
      bounds = (0, 1)
    } else if take("{") {
      bounds = try counts()
    }
    guard let (least, most) = bounds else { return node }
    let isLazy = take("?")
    if let next, "*+?{".unicodeScalars.contains(next) { throw fault("two repetitions follow each other") }
    return .repeated(node, atLeast: least, atMost: most, isLazy: isLazy)
  }

  private mutating func counts() throws(LinePattern.Fault) -> (Int, Int?) {
    func limit(_ scalars: ArraySlice<Unicode.Scalar>) -> Int? {
      Int(String(String.UnicodeScalarView(scalars)))
    }
    guard let end = scalars[position...].firstIndex(of: "}") else { throw fault("a { is not closed") }
    let parts = scalars[position..<end].split(separator: ",", omittingEmptySubsequences: false)
    position = end + 1
    guard let least = parts.first.flatMap(limit), parts.count <= 2 else {
      throw fault("{ } holds no counts such as {2} or {1,3}")
    }
    let most: Int? = parts.count == 1 ? least : limit(parts[1])
    guard (0...100).contains(least), (least...100).contains(most ?? 100),
      parts.count == 1 || most != nil || parts[1].isEmpty
    else { throw fault("{ } holds no counts from 0 to 100 such as {2} or {1,3}") }
    return (least, most)
  }

  // MARK: making steps

  private mutating func emit(_ step: LinePattern.Step) throws(LinePattern.Fault) {
    guard program.count < Self.mostSteps else { throw LinePattern.Fault(detail: "it has too many parts") }
    program.append(step)
  }

  private mutating func compile(_ node: Node) throws(LinePattern.Fault) {
    compiled += 1
    guard compiled <= 10 * Self.mostSteps else { throw LinePattern.Fault(detail: "it has too many parts") }
    switch node {
    case .one(let scalars): try emit(.one(of: scalars))
    case .lineStart: try emit(.lineStart)
    case .lineEnd: try emit(.lineEnd)
    case .sequence(let parts): for part in parts { try compile(part) }
    case .group(let inner):
      try emit(.groupStart)
      try compile(inner)
      try emit(.groupEnd)
    case .choice(let ways):
      var exits: [Int] = []
      for way in ways.dropLast() {
        let fork = program.count
        try emit(.jump(0))
        try compile(way)
        exits.append(program.count)
        try emit(.jump(0))
        program[fork] = .either(fork + 1, program.count)
      }
      if let last = ways.last { try compile(last) }
      for exit in exits { program[exit] = .jump(program.count) }
    case .repeated(let inner, let least, let most, let isLazy):
      for _ in 0..<least { try compile(inner) }
      guard let most else { return try loop(inner, isLazy) }
      var forks: [Int] = []
      for _ in least..<most {
        forks.append(program.count)
        try emit(.jump(0))
        try compile(inner)
      }
      for fork in forks { program[fork] = Self.fork(fork + 1, program.count, isLazy) }
    }
  }

  private mutating func loop(_ inner: Node, _ isLazy: Bool) throws(LinePattern.Fault) {
    let fork = program.count
    try emit(.jump(0))
    try compile(inner)
    try emit(.jump(fork))
    program[fork] = Self.fork(fork + 1, program.count, isLazy)
  }

  private static func fork(_ inside: Int, _ behind: Int, _ isLazy: Bool) -> LinePattern.Step {
    isLazy ? .either(behind, inside) : .either(inside, behind)
  }
}
