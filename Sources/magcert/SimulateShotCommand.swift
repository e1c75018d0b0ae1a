// SPDX-License-Identifier: GPL-3.0-or-later
internal import ArgumentParser
internal import Inspection
internal import Measurements
internal import Quantities
internal import Simulation

extension SimulateCommand {
  struct Shot: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Writes the voltages of a pulsed-field magnetometer on a reference loop.",
      discussion: """
        A cylinder of 10 mm × 10 mm in an open circuit, demagnetised, in a damped sine of two half waves; channels \
        pickup (20 turns of 157 mm²) and field (a coil of 5000 mm² area-turns), time zero at the trigger. The exact \
        answers are printed. The empty shot is what the same coils show without the specimen, at 0.98 of the field and \
        2.3 µs later.

        EXAMPLE
          magcert simulate shot --hum 1 --delay 3.37us --offset 20mV --empty empty.txt --setup setup.toml \
        --output shot.txt
          magcert analyze shot.txt --setup setup.toml --empty-shot empty.txt
        """)
    @Option(
      help:
        "The reference: \((ReferenceLoop.all + ReferenceLoop.shapes).map(\.name).joined(separator: ", ")).")
    var truth = "A"
    @Option(help: "Frequency of the pulse, Hz.")
    var frequency = 30.0
    @Option(
      help: "The field without damping, with unit; by default enough for the reference, 4000kA/m for A.")
    var peakField: String?
    @Option(help: "Logarithmic decrement of the pulse for a whole period.")
    var damping = 0.15
    @Option(help: "Samples in a second, kHz.")
    var samplingRate = 200.0
    @Option(help: "Standard deviation of the noise of each voltage, with unit.")
    var noise = "1mV"
    @Option(
      help: "The pickup: flux-coil, or compensated-coils, a pair that leaves --empty-residue of the air flux."
    )
    var pickup = "flux-coil"
    @Option(help: "Mains hum at 50.03 Hz in J and H, in % of Br and of the peak field.")
    var hum = 0.0
    @Option(help: "How much later the pickup is recorded than the field, with unit, such as 3.37us.")
    var delay = "0us"
    @Option(help: "A constant voltage on the pickup, with unit, such as 20mV.")
    var offset = "0mV"
    @Option(help: "What compensated coils leave of the air flux, or a flux coil has too little, in %.")
    var emptyResidue = 0.0
    @Option(
      help: "Radius of a long cylinder whose eddy currents are seen, with unit, such as 5mm; by default none."
    )
    var eddyRadius: String?
    @Option(help: "Its resistivity, µΩ·m.")
    var resistivity = 1.5
    @Option(help: "The seed of noise and hum.")
    var seed: UInt64 = 1
    @Option(help: "The driver whose format is written.")
    var instrument = "waveform-table"
    @Option(help: ArgumentHelp("Also write the empty shot; not overwritten.", valueName: "file"))
    var empty: String?
    @Option(help: ArgumentHelp("Also write the setup; not overwritten.", valueName: "file.toml"))
    var setup: String?
    @Flag(help: "Print the exact answers as one JSON object.")
    var json = false
    @Option(name: .shortAndLong, help: "The file; not overwritten.")
    var output: String

    func run() throws {
      let shot = try simulatedShot()
      let record = shot.record(seed: seed)
      try reportingErrors {
        var files = [(path: output, bytes: try simulatedFile(record, instrumentID: instrument))]
        if let empty {
          files.append((empty, try simulatedFile(shot.emptyShot(seed: seed), instrumentID: instrument)))
        }
        if let setup { files.append((setup, Array(waveformSetupText(shot.setup).utf8))) }
        guard Set(files.map(\.path)).count == files.count else {
          throw InputError("--output, --empty and --setup name one file twice")
        }
        for file in files where fileExists(file.path) {
          throw InputError("“\(file.path)” exists and is not overwritten")
        }
        for file in files { try writeFile(file.bytes, to: file.path) }
      }
      guard !json else {
        try printOut(
          simulationJSON(shot, points: record.count, seed: seed, path: output, instrumentID: instrument)
            + "\n")
        return
      }
      try printAnswers(of: shot.reference, output)
    }

    private func simulatedShot() throws -> SimulatedShot {
      var shot = SimulatedShot(try referenceLoop(truth))
      switch pickup {
      case "compensated-coils": break
      case "flux-coil":
        guard case .compensatedCoils(let turns, let area) = shot.pickup else { break }
        shot.pickup = .fluxCoil(turns: turns, coilArea: area)
      default: throw ValidationError("--pickup “\(pickup)” is neither flux-coil nor compensated-coils")
      }
      try check(frequency, 0.1...10_000, "--frequency", "Hz")
      shot.pulse.frequency = frequency
      if let peakField {
        shot.pulse.amplitude = try quantity(peakField, .fieldStrength, 1e3...1e8, "--peak-field")
      }
      try check(damping, 0...10, "--damping", "a period")
      shot.pulse.decrement = damping
      try check(samplingRate, 1...100_000, "--sampling-rate", "kHz")
      shot.samplingRate = samplingRate * 1e3
      let seconds = shot.baseline + shot.pulse.duration + shot.tail
      guard seconds * shot.samplingRate <= 1e7 else {
        throw ValidationError("--sampling-rate \(samplingRate) kHz gives more than 10000000 samples")
      }
      let noise = try quantity(noise, .voltage, 0...1e3, "--noise")
      shot.pickupInput.noise = noise
      shot.fieldInput.noise = noise
      try check(hum, 0...100, "--hum", "%")
      shot.pickupInput.humPercent = hum
      shot.fieldInput.humPercent = hum
      shot.delay = try quantity(delay, .time, -1e-3...1e-3, "--delay")
      shot.pickupInput.offset = try quantity(offset, .voltage, -1e3...1e3, "--offset")
      try check(emptyResidue, -100...100, "--empty-residue", "%")
      shot.residue = emptyResidue / 100
      if let eddyRadius {
        try check(resistivity, 1e-3...1e9, "--resistivity", "µΩ·m")
        shot.eddies = EddyCylinder(
          radius: try quantity(eddyRadius, .length, 1e-5...1, "--eddy-radius"),
          resistivity: resistivity * 1e-6)
      }
      return shot
    }

    private func check(_ value: Double, _ range: ClosedRange<Double>, _ option: String, _ unit: String) throws
    {
      guard range.contains(value) else {
        throw ValidationError(
          "\(option) \(value) is not from \(range.lowerBound) to \(range.upperBound) \(unit)")
      }
    }

    private func quantity(
      _ text: String, _ dimension: PhysicalDimension, _ range: ClosedRange<Double>, _ option: String
    ) throws -> Double {
      guard let number = NumberWithUnit(text, dimension: dimension), range.contains(number.si) else {
        throw ValidationError(
          "\(option) “\(text)” is not a number with a unit of \(dimension.rawValue), or far out of reach")
      }
      return number.si
    }
  }
}
