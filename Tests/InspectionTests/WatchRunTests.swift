// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Inspection
import Measurements
import Simulation
import TestSupport
import Testing

@Suite struct WatchRunTests {
  private func text(of number: Int) -> String {
    let loop = SimulatedLoop(.a).with {
      $0.points = 200
      $0.seed = UInt64(number)
    }.measurement()
    let rows = zip(loop.field.amperesPerMetre, loop.response.si).map { "\($0),\($1)" }
    return (["# circuit: closed", "H (A/m),J (T)"] + rows).joined(separator: "\n")
  }

  // What looking finds comes in the order of the names, what is noticed in that of the closing. Whoever is slow to take
  // up notices, as here by a break after each of them, must not look in between and find a file first whose closing was
  // noticed last.
  @Test func filesComeInTheOrderOfTheirClosingHoweverSlowlyItIsTakenUp() async throws {
    let (made, folder) = (try Repository.temporaryFolder(), try Repository.temporaryFolder())
    defer { for folder in [made, folder] { try? FileManager.default.removeItem(at: folder) } }
    // Moved and not written, for a child of another test that is being started would close them later.
    let names = (0..<12).map { "piece-\(99 - $0).txt" }
    for (number, name) in names.enumerated() {
      try Data(text(of: number).utf8).write(to: made.appending(path: name))
    }
    var plan = Watch.Plan()
    plan.timing = Arrivals.Timing(settling: .milliseconds(50))
    plan.pollInterval = .milliseconds(1)
    plan.pieces = names.count
    let watch = try Watch(
      [folder.path], matching: "*", with: Inspector(InspectionRequest()), workers: 1,
      archive: ArchiveDestination(file: folder.path + ".h5"), lot: nil, plan: plan,
      badList: folder.path + ".bad", own: [])
    defer {
      for end in [".h5", ".h5.partial"] { try? FileManager.default.removeItem(atPath: folder.path + end) }
    }
    var (writer, came) = (Task<Void, any Error>?.none, [String]())
    let ending = try await watch.run(
      ending: { nil }, lotRecord: { nil },
      progress: { _ in
        if writer == nil {
          writer = Task.detached {
            for name in names {
              try FileManager.default.moveItem(
                at: made.appending(path: name), to: folder.appending(path: name))
              try await Task.sleep(for: .milliseconds(10))
            }
          }
        }
        usleep(40_000)
      },
      record: { outcome in
        if case .counted(.inspected(let file)) = outcome {
          came.append(URL(filePath: file.path).lastPathComponent)
        }
      })
    try await writer?.value
    #expect(ending == .close)
    #expect(came == names)
  }
}
