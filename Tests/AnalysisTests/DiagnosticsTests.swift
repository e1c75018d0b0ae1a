// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// Signal to noise and lack of fit through the whole chain.
@Suite struct DiagnosticsTests {
  // Truth A at 0.1 %, N = 1000: rms J/(√2·σ) = 718.577, so Q = 2.85647. The noise of 500 differences is known to
  // 1/√1000, Q to 0.014; the mean of 20 loops to 0.003.
  @Test func signalToNoiseIsThatOfTheVector() throws {
    var sum = 0.0
    for run in 0..<20 as Range<UInt64> {
      let analysis = try SimulatedLoop(.a).with {
        $0.noisePercent = 0.1
        $0.seed = 61 << 32 + run
      }.measurement().analyzed()
      sum += try #require(analysis.diagnostics.signalToNoise)
    }
    #expect(abs(sum / 20 - 2.85647) < 0.01, "\(sum / 20)")
  }

  // Truth A is a straight line from zero field to −0.7·HcB, on 73 pairs: of 300 loops 5 % are called bent, 15 ± 3.8,
  // three standard errors wide; the test of the statistic itself runs 3000 times. A step of a soft phase is seen
  // nearly always.
  @Test func straightRecoilLinesAreRejectedAsOftenAsTheTestSays() throws {
    func rejected(_ reference: ReferenceLoop, runs: UInt64) throws -> Int {
      try (0..<runs).reduce(0) { count, run in
        let analysis = try SimulatedLoop(reference).with {
          $0.noisePercent = 0.3
          $0.seed = 62 << 32 + run
        }.measurement().analyzed()
        let p = try #require(analysis.diagnostics.recoilLinearity)
        return count + (p < 0.05 ? 1 : 0)
      }
    }
    #expect((4...26).contains(try rejected(.a, runs: 300)))
    #expect(try rejected(.c, runs: 20) == 20)
  }

  @Test func oneBranchHasNoDiagnostics() throws {
    let loop = SimulatedLoop(.a).with { $0.noisePercent = 0.1 }.measurement()
    #expect(try loop.rows(0..<500).analyzed().diagnostics.isEmpty)
    // Noise-free mirror images have no scatter to compare with.
    #expect(try SimulatedLoop(.a).measurement().analyzed().diagnostics.signalToNoise == nil)
  }
}
