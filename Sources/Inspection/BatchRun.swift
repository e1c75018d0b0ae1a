// SPDX-License-Identifier: GPL-3.0-or-later
internal import Archive
internal import Measurements

/// What one file of a batch gave.
public enum BatchOutcome: Sendable {
  /// It was inspected now.
  case inspected(InspectedFile)
  /// It was inspected before the run was resumed: the archived record of each of its loops.
  case archived(path: String, records: [String])
}

/// A batch of files that goes into one archive.
public struct Batch: Sendable {
  /// The files, in the order of production.
  public let paths: [String]
  let inspector: Inspector
  let workers: Int
  let archive: ArchiveDestination
  let lot: String?
  let resumes: Bool

  /// A batch; with `resumes` it goes on with the archive that an earlier run left unfinished.
  public init(
    _ paths: [String], with inspector: Inspector, workers: Int, archive: ArchiveDestination, lot: String?,
    resumes: Bool
  ) {
    self.paths = paths
    self.inspector = inspector
    self.workers = workers
    self.archive = archive
    self.lot = lot
    self.resumes = resumes
  }

  private enum Work: Sendable {
    case inspected(InspectedFile)
    case archived(SourceFile, Range<Int>)

    /// The size of the file.
    var byteCount: Int {
      switch self {
      case .inspected(let file): file.byteCount
      case .archived(let file, _): file.bytes.count
      }
    }
  }

  /// Inspects the files on several workers and hands the outcomes to `record` in the order of the files.
  ///
  /// What an archive has already, by name and content, is not inspected again. Once `isStopped` no file is begun any
  /// more, those that are begun are finished, and the archive is left for another run to go on with. What is in the
  /// archive and not among the files any more comes last: it is part of the lot that the archive holds. The answer is
  /// whether all files were done and the archive is complete. Of a file that is recorded only its name and digest are kept.
  /// Throws one sentence when the archive cannot be written.
  public func run(
    isStopped: () -> Bool, lotRecord: () -> String?, record: (BatchOutcome) throws -> Void
  ) async throws -> Bool {
    do {
      var writer: ArchiveWriter? = try archiveWriter()
      let archived = writer?.archived ?? ArchivedRows()
      let (paths, inspector) = (paths, inspector)
      var done = 0
      var known = Repetition()
      let named = archived.files.isEmpty ? [] : Set(paths.map { Array($0.utf8) })
      for file in archived.files where !named.contains(Array(file.name.utf8)) {
        _ = known.first(file.hash, file.name)
      }
      var handedOver: Set<Int> = []
      let files = ReadAhead(paths)
      try await inOrder(paths.count, workers: workers) {
        files.begin($0)
      } work: { place in
        do throws(ReadError) {
          let file = try files.take(place)
          if let rows = archived.rows(of: file) { return Work.archived(file, rows) }
          return .inspected(inspector.inspect(file, place: place))
        } catch {
          return .inspected(inspector.unread(path: paths[place], error))
        }
      } isStopped: {
        isStopped()
      } byteCount: {
        $0.byteCount
      } record: { (work: Work) in
        switch work {
        case .inspected(let inspected):
          let file = inspector.refusingRepetition(inspected, &known)
          for entry in file.entries { try writer?.append(entry) }
          try record(.inspected(file))
        case .archived(let file, let rows):
          _ = known.first(file.hash, file.name)
          handedOver.insert(rows.lowerBound)
          try record(.archived(path: file.name, records: writer?.records(rows) ?? []))
        }
        done += 1
      }
      guard done == paths.count else {
        try writer?.write()
        return false
      }
      for file in archived.files where !handedOver.contains(file.rows.lowerBound) {
        try record(.archived(path: file.name, records: writer?.records(file.rows) ?? []))
      }
      if let open = writer.take() { try archive.finish(open, lotRecord: lotRecord()) }
      return true
    } catch let error as ArchiveError {
      throw InputError(error.description)
    }
  }

  private func archiveWriter() throws(ArchiveError) -> ArchiveWriter {
    let software = "magcert \(magcertVersion)"
    return resumes && ArchiveWriter.isUnfinished(archive.path)
      ? try ArchiveWriter(resuming: archive.path, software: software, lot: lot)
      : try ArchiveWriter(
        creating: archive.path, software: software, lot: lot, expectedRows: paths.count)
  }
}
