// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation
internal import Instruments
internal import Measurements

/// Blows every sample up to some megabytes in ways that cost memory, and prints what reading it takes at most, as a
/// multiple of the file; ends with 1 when that is more than 20.
@main
enum ParsingMemory {
  /// Small enough to be quick, and larger than what a process gains with its first reading of anything.
  private static let size = 4 << 20
  private static let limit = 20.0

  /// Without arguments everything is measured, each reading in a process of its own, so that none finds memory that
  /// another has left free.
  static func main() throws {
    let words = CommandLine.arguments
    if words.count == 3, let kind = Int(words[2]) {
      print(try growth(reading: words[1], kind: kind))
      return
    }
    var isExceeded = false
    for path in try samples() {
      for kind in kinds.indices {
        let answer = try answer(of: [path, "\(kind)"])
        guard let ratio = Double(answer.split(separator: "\n").first ?? "") else {
          throw CocoaError(.fileReadUnknown, userInfo: [NSFilePathErrorKey: "\(path), \(kinds[kind])"])
        }
        isExceeded = isExceeded || ratio > limit
        print("\(path), \(kinds[kind]): \((ratio * 10).rounded() / 10)\(ratio > limit ? ", too much" : "")")
      }
    }
    exit(isExceeded ? 1 : 0)
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../SampleData")

  /// What this program prints when it is called with these arguments.
  private static func answer(of arguments: [String]) throws -> String {
    let child = Process()
    let output = Pipe()
    child.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = arguments
    child.standardOutput = output
    try child.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    child.waitUntilExit()
    return text
  }

  /// The files of SampleData, one of every lot.
  private static func samples() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: root.path).sorted().filter { path in
      let url = root.appending(path: path)
      let isFile = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
      return isFile && (!path.contains("/lot/") || path.hasSuffix("01.dat"))
    }
  }

  /// How much larger the process becomes, in sizes of the file.
  private static func growth(reading path: String, kind: Int) throws -> Double {
    let sample = Array(try Data(contentsOf: root.appending(path: path)))
    // The surest driver; a refused sample has one as well.
    let claims = recognise(SourceFile(name: path, bytes: sample))
    guard let driver = claims.first(where: { $0.claim.recognition > .no })?.instrument else { return 0 }
    let file = SourceFile(name: path, bytes: inflated(sample, kind: kind))
    // 5 sets the high-water mark back to what is in use.
    try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    let before = try highWater()
    _ = driver.recognize(file)
    _ = try? driver.read(file, ReadingOptions())
    return Double(try highWater() - before) / Double(file.bytes.count)
  }

  /// The largest resident size so far, in bytes.
  private static func highWater() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) * 1024
  }

  private static let kinds = [
    "rows", "short rows", "whole files", "first lines", "header entries", "empty lines", "a line of cells",
    "a first line of cells",
  ]

  /// The sample blown up in one of the kinds.
  private static func inflated(_ sample: [UInt8], kind: Int) -> [UInt8] {
    let lines = sample.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) + [10] }
    // The upper half of a file has its header, and the lower half rows.
    let half = lines.count / 2
    let head = Array(lines.prefix(half).joined())
    let row = lines[min(half, lines.count - 1)]
    let delimiter = [9, 59, 44].first(where: row.contains) ?? 32
    let short = [UInt8]("1".utf8) + [UInt8](row.filter { $0 == delimiter }.flatMap { [$0, 49] }) + [10]
    func filled(_ start: [UInt8], _ more: [UInt8]) -> [UInt8] {
      var bytes = start
      while bytes.count < size { bytes += more }
      return bytes
    }
    let first = lines.first ?? []
    switch kind {
    case 0: return filled(head, Array(lines.dropFirst(half).joined()) + [10])
    case 1: return filled(head, short)
    case 2: return filled([], sample + [10])
    case 3: return filled([], Array(lines.prefix(2).joined()))
    case 4: return filled(first, Array("a: b\n".utf8))
    case 5: return filled(head, [10])
    case 6: return filled(head, [49, delimiter])
    default: return filled(first.dropLast(), [delimiter, 49])
    }
  }
}
