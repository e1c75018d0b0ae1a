// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import TestSupport
import Testing

/// Chromium without a window.
struct HeadlessBrowser {
  /// What a page did.
  struct Visit {
    /// The document after its program has run.
    let document: String
    /// What stood on the console, errors and warnings too.
    let console: [Substring]
    /// The addresses that were asked for on a network.
    let requests: Set<String>
  }

  private let executable: URL

  /// The browser of this machine; nil when it has none.
  ///
  /// Where the environment has `CI` it has to have one.
  init?() {
    let found = Repository.installed(
      "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")
    guard let found else {
      if ProcessInfo.processInfo.environment["CI"] != nil { Issue.record("Chromium is not installed") }
      print("Chromium is not installed: the page was not rendered")
      return nil
    }
    executable = found
  }

  /// Opens a page from the disk, runs its program, and reads the document that came of it.
  func open(_ page: String) throws -> Visit {
    let scratch = try ScratchFolder()
    let log = scratch.path("net.json")
    let run = try run(["--dump-dom", "--log-net-log=\(log)"], page, scratch)
    let network = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: log)))
    let events = try #require((network as? [String: Any])?["events"] as? [[String: Any]])
    let addresses = events.compactMap { ($0["params"] as? [String: Any])?["url"] as? String }
    return Visit(
      document: run.output, console: run.errors.split(separator: "\n").filter { $0.contains(":CONSOLE") },
      requests: Set(addresses.filter { $0.hasPrefix("http") || $0.hasPrefix("ws") }))
  }

  /// Prints a page as PDF.
  func printed(_ page: String, to pdf: String) throws {
    _ = try run(["--print-to-pdf=\(pdf)", "--no-pdf-header-footer"], page, ScratchFolder())
  }

  private func run(
    _ options: [String], _ page: String, _ scratch: ScratchFolder
  ) throws -> CommandLineTool.Outcome {
    // Its sandbox refuses to run as root, and the page is our own.
    // What the whole browser asks for on its own account is switched off.
    let fixed = [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-first-run", "--enable-logging=stderr",
      "--user-data-dir=\(scratch.path("profile"))",
    ]
    let run = try CommandLineTool.run(fixed + options + ["file://\(page)"], of: executable)
    #expect(run.code == 0, "\(run.errors)")
    return run
  }
}
