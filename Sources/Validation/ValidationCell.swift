// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
public import Simulation

/// One repeated simulation: the loop, its noise and sampling, how often, and what is judged.
public struct ValidationCell: Hashable, Sendable {
  /// What is judged.
  public enum Check: String, Hashable, Sendable, CaseIterable {
    /// Whether the errors of the values stay near the bound of Cramér and Rao, or below what is promised.
    case accuracy
    /// Whether the mean of the errors is as good as zero.
    case bias
    /// Whether values with U = k·u, everything included that the loop itself tells, hold the truth often enough.
    case coverage
    /// Whether values with the noise part of their uncertainty alone hold the truth as often as they claim.
    case noiseCoverage = "noise-coverage"
    /// How often values from the voltages of a pulsed shot, with the U that chain and setup give, hold the truth.
    case shots
  }

  /// What is simulated of the loop with known answers.
  public enum Recording: String, Hashable, Sendable, CaseIterable {
    /// Its points.
    case loop
    /// The voltages of a pulsed-field magnetometer whose gains are wrong by as much as its setup says they may be.
    case shot
    /// The same with gains that are right, and that the setup knows to be.
    case shotWithExactGains = "shot-exact-gains"
  }

  /// The loop with known answers.
  public var truth: ReferenceLoop
  /// What is simulated of it.
  public var recording = Recording.loop
  /// The kind of noise.
  public var noiseKind: NoiseKind
  /// The standard deviation of the noise of J, in % of Br; 0 for a shot, whose noise is that of `simulatedShot`.
  public var noisePercent: Double
  /// Points of the whole loop, both branches, even; of a shot the samples of its record.
  public var points: Int
  /// How many loops.
  public var loops: Int
  /// The base of the seeds: run r has the seed base·2³² + r.
  public var seedBase: UInt32
  /// What is judged, each at most once.
  public var checks: [Check]
  /// A fixed number of switching components of the fitted curve; nil to let the data choose.
  public var ladderComponents: Int?

  /// A cell from its parts; `noisePercent` in % of Br, `points` even and at least 4, `loops` at least 1.
  public init(
    _ truth: ReferenceLoop, noiseKind: NoiseKind = .white, noisePercent: Double, points: Int = 1000,
    loops: Int, seedBase: UInt32, checks: [Check], ladderComponents: Int? = nil
  ) {
    precondition(loops > 0, "\(loops) loops")
    self.truth = truth
    self.noiseKind = noiseKind
    self.noisePercent = noisePercent
    self.points = points
    self.loops = loops
    self.seedBase = seedBase
    self.checks = checks
    self.ladderComponents = ladderComponents
  }

  /// A cell of pulsed shots, judged by `Check.shots`; `loops` at least 1.
  ///
  /// With exact gains nothing is required: the errors are then smaller than what U allows the estimator at least.
  public init(shotsOf truth: ReferenceLoop, _ recording: Recording, loops: Int) {
    let samples = SimulatedShot(truth).record(seed: 0).count
    self.init(truth, noisePercent: 0, points: samples, loops: loops, seedBase: 0, checks: [.shots])
    self.recording = recording
  }

  /// The loop of a run, counted from 0.
  public func simulatedLoop(run: Int) -> SimulatedLoop {
    var loop = SimulatedLoop(truth)
    loop.noiseKind = noiseKind
    loop.noisePercent = noisePercent
    loop.points = points
    loop.seed = seed(ofRun: run)
    return loop
  }

  func seed(ofRun run: Int) -> UInt64 { UInt64(seedBase) << 32 + UInt64(run) }

  /// How many runs, counted from 0, share a blank record: making one takes as long as ten analyses.
  public static let runsPerBlank = 20

  /// What the instrument recorded without a specimen for the runs that share it; nil in white noise, of which the
  /// loop itself tells all.
  func blankRecord(forRun run: Int) -> BlankRecord? {
    guard noiseKind != .white else { return nil }
    let first = simulatedLoop(run: run - run % Self.runsPerBlank)
    // The half of the seeds that no loop has.
    return BlankRecord(first.blankRecord(seed: first.seed ^ 1 << 63), name: "simulated")
  }

  /// The bound of Cramér and Rao; nil when the noise is not white or the points do not determine the loop.
  public var bound: CramerRaoBound? {
    noiseKind == .white && recording == .loop ? CramerRaoBound(simulatedLoop(run: 0)) : nil
  }
}
