// SPDX-License-Identifier: GPL-3.0-or-later
public import ArgumentParser
internal import Inspection
internal import Measurements
internal import Quantities
public import Simulation

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Writes loops with known answers, to validate an installation or to try magcert.",
    subcommands: [Loop.self, Blank.self, Lot.self, Shot.self])

  struct Loop: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes one reference loop with seeded noise.",
      discussion: """
        The references are closed-form curves: A like N42SH, B skewed, C with 1.5 % of a soft phase, D wide like \
        bonded NdFeB, L2 a sum of logistic functions, T1 to T3 hyperbolic tangents; ferrite, N30EH, SmCo217, \
        hot-pressed, round (without rare earths) and bonded3 are mixtures like these materials. Their exact \
        answers are printed.

        EXAMPLE
          magcert simulate loop --truth A --points 10000 --noise 0.1 --seed 1 --output a.txt
        """)
    @Option(
      help:
        "The reference: \((ReferenceLoop.all + ReferenceLoop.shapes).map(\.name).joined(separator: ", ")).")
    var truth = "A"
    @Option(help: "Points of the whole loop, both branches; even.")
    var points = 1000
    @Option(help: "Standard deviation of the noise of J, in % of Br.")
    var noise = 0.0
    @Option(help: noiseKindHelp)
    var noiseKind = NoiseKind.white
    @Option(help: "Standard deviation of the noise of the field, with unit, such as 1kA/m.")
    var fieldNoise: String?
    @Option(help: "The seed of the noise.")
    var seed: UInt64 = 1
    @Option(help: "The largest field with unit; by default enough for the reference, 2400kA/m for A.")
    var maximumField: String?
    @Option(help: "loop, initial (an initial curve before the loop), or quadrant (the second only).")
    var sweep = "loop"
    @Option(help: "A free-standing cube of this edge with unit: moment and applied field instead of J and H.")
    var cube: String?
    @Option(help: "The specimen's temperature with unit.")
    var temperature = "23C"
    @Option(
      help: "Coefficient of Br, by which the truth is taken from 20 °C to --temperature: --alpha=-0.12%/K.")
    var alpha: String?
    @Option(help: "The same of HcJ: --beta=-0.6%/K.")
    var beta: String?
    @Option(help: "The driver whose format is written.")
    var instrument = "table"
    @Option(
      help: ArgumentHelp(
        "Write only the first bytes of the file, as when an instrument is switched off.", valueName: "bytes"))
    var stopAfter: Int?
    @Flag(help: "Print the exact answers as one JSON object.")
    var json = false
    @Option(name: .shortAndLong, help: "The file; not overwritten.")
    var output: String

    func run() throws {
      var loop = try simulatedLoop(truth, points: points, noise: noise, noiseKind, cube: cube)
      loop.seed = seed
      if let maximumField { loop.maximumField = try number(maximumField, .fieldStrength, "--maximum-field") }
      if let fieldNoise { loop.fieldNoise = try number(fieldNoise, .fieldStrength, "--field-noise") }
      let kelvin = try number(temperature, .temperature, "--temperature")
      loop.temperature = kelvin
      if alpha != nil || beta != nil {
        let (alpha, beta) = (
          try perKelvin(alpha ?? "0%/K", "--alpha"), try perKelvin(beta ?? "0%/K", "--beta")
        )
        let change = kelvin - 293.15
        guard 1 + alpha * change > 0.01, 1 + beta * change > 0.01 else {
          throw ValidationError("--alpha or --beta leaves no magnet at \(temperature)")
        }
        loop.reference = loop.reference.warmed(
          byKelvin: change, alphaPerKelvin: alpha, betaPerKelvin: beta)
      }
      switch sweep {
      case "loop": loop.sweep = .fullLoop
      case "initial": loop.sweep = .initialCurveAndLoop
      case "quadrant": loop.sweep = .secondQuadrant(toAmperesPerMetre: loop.maximumField)
      default: throw ValidationError("--sweep “\(sweep)” is not loop, initial or quadrant")
      }
      if let stopAfter, stopAfter < 0 { throw ValidationError("--stop-after \(stopAfter) is negative") }
      try write(loop.measurement(), instrument, to: output, bytes: stopAfter)
      guard !json else {
        try printOut(simulationJSON(loop, path: output, instrumentID: instrument) + "\n")
        return
      }
      try printAnswers(of: loop.reference, output)
    }
  }

  struct Blank: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes what an instrument records without a specimen, 16 loops long, to try --blank.",
      discussion: """
        Truth, points, noise and cube are those of the loop that it is for; the seed is to be another.

        EXAMPLE
          magcert simulate loop --truth L2 --noise 0.3 --noise-kind pink --seed 1 --output loop.txt
          magcert simulate blank --truth L2 --noise 0.3 --noise-kind pink --seed 2 --output blank.txt
          magcert analyze loop.txt --blank blank.txt --show-budget
        """)
    @Option(help: "The reference, as for simulate loop.")
    var truth = "A"
    @Option(help: "Points of one whole loop, both branches; even.")
    var points = 1000
    @Option(help: "Standard deviation of the noise of J, in % of Br.")
    var noise = 0.1
    @Option(help: noiseKindHelp)
    var noiseKind = NoiseKind.white
    @Option(help: "The seed of the noise.")
    var seed: UInt64 = 2
    @Option(help: "A free-standing cube of this edge with unit: moment and applied field instead of J and H.")
    var cube: String?
    @Option(help: "The driver whose format is written.")
    var instrument = "table"
    @Option(name: .shortAndLong, help: "The file; not overwritten.")
    var output: String

    func run() throws {
      guard points <= 1_000_000 else { throw ValidationError("--points \(points) is more than 1000000") }
      let loop = try simulatedLoop(truth, points: points, noise: noise, noiseKind, cube: cube)
      try write(loop.blankRecord(seed: seed), instrument, to: output)
      try printOut("\(output): \(16 * points) samples of \(noiseKind.rawValue) noise" + "\n")
    }
  }

  struct Lot: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the pieces of a lot of N42SH-like cubes, some with a defect.",
      discussion: """
        Defects are low-coercivity (HcJ near 1450 kA/m) and soft-phase (2 %, a kink near 80 kA/m).

        EXAMPLE
          magcert simulate lot --pieces 12 --seed 42 --defect 5=low-coercivity --defect 9=soft-phase --output lot
        """)
    @Option(help: "The lot's name.")
    var name = "L42"
    @Option(help: "How many pieces.")
    var pieces = 12
    @Option(help: "The seed of spread and noise.")
    var seed: UInt64 = 1
    @Option(
      name: .customLong("defect"),
      help: ArgumentHelp(
        "A piece, counted from 1, with its defect; may be repeated.", valueName: "piece=defect"))
    var defects: [String] = []
    @Option(help: "The driver whose format is written.")
    var instrument = "quantum-design-vsm"
    @Flag(help: "Print the exact answers of every piece, one JSON object each.")
    var json = false
    @Option(name: .shortAndLong, help: "The folder; files in it are not overwritten.")
    var output: String

    func run() throws {
      guard (1...100_000).contains(pieces) else {
        throw ValidationError("--pieces \(pieces) is not from 1 to 100000")
      }
      guard !name.isEmpty, !name.contains("/") else {
        throw ValidationError("--name “\(name)” is not a name for files")
      }
      var lot = SimulatedLot(name: name, pieces: pieces, seed: seed)
      for word in defects {
        let parts = word.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let piece = Int(parts[0]), (1...pieces).contains(piece),
          let defect = SimulatedLot.Defect(rawValue: String(parts[1]))
        else {
          throw ValidationError(
            "--defect “\(word)” is not a piece up to \(pieces) and one of "
              + SimulatedLot.Defect.allCases.map(\.rawValue).joined(separator: ", ")
              + ", such as 5=soft-phase")
        }
        lot.defects[piece] = defect
      }
      let ending = instrument == "quantum-design-vsm" ? "dat" : "txt"
      for loop in lot.loops() {
        let path = "\(output)/\(loop.sample.id?.value ?? name).\(ending)"
        try write(loop.measurement(), instrument, to: path)
        if json { try printOut(simulationJSON(loop, path: path, instrumentID: instrument) + "\n") }
      }
      if !json { try printOut("\(output): \(pieces) pieces of lot \(name)" + "\n") }
    }
  }
}

extension NoiseKind: ExpressibleByArgument {}

private let noiseKindHelp: ArgumentHelp =
  "white, autoregressive (0.9 between neighbours), pink (1/f) or random-walk, the last two above white noise."

/// A full loop of a reference, noise and specimen as the options say.
private func simulatedLoop(
  _ truth: String, points: Int, noise: Double, _ kind: NoiseKind, cube: String?
) throws -> SimulatedLoop {
  let reference = try referenceLoop(truth)
  guard points >= 32, points <= 10_000_000, points.isMultiple(of: 2) else {
    throw ValidationError("--points \(points) is not an even number from 32 to 10000000")
  }
  guard noise >= 0, noise <= 100 else { throw ValidationError("--noise \(noise) is not from 0 to 100") }
  var loop = SimulatedLoop(reference)
  loop.points = points
  loop.noisePercent = noise
  loop.noiseKind = kind
  loop.sample.id = Sourced("reference \(reference.name)", .header)
  if let cube {
    let edge = Quantity<Length>(si: try number(cube, .length, "--cube"))
    let shape = Shape.cuboid(a: edge, b: edge, c: edge)
    loop.sample.shape = Sourced(shape, .header)
    loop.openCircuit = .init(demagnetisingFactor: 1.0 / 3, volume: shape.volume.si)
  }
  return loop
}

/// The exact answers of a reference in words.
func printAnswers(of reference: ReferenceLoop, _ path: String) throws {
  let answers = reference.answers
  try printOut(
    """
    \(path): reference \(reference.name)
      Br       \(answers.remanence) T
      HcB      \(answers.coercivityHcB) A/m
      HcJ      \(answers.coercivityHcJ) A/m
      (BH)max  \(answers.energyProduct) J/m³
      Hk       \(answers.kneeField) A/m

    """)
}

/// The reference loop of a name.
func referenceLoop(_ truth: String) throws -> ReferenceLoop {
  guard let reference = ReferenceLoop.named(truth) else {
    throw ValidationError(
      "--truth “\(truth)” is not one of "
        + (ReferenceLoop.all + ReferenceLoop.shapes).map(\.name).joined(separator: ", "))
  }
  return reference
}

private func number(_ text: String, _ dimension: PhysicalDimension, _ option: String) throws -> Double {
  guard let number = NumberWithUnit(text, dimension: dimension), number.si > 0, number.si < 1e12 else {
    throw ValidationError("\(option) “\(text)” is not a positive number with a unit of \(dimension.rawValue)")
  }
  return number.si
}

private func write(
  _ measurement: LoopMeasurement, _ instrument: String, to path: String, bytes: Int? = nil
) throws {
  try reportingErrors {
    guard !fileExists(path) else { throw InputError("“\(path)” exists and is not overwritten") }
    let file = try simulatedFile(measurement, instrumentID: instrument)
    try writeFile(Array(file.prefix(bytes ?? file.count)), to: path)
  }
}
