// SPDX-License-Identifier: GPL-3.0-or-later
import FolderEvents
import Foundation
import TestSupport
import Testing

#if os(Linux)
  @Suite struct FolderNoticesTests {
    private let folder: URL
    private let notices: FolderNotices

    init() throws {
      folder = try Repository.temporaryFolder()
      notices = try FolderNotices()
      try notices.add(folder.path)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    @Test func writingAndClosingAreToldApart() throws {
      defer { try? FileManager.default.removeItem(at: folder) }
      #expect(FileManager.default.createFile(atPath: path("a"), contents: nil))
      _ = notices.next()
      let handle = try FileHandle(forWritingTo: URL(filePath: path("a")))
      try handle.write(contentsOf: Data("row".utf8))
      #expect(notices.next() == [.written(path("a"))])
      try handle.close()
      #expect(notices.next() == [.completed(path("a"))])
      // Nothing more is to be said of what was told, nor of a file that is only read.
      _ = try Data(contentsOf: URL(filePath: path("a")))
      #expect(notices.next().isEmpty)
    }

    @Test func namesThatComeAndGoAreNoticed() throws {
      defer { try? FileManager.default.removeItem(at: folder) }
      let elsewhere = try Repository.temporaryFolder()
      defer { try? FileManager.default.removeItem(at: elsewhere) }
      let source = elsewhere.appending(path: "ü 1")
      try Data("x".utf8).write(to: source)
      try FileManager.default.moveItem(at: source, to: folder.appending(path: "ü 1"))
      #expect(notices.next().last == .completed(path("ü 1")))
      try FileManager.default.moveItem(atPath: path("ü 1"), toPath: path("b"))
      #expect(notices.next() == [.gone(path("ü 1")), .completed(path("b"))])
      try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "b")
      #expect(notices.next() == [.touched(path("link"))])
      try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path("b"))
      #expect(notices.next() == [.touched(path("b"))])
      try FileManager.default.removeItem(atPath: path("b"))
      // The count of links changes before the name is gone.
      #expect(notices.next().last == .gone(path("b")))
      try FileManager.default.createDirectory(atPath: path("sub"), withIntermediateDirectories: false)
      #expect(notices.next() == [.foldersChanged])
    }

    @Test func aFolderThatIsMovedOrRemovedIsNoLongerTakenForItself() throws {
      let aside = folder.path + "-aside"
      defer { try? FileManager.default.removeItem(atPath: aside) }
      try FileManager.default.moveItem(atPath: folder.path, toPath: aside)
      #expect(Set(notices.next()) == [.foldersChanged])
      try Data("x".utf8).write(to: URL(filePath: aside + "/a"))
      #expect(!notices.next().contains { $0 != .foldersChanged })
      #expect(throws: NoNotices.self) { try notices.add(folder.path) }
      try notices.add(aside)
      try FileManager.default.removeItem(atPath: aside)
      #expect(notices.next().contains(.foldersChanged))
    }
  }
#endif

@Suite struct FileStampTests {
  @Test func aStampTellsWhatAFileIsAndWhetherItChanged() throws {
    let folder = try Repository.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a")
    #expect(FileStamp(of: file.path) == nil)
    try Data("row".utf8).write(to: file)
    let first = try #require(FileStamp(of: file.path))
    #expect(first.kind == .file && first.byteCount == 3)
    #expect(FileStamp(of: file.path) == first)
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("s".utf8))
    try handle.close()
    #expect(FileStamp(of: file.path) != first)
    let link = folder.appending(path: "link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: file)
    #expect(FileStamp(of: link.path) == FileStamp(of: file.path))
    #expect(FileStamp(of: folder.path)?.kind == .folder)
    #expect(FileStamp(of: "/dev/null")?.kind == .other)
    try FileManager.default.removeItem(at: file)
    #expect(FileStamp(of: link.path) == nil)
  }
}
