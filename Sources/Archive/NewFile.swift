// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5

/// Makes a file that was not there, whole and on the disk when it gets its name; `write` makes `<target>.partial`.
///
/// What was begun is removed when `write` throws.
func makeNewFile<Result>(
  _ target: String, _ write: (_ partial: String) throws(ArchiveError) -> Result
) throws(ArchiveError) -> Result {
  let partial = target + ".partial"
  for name in [target, partial] where StoredFile.exists(name) {
    throw ArchiveError(.exists, "\(name) exists and is not overwritten; choose another name")
  }
  do throws(ArchiveError) {
    let result = try write(partial)
    try archiving { () throws(HDF5Error) in
      try StoredFile.appendDurably([], to: partial)
      try StoredFile.move(partial, to: target)
    }
    return result
  } catch {
    StoredFile.remove(partial)
    throw error
  }
}
