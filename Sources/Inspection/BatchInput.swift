// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

/// The files to inspect of some files and folders.
///
/// A folder stands for the files in it and in its folders, hidden ones and archives left out, in the order of their
/// names with numbers as numbers, so that piece-10 comes after piece-9. Of them those count whose name fits `pattern`,
/// in which `*` stands for any characters and `?` for one. A file that is named twice counts once.
/// Throws one sentence when something is not there, a folder cannot be read, or there is no file in the end.
public func batchFiles(_ paths: [String], matching pattern: String = "*") throws(InputError) -> [String] {
  var files: [String] = []
  // By their bytes: to `String` two spellings of é are one, to a file system two names.
  var known: Set<[UInt8]> = []
  for path in paths {
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError("“\(path)” is not there")
    }
    for file in isFolder(path) ? try filesInside(path, matching: Array(pattern)) : [path]
    where known.insert(Array(file.utf8)).inserted {
      files.append(file)
    }
  }
  guard !files.isEmpty else {
    let which = pattern == "*" ? "" : " whose name fits “\(pattern)”"
    throw InputError("there is no file\(which) in \(paths.map { "“\($0)”" }.joined(separator: ", "))")
  }
  return files
}

private func filesInside(_ folder: String, matching pattern: [Character]) throws(InputError) -> [String] {
  let names: [String]
  do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
    throw InputError("the folder “\(folder)” cannot be read: \(error.localizedDescription)")
  }
  var files: [String] = []
  let ordered = names.map { (name: $0, key: orderingKey($0)) }.sorted {
    $0.key.lexicographicallyPrecedes($1.key)
  }
  for (name, _) in ordered where !name.hasPrefix(".") {
    let path = inside(folder, name)
    if isFolder(path) {
      files += try filesInside(path, matching: pattern)
    } else if isMeasurement(name, matching: pattern) {
      files.append(path)
    }
  }
  return files
}

/// Whether a name is none of an archive, nor of what stands beside one, and fits a pattern with `*` and `?`.
func isMeasurement(_ name: String, matching pattern: [Character]) -> Bool {
  !name.hasPrefix(".") && !name.hasSuffix(".h5") && !name.contains(".h5.partial")
    && !name.hasSuffix(".h5.status.json") && !name.hasSuffix(".h5.bad.jsonl") && name != LibraryIndex.name
    && (pattern == ["*"] || fits(Array(name), pattern))
}

/// The bytes of a name, in which a run of digits comes as its length and then itself.
func orderingKey(_ name: String) -> [UInt8] {
  let bytes = Array(name.utf8)
  var key: [UInt8] = []
  var place = 0
  while place < bytes.count {
    guard bytes[place] &- 48 < 10 else {
      key.append(bytes[place])
      place += 1
      continue
    }
    let run = bytes[place...].prefix { $0 &- 48 < 10 }
    let digits = run.drop { $0 == 48 }
    // Digits come where they do among other characters, and among themselves by length first.
    key.append(48)
    key.append(UInt8(clamping: digits.count))
    key += digits
    place = run.endIndex
  }
  return key + [0] + bytes
}

/// Whether a name fits a pattern with `*` and `?`.
private func fits(_ name: [Character], _ pattern: [Character]) -> Bool {
  // Going back to the last star is enough, because an earlier one could take no more than that one can.
  var (place, wanted) = (0, 0)
  var star: (place: Int, wanted: Int)?
  while place < name.count {
    if wanted < pattern.count, pattern[wanted] == "*" {
      star = (place, wanted)
      wanted += 1
    } else if wanted < pattern.count, pattern[wanted] == "?" || pattern[wanted] == name[place] {
      place += 1
      wanted += 1
    } else if let last = star {
      (place, wanted) = (last.place + 1, last.wanted + 1)
      star = (last.place + 1, last.wanted)
    } else {
      return false
    }
  }
  return pattern[wanted...].allSatisfy { $0 == "*" }
}
