// SPDX-License-Identifier: GPL-3.0-or-later

/// What Quantum Design's MultiVu says it wrote into its container.
enum MultiVuKind: Sendable {
  /// A measurement of a VSM, an MPMS3 or a SQUID VSM.
  case vsm
  case acms
  /// An MPMS or MPMS XL measurement.
  case mpms
  /// The raw scans of an MPMS or MPMS XL.
  case mpmsRawScan
  /// The raw scans of an MPMS3.
  case rawScan
  case log
  /// No line names the measurement, or the file ends before it.
  case unnamed

  /// How much of a file is looked at for the lines that name the measurement.
  private static let reach = 8192

  /// What the file says it holds; nil when it does not begin with `[Header]`.
  init?(_ file: Span<UInt8>) {
    let bytes = file.extracting(first: Self.reach)
    var scanner = LineScanner(bytes)
    var isOpen = false
    var named: MultiVuKind?
    lines: while let line = scanner.next(bytes) {
      let content = bytes.trimmed(line)
      guard !content.isEmpty else { continue }
      if !isOpen {
        guard MultiVuHeader.isMark("[Header]", content, bytes) else { return nil }
        isOpen = true
      } else if bytes[content.lowerBound] == Byte.semicolon {
        guard let kind = Self.named(inComment: bytes.text(content)) else { continue }
        named = kind
        break lines
      } else if bytes.starts(content, with: "BYAPP") {
        named = Self.named(byApplication: bytes.text(content))
      } else if MultiVuHeader.isMark("[Data]", content, bytes) {
        break lines
      }
    }
    guard isOpen else { return nil }
    self = named ?? .unnamed
  }

  private static func named(inComment text: String) -> MultiVuKind? {
    if text.contains("Raw Data File") { return .rawScan }
    if text.contains("ACMS") { return .acms }
    return text.contains("VSM Data File") || text.contains("MPMS3 Data File") ? .vsm : nil
  }

  private static func named(byApplication line: String) -> MultiVuKind? {
    let cells = line.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "\t" }.map {
      String($0).trimmed
    }
    guard cells.count > 1 else { return nil }
    if cells[1].hasPrefix("MPMS Measurement") {
      return cells.count > 3 && cells[3].hasPrefix("Raw") ? .mpmsRawScan : .mpms
    }
    if cells[1] == "LogData" { return .log }
    if cells[1].hasPrefix("ACMS") { return .acms }
    return ["VSM", "SQUID", "MPMS3"].contains { cells[1].hasPrefix($0) } ? .vsm : nil
  }

  /// The driver that reads or refuses it.
  var owner: String {
    switch self {
    case .vsm, .rawScan, .log, .unnamed: "quantum-design-vsm"
    case .acms: "quantum-design-acms"
    case .mpms, .mpmsRawScan: "quantum-design-mpms"
    }
  }

  /// What it is, behind “this is”.
  var title: String {
    switch self {
    case .vsm: "a VSM, MPMS3 or SQUID VSM file"
    case .acms: "an ACMS file"
    case .mpms: "an MPMS or MPMS XL file"
    case .mpmsRawScan: "a file of raw MPMS scans"
    case .rawScan: "a file of raw SQUID scans (DC Raw Data File)"
    case .log: "a MultiVu system log (LogData)"
    case .unnamed: "a MultiVu file that does not name its measurement"
    }
  }
}
