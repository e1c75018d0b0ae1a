// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// The text of a PDF by Poppler, blanks and line ends made single blanks; nil when Poppler is not installed.
///
/// Poppler has to be silent. Where the environment has `CI` it has to be there.
func extractedText(_ pdf: [UInt8]) throws -> String? {
  guard let tool = Repository.installed("pdftotext") else {
    if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("pdftotext is not installed") }
    print("pdftotext is not installed: the text of the PDF was not looked at")
    return nil
  }
  let folder = try Repository.temporaryFolder()
  defer { try? FileManager.default.removeItem(at: folder) }
  let (file, complaints) = (folder.appending(path: "report.pdf"), folder.appending(path: "complaints"))
  try Data(pdf).write(to: file)
  try Data().write(to: complaints)
  let process = Process()
  process.executableURL = tool
  process.arguments = ["-layout", "-enc", "UTF-8", file.path, "-"]
  let output = Pipe()
  process.standardOutput = output
  process.standardError = try FileHandle(forWritingTo: complaints)
  try process.run()
  let text = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0)
  #expect(try String(contentsOf: complaints, encoding: .utf8) == "")
  return String(decoding: text, as: UTF8.self).split { $0.isWhitespace }.joined(separator: " ")
}
