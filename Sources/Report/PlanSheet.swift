// SPDX-License-Identifier: GPL-3.0-or-later
public import Certification
public import LotStatistics

/// A sampling plan with the inspection level that led to it, for a reader and for a program.
public struct PlanSheet: Sendable {
  let plan: LotPlan
  let level: InspectionLevel

  /// A sheet for a plan of a lot.
  public init(_ plan: LotPlan, level: InspectionLevel) {
    self.plan = plan
    self.level = level
  }

  /// The plan for a terminal: what to do, and how often which lots are accepted; ends with a line feed.
  public var text: String {
    var lines = [heading, ""]
    var table = TextTable([("", .left), ("", .left)])
    for (name, value) in figures { table.append([.init(name), .init(value)]) }
    // The first line holds the headings, which are empty.
    lines += table.lines(colour: false).dropFirst()
    lines += ["", "  " + sentence]
    if !plan.basis.inspectsAll { lines += [""] + curveLines }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the numbers mean.
  var sentence: String {
    if plan.basis.inspectsAll {
      return
        "The table's sample of \(plan.basis.tabledSampleSize) is not smaller than the lot: inspect all \(plan.basis.sampleSize) pieces."
    }
    switch plan {
    case .attributes(let plan):
      let most = plan.acceptanceNumber
      if plan.limit.percent > 10 {
        return
          "Count the defects of \(plan.sampleSize) pieces drawn at random, of which one may have several: the lot is accepted "
          + "with at most \(most), and rejected with \(plan.rejectionNumber) or more."
      }
      let good =
        switch most {
        case 0: "all of them conform"
        case 1: "at most 1 of them does not conform"
        default: "at most \(most) of them do not conform"
        }
      let start =
        "Judge \(plan.sampleSize) pieces drawn at random: the lot is accepted when \(good), and rejected when "
        + "\(plan.rejectionNumber) or more do not"
      return plan.rejectionNumber == most + 1
        ? start + "."
        : start + "; in between it is accepted, and the next lot gets normal inspection."
    case .variables(let plan, .k):
      let sigma = plan.sigma == .known ? "the known σ" : "their standard deviation s"
      return
        "Measure \(plan.sampleSize) pieces drawn at random: the lot is accepted when their mean lies at least "
        + "k = \(fixedText(plan.acceptabilityConstant, decimals: 3)) times \(sigma) inside the limit. "
        + "With a lower and an upper limit use M."
    case .variables(let plan, .m):
      return
        "Measure \(plan.sampleSize) pieces drawn at random: the lot is accepted when the fraction that does not "
        + "conform, estimated from their quality indices, is at most M = "
        + "\(shortText(plan.maximumPercent, significant: 4)) %, over both limits together."
    }
  }

  /// The fraction that does not conform and the probability of acceptance: at the AQL and at round probabilities.
  var curvePoints: [(fraction: Double, acceptance: Double)] {
    guard let curve else { return [] }
    let atLimit = plan.basis.limit.percent / 100
    let round = [0.99, 0.95, 0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.01].compactMap { probability in
      curve.fraction(acceptedWith: probability).map { (fraction: $0, acceptance: probability) }
    }
    return (round + [(fraction: atLimit, acceptance: curve.acceptance(ofFraction: atLimit))])
      .sorted { $0.fraction < $1.fraction }
  }

  /// Above 10 % a limit counts defects, of which a piece may have several.
  var model: SamplingModel { plan.basis.limit.percent > 10 ? .defects : .process }

  var curve: OperatingCharacteristic? {
    switch plan {
    case .attributes(let plan): plan.operatingCharacteristic(model)
    case .variables(let plan, _): plan.operatingCharacteristic
    }
  }

  private var heading: String {
    let lot = plan.basis.lotSize.map { "lot of \($0) pieces, " } ?? ""
    return
      "\(lot)AQL \(plan.basis.limit) %, level \(level.rawValue), \(plan.basis.severity.rawValue) inspection — \(plan.standard)"
  }

  private var figures: [(String, String)] {
    let size = ("sample size n", "\(plan.basis.sampleSize)")
    switch plan {
    case .attributes(let plan):
      let moved =
        plan.planLetter == plan.codeLetter ? "" : ", by the table's arrow the plan of \(plan.planLetter)"
      return [
        ("code letter", "\(plan.codeLetter)\(moved)"), size,
        ("acceptance number Ac", "\(plan.acceptanceNumber)"),
        ("rejection number Re", "\(plan.rejectionNumber)"),
      ]
    case .variables(let plan, let method):
      let k = ("acceptability constant k", fixedText(plan.acceptabilityConstant, decimals: 3))
      let most = ("largest fraction M", shortText(plan.maximumPercent, significant: 4) + " %")
      let judged = method == .k ? [k, most] : [most, k]
      return [
        ("code letter", "\(plan.codeLetter)"),
        ("σ", plan.sigma == .known ? "known" : "unknown, estimated by s"), size,
      ] + judged
    }
  }

  private var curveLines: [String] {
    let unit = model == .defects ? "" : " %"
    let quality = model == .defects ? "defects per 100 pieces p" : "nonconforming p"
    var table = TextTable([(quality, .right), ("accepted Pa", .right)])
    for point in curvePoints {
      table.append([
        .init(shortText(100 * point.fraction, significant: 3) + unit),
        .init(fixedText(100 * point.acceptance, decimals: 1) + " %"),
      ])
    }
    guard let outgoing = curve?.outgoingQualityLimit else { return table.lines(colour: false) }
    let last =
      "  Where rejected lots are sorted, what leaves has on average at most "
      + "\(shortText(100 * outgoing.fraction, significant: 3))\(unit) (at p = "
      + "\(shortText(100 * outgoing.incoming, significant: 3))\(unit))."
    return ["  Lots from a process with p are accepted so often:"] + table.lines(indent: 4, colour: false) + [
      "", last,
    ]
  }
}
