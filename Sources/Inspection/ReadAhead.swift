// SPDX-License-Identifier: GPL-3.0-or-later
internal import Dispatch
internal import Measurements
internal import Synchronization

/// Reads files before whoever wants them asks, so that no worker waits for a disk or a network.
final class ReadAhead: Sendable {
  private typealias Reading = Result<SourceFile, ReadError>

  private enum Slot: Sendable {
    case wanted
    case beingRead(DispatchSemaphore)
    case read(Reading)
  }

  private let paths: [String]
  private let slots = Mutex<[Int: Slot]>([:])
  private let desk = WorkDesk<Int>(workers: 4)

  /// Files that are going to be wanted.
  init(_ paths: [String]) { self.paths = paths }

  /// Has a file read that is wanted soon.
  func begin(_ place: Int) {
    slots.withLock { $0[place] = .wanted }
    guard desk.takesWorker(for: place) else { return }
    // A queue of its own has a thread of its own; those of concurrent queues are what the work is done on.
    DispatchQueue(label: "magcert.reading").async { [self] in
      while let place = desk.next() { readUnlessTaken(place) }
    }
  }

  private func readUnlessTaken(_ place: Int) {
    let done = DispatchSemaphore(value: 0)
    let isWanted = slots.withLock { slots in
      guard case .wanted? = slots[place] else { return false }
      slots[place] = .beingRead(done)
      return true
    }
    guard isWanted else { return }
    let reading = read(place)
    slots.withLock { $0[place] = .read(reading) }
    done.signal()
  }

  private func read(_ place: Int) -> Reading {
    Result { () throws(ReadError) in try readSourceFile(paths[place]) }
  }

  /// A file; what is not being read yet is read at once.
  func take(_ place: Int) throws(ReadError) -> SourceFile {
    var slot = slots.withLock { slots in
      if case .beingRead? = slots[place] { return slots[place] }
      return slots.removeValue(forKey: place)
    }
    if case .beingRead(let done)? = slot {
      done.wait()
      slot = slots.withLock { $0.removeValue(forKey: place) }
    }
    if case .read(let reading)? = slot { return try reading.get() }
    return try read(place).get()
  }
}
