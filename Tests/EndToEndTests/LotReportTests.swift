// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

@Suite struct LotReportTests {
  private static let options = [
    "--grade", "N42SH", "--lot", "L42", "--lot-size", "90", "--aql", "2.5", "--quiet",
  ]

  /// A page about the sample lot, measured so many times.
  private func page(in scratch: ScratchFolder, times: Int = 1) throws -> String {
    var files: [String] = []
    for time in 0..<times {
      for (place, file) in try CommandLineTool.lot.enumerated() {
        let content = try Data(contentsOf: Repository.root.appending(path: file))
        // Files of the same bytes would be one measurement.
        files.append(
          try scratch.write("\(time)-\(place).dat", content + Data(repeating: 10, count: time)))
      }
    }
    let path = scratch.path("L42.html")
    let run = try CommandLineTool.run(["certify"] + files + Self.options + ["--report", path])
    #expect(run.code == 1, "\(run.errors)")
    return path
  }

  @Test func certifyWritesAPageThatNamesItsArchive() throws {
    let scratch = try ScratchFolder()
    let (path, archive) = (scratch.path("L42.html"), scratch.path("L42.h5"))
    let run = try CommandLineTool.run(
      ["certify"] + (try CommandLineTool.lot) + Self.options + [
        "--report", path, "--archive", archive, "--certificate", scratch.path("L42.pdf"),
      ])
    #expect(run.code == 1, "\(run.errors)")
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    let digest = try #require(text.firstMatch(of: /<dd>([0-9a-f]{64})<\/dd>/)).output.1
    for words in ["Lot REJECTED", "L42.h5", "2 of 12 pieces do not conform", "L42-09", "magcert 0.1.0"] {
      #expect(text.contains(words), "\(words)")
    }
    // The certificate refers to the same rows.
    let certificate = try String(contentsOf: URL(filePath: scratch.path("L42.json")), encoding: .utf8)
    #expect(certificate.contains(digest))
  }

  @Test func analyzeWritesAPageWithoutLimits() throws {
    let scratch = try ScratchFolder()
    let path = scratch.path("lot.html")
    let run = try CommandLineTool.run(
      ["analyze"] + (try CommandLineTool.lot.prefix(3)) + ["--quiet", "--report", path, "--units", "cgs"])
    #expect(run.code == 0, "\(run.errors)")
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    #expect(text.contains("HcJ in kOe") && text.contains("not judged against a grade"))
  }

  @Test func namesThatCannotBeMeantAreRefused() throws {
    let scratch = try ScratchFolder()
    for (name, part) in [("page.pdf", ".html"), ("plot.html", "names of their own")] {
      let run = try CommandLineTool.run(
        ["analyze", "SampleData/Table/reference-A.txt", "--report", scratch.path(name)]
          + (name == "plot.html" ? ["--archive", scratch.path(name)] : []))
      #expect(run.code == 64)
      #expect(run.errors.contains(part))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.url.path).isEmpty)
  }

  @Test func aPageThatCannotBeWrittenIsSaid() throws {
    let scratch = try ScratchFolder()
    let file = try scratch.write("file", "no folder")
    let run = try CommandLineTool.run(
      ["analyze", "SampleData/Table/reference-A.txt", "--quiet", "--report", file + "/page.html"])
    #expect(run.code == 2)
    #expect(run.errors.contains("cannot be written"))
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func theBrowserHasNothingToSayAndAsksForNothing() throws {
    guard let browser = HeadlessBrowser() else { return }
    let scratch = try ScratchFolder()
    let visit = try browser.open(try page(in: scratch))
    #expect(visit.console.isEmpty, "\(visit.console)")
    #expect(visit.requests.isEmpty, "\(visit.requests)")
    // The program ran: there is a field for the filter, and every heading is a button.
    #expect(visit.document.contains("12 of 12 rows"))
    #expect(visit.document.matches(of: /<th scope="col"><span role="button" tabindex="0">/).count == 10)
  }

  // The checks above see an error and a request where there are some.
  @Test func theChecksOfTheBrowserCanFail() throws {
    guard let browser = HeadlessBrowser() else { return }
    let scratch = try ScratchFolder()
    let path = try page(in: scratch)
    let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
    // No server has port 9 of this machine.
    let image = "<img src=\"http://127.0.0.1:9/x.png\" alt=\"\"/>"
    let refused = try browser.open(
      try scratch.write("refused.html", text.replacing("</body>", with: image + "</body>")))
    #expect(refused.requests.isEmpty)
    #expect(refused.console.contains { $0.contains("Content Security Policy") })
    let open = text.replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
    #expect(open != text)
    let asking = try browser.open(
      try scratch.write("asking.html", open.replacing("</body>", with: image + "</body>")))
    #expect(asking.requests == ["http://127.0.0.1:9/x.png"])
  }

  // A program of the test types and clicks, which the page's own policy would not let it.
  @Test func theTableIsFilteredAndSorted() throws {
    guard let browser = HeadlessBrowser() else { return }
    let scratch = try ScratchFolder()
    let text = try String(contentsOf: URL(filePath: try page(in: scratch)), encoding: .utf8)
    let program = """
      <script>
      const body = document.getElementById("pieces").tBodies[0];
      const names = () => Array.from(body.rows).filter(row => !row.hidden).map(row => row.cells[1].textContent);
      const found = [];
      const field = document.getElementById("filter");
      field.value = "FAIL";
      field.dispatchEvent(new Event("input"));
      found.push(names().join(" "));
      field.value = "";
      field.dispatchEvent(new Event("input"));
      const heading = document.getElementById("pieces").tHead.rows[0].cells[4];
      heading.firstChild.click();
      found.push(heading.getAttribute("aria-sort"), names()[0], names().length);
      heading.firstChild.click();
      found.push(heading.getAttribute("aria-sort"), names()[11]);
      document.title = found.join("|");
      </script></body>
      """
    let open = text.replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
    let visit = try browser.open(
      try scratch.write("driven.html", open.replacing("</body>", with: program)))
    #expect(visit.console.isEmpty, "\(visit.console)")
    // L42-05 has the least HcJ.
    #expect(
      visit.document.contains("<title>L42-05 L42-09|ascending|L42-05|12|descending|L42-05</title>"))
  }

  // On paper the table's head is on every one of its pages, and there is nothing to type into.
  @Test func printedTablesRepeatTheirHeads() throws {
    guard let browser = HeadlessBrowser(), let tool = Repository.installed("pdftotext") else { return }
    let scratch = try ScratchFolder()
    let pdf = scratch.path("L42.pdf")
    try browser.printed(try page(in: scratch, times: 12), to: pdf)
    let text = try CommandLineTool.run(["-layout", pdf, "-"], of: tool).output
    let pages = text.split(separator: "\u{0C}").filter { $0.contains("L42-0") }
    #expect(pages.count >= 2)
    for page in pages { #expect(page.contains("Hk/HcJ"), "\(page.prefix(200))") }
    #expect(!text.contains("Show rows with"))
    #expect(text.contains("Lot REJECTED"))
  }
}
