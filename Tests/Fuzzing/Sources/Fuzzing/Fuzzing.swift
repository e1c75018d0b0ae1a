// SPDX-License-Identifier: GPL-3.0-or-later
internal import Glibc

/// Feeds one parser with mutated bytes until it traps, hangs or answers unsoundly.
///
/// `Fuzzing` lists the parsers; `Fuzzing PARSER …` hands the rest of the arguments to libFuzzer.
@main
enum Fuzzing {
  static func main() {
    guard let name = CommandLine.arguments.dropFirst().first, let parser = allParsers[name] else {
      for name in allParsers.keys.sorted() { print(name) }
      exit(CommandLine.arguments.count > 1 ? 1 : 0)
    }
    chosen = parser
    // What libFuzzer sees as its own name is the parser's.
    var count = CommandLine.argc - 1
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv + 1
    let status = runDriver(&count, &arguments) { start, count in
      chosen(Array(UnsafeBufferPointer(start: start, count: count)))
      return 0
    }
    exit(status)
  }
}

/// The parser under test, which a C function cannot capture; written once, before the first run.
nonisolated(unsafe) private var chosen: Parser = { _ in }

/// libFuzzer's own main function, for programs that have another.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
