// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive

/// Inspects files on several workers and hands the results over in the order of the paths.
///
/// With an `archive` everything is stored in a new file of that name, complete when the function returns, and tied to
/// the one before when it belongs to a library; it is never overwritten. `record` is called from one task only, so it may
/// own what must not be shared; when it throws, the rest is given up. Of a file that is recorded only its name and digest
/// are kept.
/// Shots of one specimen at several rates are one result, which goes by the name of the first.
/// `lotRecord` is asked for the line of JSON of the lot when every file is recorded, and goes into the archive.
/// Monte Carlo evaluations take all workers for one file after the other; `progress` gets the number of draws done.
/// Throws one sentence when the archive cannot be written.
public func inspectFiles(
  _ paths: [String], with inspector: Inspector, workers: Int, archive: ArchiveDestination? = nil,
  lot: String? = nil,
  lotRecord: () -> String? = { nil }, progress: (Int) throws -> Void = { _ in },
  record: (InspectedFile) throws -> Void
) async throws {
  try await archiving(to: archive, lot: lot, lotRecord: lotRecord) { append in
    if inspector.request.combinesRates {
      let file = inspector.inspectRates(paths)
      for entry in file.entries { try append(entry) }
      try record(file)
    } else if let monteCarlo = inspector.request.monteCarlo {
      for (place, path) in paths.enumerated() {
        var file = inspector.inspect(path: path, place: place)
        try await file.evaluate(draws: monteCarlo.draws, workers: workers, progress: progress)
        for entry in file.entries { try append(entry) }
        try record(file)
      }
    } else {
      var known = Repetition()
      try await inOrder(paths.count, workers: workers) {
        inspector.inspect(path: paths[$0], place: $0)
      } byteCount: {
        $0.byteCount
      } record: { inspected in
        let file = inspector.refusingRepetition(inspected, &known)
        for entry in file.entries { try append(entry) }
        try record(file)
      }
    }
  }
}

/// Gives `body` a way to append entries to a new archive, complete when the function returns; to none without a name.
///
/// Throws one sentence when the archive cannot be written.
func archiving(
  to archive: ArchiveDestination?, lot: String?, lotRecord: () -> String? = { nil },
  _ body: ((ArchiveEntry) throws -> Void) async throws -> Void
) async throws {
  do {
    var writer: ArchiveWriter?
    if let archive {
      writer = try ArchiveWriter(creating: archive.path, software: "magcert \(magcertVersion)", lot: lot)
    }
    try await body { try writer?.append($0) }
    if let open = writer.take() { try archive?.finish(open, lotRecord: lotRecord()) }
  } catch let error as ArchiveError {
    throw InputError(error.description)
  }
}
