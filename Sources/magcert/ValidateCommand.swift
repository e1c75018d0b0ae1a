// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Foundation
internal import Inspection
internal import Report
internal import Simulation
internal import Validation

struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Proves on this machine that values and uncertainties are right, with simulated loops.",
    discussion: """
      Loops with known answers are simulated with seeded noise, analysed as `magcert analyze` does by default, and \
      compared with the truth. Every figure stands beside its limit. ISO/IEC 17025:2017, 7.11, wants software that \
      a laboratory computes results with to be validated before it is used and after every change: run this after \
      each installation or update, on the machine that does the work, and keep the output with the laboratory's \
      records. It states version, time and machine; the same seeds give the same figures with any number of \
      workers.

      Without options the plan “quick” runs, one or two minutes of work; “full” is the whole set of acceptance \
      simulations. With --truth, --noise-kind, --points or --sigma every combination of them is run instead.

      WHAT IS JUDGED
        accuracy        root mean square error, against the bound of Cramér and
                        Rao (no unbiased evaluation has a smaller standard
                        deviation) or an absolute limit; white noise only
        bias            mean error of (BH)max, where naive evaluations fail
        coverage        how many of the intervals value ± U hold the truth; U for
                        95 % from all that the loop itself tells, no Type B line;
                        and whether U is larger than it has to be
        noise-coverage  the same with the noise part of U alone, which must be
                        neither too small nor too large
        shots           how many of the intervals value ± U from the voltages of
                        pulsed shots hold the truth: mains hum, delay, offsets,
                        an empty shot, gains wrong as the setup says they may be

      LIMITS, by the acceptance test that they are from
        M17     A: Br and (BH)max 1.3, HcB 1.4, HcJ 1.6 (or 0.010 %), Hk 1.5
                times the bound (or 0.040 %)
        M18     B, C, D at 0.1 % of noise: 0.05 %, Hk 0.2 %; in proportion with
                more noise or fewer points
        T1-T3   mean error 0.05 %; at 0.2 % of noise a standard deviation of
                0.04 % (Br), 0.01 % (HcJ), 0.09 % ((BH)max), in proportion
        shapes  every other loop: Br and (BH)max 1.6 times the bound
        M19     mean error of (BH)max 0.05 %
        M20     94.3 to 95.7 % covered, 93.5 to 96.5 % in correlated noise;
                z = error/u with a mean within ±0.1, a variance of 0.9 to 1.1;
                random walk 90 to 96.5 % and up to 1.42, as a blank record of
                16 loops tells little of noise that slow
        M21     93 % covered; from 1 % of noise on, D 90 %, Hk of B and D 87 %;
                median U of A to D at most 1.5 times a tabled one
        shots   93 to 97 % covered of Br, HcJ and (BH)max; nothing is required of
                shots with exact gains, whose errors are a part of U only

      A limit is meant for 300 loops (M19 and T1-T3 60, shots 1000, M20 10000). Figures of fewer loops scatter more, and the \
      limit is widened by twice the excess of their standard error. The limit as it was applied is printed, and the \
      standard errors (s.e.) stand beside the figures: how far another seed may move them. A quantity that is \
      absent from any loop fails.

      Truths are A (like N42SH), B (skewed), C (with a soft phase), D (wide), L2 (logistic), T1 to T3 (hyperbolic \
      tangents), and shapes that nothing was adjusted to: ferrite, N30EH, SmCo217, hot-pressed, round, bonded3.

      EXIT CODES
        0   every row with a limit passes
        1   at least one row fails
        64  the command line is not understood

      EXAMPLES
        magcert validate
        magcert validate --plan full --check shots
        magcert validate --plan full > validation-2026-03-01.txt
        magcert validate --truth A,round --sigma 0.1,1 --points 1000,10000 --loops 300 --seed 7
        magcert validate --truth D --check coverage --json
      """)

  @Option(help: "The set of simulations: quick or full.")
  var plan: String?
  @Option(
    help: ArgumentHelp("Truths, separated by commas; A when only others are stated.", valueName: "names"))
  var truth: String?
  @Option(
    help: ArgumentHelp(
      "Kinds of noise, separated by commas; by default white.",
      discussion: "Known: \(NoiseKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "kinds")
  )
  var noiseKind: String?
  @Option(help: ArgumentHelp("Points of a loop, even numbers; by default 1000.", valueName: "numbers"))
  var points: String?
  @Option(
    help: ArgumentHelp(
      "Standard deviations of the noise of J in % of Br; by default 0.1,0.3,1.", valueName: "numbers"))
  var sigma: String?
  @Option(help: "Loops of every simulation, 1 to 1000000; by default what the plan has, or 100.")
  var loops: Int?
  @Option(help: "The base of the seeds; the plan's n-th simulation has the base seed + n − 1.")
  var seed: UInt32 = 1
  @Option(
    help: ArgumentHelp(
      "What is judged: accuracy, bias, coverage, noise-coverage, shots; by default what the plan has, or accuracy and "
        + "coverage.", valueName: "checks"))
  var check: String?
  @Flag(help: "Print one JSON object per simulation, and one of the whole at the end.")
  var json = false
  @Flag(help: "Use no colour, also on a terminal.")
  var noColor = false
  @Option(help: "How many simulations run at once; by default as many as there are processors.")
  var workers: Int?

  func run() async throws {
    let plan = try chosenPlan()
    let workers = workers ?? ProcessInfo.processInfo.activeProcessorCount
    guard workers > 0 else { throw ValidationError("--workers \(workers) is less than 1") }
    let circumstances = ValidationCircumstances.current()
    let colour = !json && usesColour(noColor: noColor)
    if !json { try printOut(circumstances.terminalText(plan, colour: colour)) }
    var summary = ValidationSummary()
    let bar = ProgressBar(total: plan.loops)
    try await runValidation(plan, workers: workers) { done in
      bar.show(done)
    } record: { result in
      summary.add(result)
      bar.clear()
      try printOut(json ? result.jsonLine() + "\n" : "\n" + result.terminalTable(colour: colour))
    }
    bar.clear()
    try printOut(
      json
        ? summary.jsonLine(plan: plan.name, circumstances) + "\n"
        : "\n" + summary.terminalLine(colour: colour))
    if !summary.passes { throw ExitCode(1) }
  }

  private func chosenPlan() throws -> ValidationPlan {
    if let loops, !(1...1_000_000).contains(loops) {
      throw ValidationError("--loops \(loops) is not from 1 to 1000000")
    }
    let checks = try check.map { try list($0, "--check") { ValidationCell.Check(rawValue: $0) } }
    var chosen: ValidationPlan
    if truth != nil || noiseKind != nil || points != nil || sigma != nil {
      guard plan == nil else {
        throw ValidationError(
          "--plan has its own truths and noise; leave out --truth, --noise-kind, --points, --sigma")
      }
      guard checks?.contains(.shots) != true else {
        throw ValidationError(
          "--check shots goes with --plan, not with --truth, --noise-kind, --points, --sigma")
      }
      chosen = try ownPlan(checks)
    } else {
      switch plan ?? "quick" {
      case "quick": chosen = .quick
      case "full": chosen = .full()
      default: throw ValidationError("--plan “\(plan ?? "")” is neither quick nor full")
      }
      if let loops { for index in chosen.cells.indices { chosen.cells[index].loops = loops } }
      if let checks {
        for index in chosen.cells.indices { chosen.cells[index].checks.removeAll { !checks.contains($0) } }
        chosen.cells.removeAll(where: \.checks.isEmpty)
      }
    }
    guard !chosen.cells.isEmpty else {
      throw ValidationError("the plan “\(chosen.name)” judges nothing of --check \(check ?? "")")
    }
    chosen.seed(from: seed)
    return chosen
  }

  /// Every combination of what was stated.
  private func ownPlan(_ checks: [ValidationCell.Check]?) throws -> ValidationPlan {
    let truths = try list(truth ?? "A", "--truth") { ReferenceLoop.named($0) }
    let kinds = try list(noiseKind ?? "white", "--noise-kind") { NoiseKind(rawValue: $0) }
    let counts = try list(points ?? "1000", "--points") { word in
      Int(word).flatMap { $0.isMultiple(of: 2) && (64...1_000_000).contains($0) ? $0 : nil }
    }
    let noises = try list(sigma ?? "0.1,0.3,1", "--sigma") { word in
      Double(word).flatMap { $0 > 0 && $0 <= 20 ? $0 : nil }
    }
    var cells: [ValidationCell] = []
    for truth in truths {
      for kind in kinds {
        for count in counts {
          for noise in noises {
            let cell = ValidationCell(
              truth, noiseKind: kind, noisePercent: noise, points: count, loops: loops ?? 100, seedBase: 0,
              checks: checks ?? (kind == .white ? [.accuracy, .coverage] : [.coverage]))
            try requireBound(for: cell)
            cells.append(cell)
          }
        }
      }
    }
    return ValidationPlan(name: "own", cells: cells)
  }

  private func requireBound(for cell: ValidationCell) throws {
    guard cell.checks.contains(.accuracy) else { return }
    guard cell.noiseKind == .white else {
      throw ValidationError(
        "--check accuracy compares with a bound for white noise; leave it out with --noise-kind "
          + cell.noiseKind.rawValue)
    }
    guard cell.bound != nil else {
      throw ValidationError(
        "--points \(cell.points) are too few to tell the parameters of \(cell.truth.name), so there is no bound; "
          + "take more or leave out --check accuracy")
    }
  }

  /// The words between commas, each once, turned into what they stand for.
  private func list<Item: Equatable>(
    _ words: String, _ option: String, _ item: (String) -> Item?
  ) throws -> [Item] {
    var items: [Item] = []
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      let word = word.trimmingCharacters(in: .whitespaces)
      guard let found = item(word) else {
        throw ValidationError("\(option) “\(word)” is not one of those that “magcert help validate” lists")
      }
      if !items.contains(found) { items.append(found) }
    }
    return items
  }
}
