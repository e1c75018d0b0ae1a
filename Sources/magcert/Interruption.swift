// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Dispatch
internal import Foundation
internal import Synchronization

/// Whether the user asked the run to end; the second time the process ends at once.
struct Interruption {
  private final class Question: Sendable {
    /// The signal that asked; 0 for none.
    let signal = Atomic<Int32>(0)
    let closes = Atomic(false)
  }

  private let question = Question()
  private let sources: [any DispatchSourceSignal]

  /// Listens from now on; with `closing` also to SIGUSR1, which asks for another end than SIGINT and SIGTERM.
  init(closing: Bool = false) {
    sources = ([SIGINT, SIGTERM] + (closing ? [SIGUSR1] : [])).map { number in
      _ = signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for (source, number) in zip(sources, [SIGINT, SIGTERM, SIGUSR1]) {
      source.setEventHandler { [question] in
        if number == SIGUSR1 { return question.closes.store(true, ordering: .relaxed) }
        // Without the cleaning up of HDF5, which another thread may be in the middle of.
        if question.signal.exchange(number, ordering: .relaxed) != 0 { _exit(2) }
        printError("\nfinishing the files in work; once more to give them up")
      }
      source.resume()
    }
  }

  /// Whether the run is to be stopped.
  var isAsked: Bool { question.signal.load(ordering: .relaxed) != 0 }

  /// Whether what the run works on is to be closed.
  var isClosingAsked: Bool { question.closes.load(ordering: .relaxed) }

  /// The exit code of a process that a signal ended, as shells count it; nil when none asked.
  var exitCode: ExitCode? {
    let number = question.signal.load(ordering: .relaxed)
    return number == 0 ? nil : ExitCode(128 + number)
  }
}
