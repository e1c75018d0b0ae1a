// SPDX-License-Identifier: GPL-3.0-or-later
internal import FolderEvents
internal import FoundationEssentials
public import Measurements

/// Reads a whole regular file, as it was at one moment.
///
/// Throws one sentence when there is none, when it is a folder or a device, when it may not be read, or when it changes
/// every time while it is read: half of one measurement and half of another would be judged as one.
public func readSourceFile(_ path: String) throws(ReadError) -> SourceFile {
  guard !path.isEmpty else { throw ReadError(.unreadable, "a file without a name was given") }
  // A file may be replaced by another once, as by a program that writes a new one and renames it.
  for _ in 0..<3 {
    let before = try fileStamp(path)
    switch before.kind {
    case .file: break
    case .folder:
      throw ReadError(.unreadable, "“\(path)” is a folder; name the files in it, for example “\(path)/*”")
    case .other: throw ReadError(.unreadable, "“\(path)” is not a regular file")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ReadError(.unreadable, "“\(path)” may not be read")
    }
    if data.count == before.byteCount, try fileStamp(path) == before {
      return SourceFile(name: path, bytes: Array(data))
    }
  }
  throw ReadError(
    .unreadable, "“\(path)” changes while it is read; inspect it when the instrument has finished writing it")
}

private func fileStamp(_ path: String) throws(ReadError) -> FileStamp {
  guard let stamp = FileStamp(of: path) else {
    throw ReadError(.unreadable, "there is no file “\(path)”, or it may not be looked at")
  }
  return stamp
}

/// The text of a small settings file; throws one sentence when it cannot be read as UTF-8.
public func readSettingsText(_ path: String) throws(InputError) -> String {
  let file: SourceFile
  do { file = try readSourceFile(path) } catch { throw InputError(error.description) }
  // Spreadsheets put a byte order mark in front.
  let bytes = file.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(file.bytes.dropFirst(3)) : file.bytes
  guard let text = String(validating: bytes, as: UTF8.self) else {
    throw InputError("“\(path)” is not UTF-8 text")
  }
  return text
}

/// Writes a file as a whole, replacing one of that name only when it is complete; throws one sentence.
public func writeFile(_ bytes: [UInt8], to path: String) throws(InputError) {
  do {
    let target = URL(filePath: path)
    let folder = target.deletingLastPathComponent()
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: target, options: .atomic)
  } catch {
    throw InputError("“\(path)” cannot be written: \(reason(error))")
  }
}

/// Whether something of this name exists.
public func fileExists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

private func reason(_ error: any Error) -> String {
  if let posix = error as? POSIXError { return "\(posix.code)" }
  if let cocoa = error as? CocoaError {
    switch cocoa.code {
    case .fileWriteNoPermission: return "no permission"
    case .fileWriteOutOfSpace: return "the disk is full"
    case .fileNoSuchFile: return "the folder does not exist"
    case .fileWriteVolumeReadOnly: return "the volume is read-only"
    default: break
    }
  }
  return "the system refused"
}
