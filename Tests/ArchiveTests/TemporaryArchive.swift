// SPDX-License-Identifier: GPL-3.0-or-later
import Archive
import Foundation
import TestSupport

/// Calls `body` with the path of an archive that does not exist yet, and removes its folder afterwards.
func withTemporaryArchive(_ body: (String) throws -> Void) throws {
  let folder = try Repository.temporaryFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.appending(path: "lot.h5").path)
}

/// Writes a whole archive; always the same bytes for the same entries.
func writeArchive(
  _ path: String, _ entries: [ArchiveEntry] = Example.all, lotRecord: String? = nil, link: LibraryLink? = nil
) throws {
  var writer = try ArchiveWriter(
    creating: path, software: "1.2.3", lot: "L7", created: "2026-03-01T12:00:00Z")
  for entry in entries { try writer.append(entry) }
  try writer.finish(lotRecord: lotRecord, link: link)
}
