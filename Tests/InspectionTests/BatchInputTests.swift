// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Inspection
import TestSupport
import Testing

@Suite struct BatchInputTests {
  @Test func twoSpellingsOfANameAreTwoFiles() throws {
    let folder = try Repository.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let names = ["e\u{301}.txt", "\u{E9}.txt"]
    for name in names { try Data(name.utf8).write(to: folder.appending(path: name)) }
    // Some file systems take them for one.
    let count = try FileManager.default.contentsOfDirectory(atPath: folder.path).count
    let files = try batchFiles([folder.path, folder.appending(path: names[0]).path])
    #expect(files.map { Array($0.utf8) } == names.prefix(count).map { Array("\(folder.path)/\($0)".utf8) })
  }
}
