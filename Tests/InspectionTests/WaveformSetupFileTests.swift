// SPDX-License-Identifier: GPL-3.0-or-later
import Foundation
import Inspection
import Measurements
import Quantities
import Simulation
import TestSupport
import Testing

/// What a setup file says is what the chain gets, and what it cannot mean is one sentence.
@Suite struct WaveformSetupFileTests {
  /// Every key that may stand beside the others.
  static let full = """
    name = "PFM 2"
    circuit = "closed"
    sampling_interval_us = 5
    baseline_ms = 4
    mains_Hz = 50
    delay_us = -3.5
    delay_uncertainty_us = 0.25
    resistivity_uOhm_m = 1.5
    initial_state = "demagnetised"
    switch_off = ["mains-hum", "delay"]

    [pickup]
    channel = "CH1"
    gain = -10
    kind = "flux-coil"
    turns = 20
    coil_area_mm2 = 157
    coil_area_percent = 0.5
    uncertainty_percent = 0.25

    [field]
    channel = "CH2"
    gain = 2.0
    kind = "coil"
    area_turns_mm2 = 5000
    uncertainty_percent = 1

    [compensation]
    channel = "CH3"
    gain = 4
    factor = -0.5

    [calibration]
    polarisation_T = 0.61
    field_kA_per_m = 500
    uncertainty_percent = 0.5
    shape = "cylinder"
    size = "8x4mm"
    volume = "100mm3"

    """

  /// The least that there is.
  static let least = """
    name = "n"
    [pickup]
    channel = "a"
    kind = "polarisation"
    constant_T_per_V = 0.5
    uncertainty_percent = 0
    [field]
    channel = "b"
    kind = "probe"
    constant_A_per_m_per_V = 2e6
    uncertainty_percent = 0

    """

  private func setup(_ text: String) throws(InputError) -> WaveformSetup {
    try WaveformSetup(toml: text, name: "s.toml")
  }

  // A decimal times a power of ten is within a unit in the last place of what is expected.
  private func isClose(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) <= 4e-16 * abs(b) } ?? false }

  @Test func everyKeyArrivesInSI() throws {
    let setup = try setup(Self.full)
    #expect(setup.name == "PFM 2")
    #expect(setup.circuit == .closed)
    #expect(isClose(setup.samplingInterval?.si, 5e-6))
    #expect(isClose(setup.baseline?.si, 4e-3))
    #expect(setup.mains?.si == 50)
    #expect(isClose(setup.delay?.si, -3.5e-6))
    #expect(isClose(setup.delayUncertainty?.si, 0.25e-6))
    #expect(isClose(setup.resistivity?.si, 1.5e-6))
    #expect(setup.initialState == .demagnetised)
    #expect(setup.switchedOff == [.mainsHum, .delay])
    #expect(setup.pickupChannel == .init("CH1", gain: -10))
    guard case .fluxCoil(let turns, let area) = setup.pickup, case .coil(let areaTurns) = setup.field else {
      Issue.record("\(setup.pickup), \(setup.field)")
      return
    }
    #expect(turns == 20)
    #expect(isClose(area.si, 157e-6))
    #expect(isClose(areaTurns.si, 5e-3))
    #expect(isClose(setup.coilAreaUncertainty, 0.005))
    #expect(isClose(setup.pickupUncertainty, 0.0025))
    #expect(setup.fieldChannel == .init("CH2", gain: 2))
    #expect(isClose(setup.fieldUncertainty, 0.01))
    #expect(setup.compensation == .init(channel: .init("CH3", gain: 4), factor: -0.5))
    let calibration = try #require(setup.calibration)
    #expect(calibration.polarisation.si == 0.61)
    #expect(calibration.field.si == 500e3)
    #expect(isClose(calibration.relativeUncertainty, 0.005))
    guard case .cylinder(let diameter, let length)? = calibration.sample.shape?.value else {
      Issue.record("\(calibration.sample)")
      return
    }
    #expect(isClose(diameter.si, 4e-3))
    #expect(isClose(length.si, 8e-3))
    #expect(isClose(calibration.sample.volume?.value.si, 100e-9))
  }

  @Test func whatIsNotSaidHasItsDefault() throws {
    let setup = try setup(Self.least)
    #expect(setup.circuit == .open)
    #expect(setup.initialState == .unknown)
    #expect(setup.pickupChannel.gain == 1)
    #expect(setup.coilAreaUncertainty == 0)
    #expect(setup.switchedOff.isEmpty)
    #expect(
      [setup.samplingInterval?.si, setup.baseline?.si, setup.mains?.si, setup.delay?.si] == [
        nil, nil, nil, nil,
      ])
    #expect(setup.compensation == nil)
    #expect(setup.calibration == nil)
    #expect(setup.resistivity == nil)
  }

  static let pickups: [(keys: String, pickup: WaveformSetup.Pickup)] = [
    ("kind = \"flux-coil\"\nturns = 3\ncoil_area_mm2 = 2e6", .fluxCoil(turns: 3, coilArea: Quantity(si: 2))),
    (
      "kind = \"compensated-coils\"\nturns = 3\ncoil_area_mm2 = 2e6",
      .compensatedCoils(turns: 3, coilArea: Quantity(si: 2))
    ),
    ("kind = \"moment-coil\"\nconstant_T_per_A = 0.25", .momentCoil(constant: 0.25)),
    ("kind = \"polarisation\"\nconstant_T_per_V = 0.25", .polarisation(constant: 0.25)),
  ]
  static let fields: [(keys: String, field: WaveformSetup.Field)] = [
    ("kind = \"coil\"\narea_turns_mm2 = 3e6", .coil(areaTurns: Quantity(si: 3))),
    ("kind = \"probe\"\nconstant_A_per_m_per_V = 8", .probe(constant: 8)),
    ("kind = \"probe\"\nconstant_A_per_m_per_A = 9", .probe(constant: 9, unit: .ampere)),
  ]

  // Areas and constants are chosen so that they convert without rounding.
  @Test func everyKindGoesThereAndBack() throws {
    for (pickupKeys, pickup) in Self.pickups {
      for (fieldKeys, field) in Self.fields {
        let setup = try setup(
          """
          name = "x"
          [pickup]
          channel = "a"
          uncertainty_percent = 0
          \(pickupKeys)
          [field]
          channel = "b"
          uncertainty_percent = 0
          \(fieldKeys)
          """)
        #expect(setup.pickup == pickup)
        #expect(setup.field == field)
        #expect(try self.setup(waveformSetupText(setup)) == setup)
      }
    }
  }

  @Test func everythingElseGoesThereAndBack() throws {
    var setup = try setup(Self.full)
    setup.switchedOff = Set(WaveformSetup.Step.allCases)
    setup.name = "quotes \" and \\, a line\nand µ"
    let again = try self.setup(waveformSetupText(setup))
    // Once more gives the same text: what rounds does so once.
    #expect(waveformSetupText(again) == waveformSetupText(try self.setup(waveformSetupText(again))))
    #expect(again.name == setup.name)
    #expect(again.switchedOff == setup.switchedOff)
    #expect(again.calibration?.sample.shape == setup.calibration?.sample.shape)
    #expect(again.compensation == setup.compensation)
    #expect(isClose(again.resistivity?.si, 1.5e-6))
    #expect(isClose(again.delay?.si, -3.5e-6))
    #expect(isClose(again.baseline?.si, 4e-3))
    #expect(again.initialState == setup.initialState)
    #expect(again.circuit == setup.circuit)
  }

  /// A line of the full setup, what stands there instead, and the key that the sentence names.
  static let wrong: [(String, String, String)] = [
    ("name = \"PFM 2\"", "", "name"), ("name = \"PFM 2\"", "name = 3", "name"),
    ("circuit = \"closed\"", "circuit = \"ajar\"", "circuit"),
    ("sampling_interval_us = 5", "sampling_interval_us = 0", "sampling_interval_us"),
    ("sampling_interval_us = 5", "sampling_interval_us = 1e300", "sampling_interval_us"),
    ("sampling_interval_us = 5", "sampling_interval_us = nan", "sampling_interval_us"),
    ("sampling_interval_us = 5", "sampling_interval_ms = 5", "sampling_interval_ms"),
    ("baseline_ms = 4", "baseline_ms = -4", "baseline_ms"),
    ("mains_Hz = 50", "mains_Hz = 500", "mains_Hz"), ("mains_Hz = 50", "mains_Hz = inf", "mains_Hz"),
    ("delay_us = -3.5\n", "", "delay_us"), ("delay_us = -3.5", "delay_us = 2e6", "delay_us"),
    ("delay_uncertainty_us = 0.25\n", "", "delay_uncertainty_us"),
    ("delay_uncertainty_us = 0.25", "delay_uncertainty_us = -1", "delay_uncertainty_us"),
    ("resistivity_uOhm_m = 1.5", "resistivity_uOhm_m = 0", "resistivity_uOhm_m"),
    ("initial_state = \"demagnetised\"", "initial_state = \"magnetised\"", "initial_state"),
    ("\"mains-hum\", \"delay\"", "\"hum\"", "switch_off"), ("[\"mains-hum\", \"delay\"]", "1", "switch_off"),
    ("channel = \"CH1\"\n", "", "channel"), ("gain = -10", "gain = 0", "gain"),
    ("gain = -10", "gain = 1e300", "gain"), ("kind = \"flux-coil\"", "kind = \"coil\"", "kind"),
    ("kind = \"flux-coil\"", "kind = \"moment-coil\"", "turns"), ("turns = 20", "turns = -20", "turns"),
    ("turns = 20\n", "", "turns"), ("turns = 20", "turns = \"20\"", "turns"),
    ("coil_area_mm2 = 157", "coil_area_mm2 = 0", "coil_area_mm2"),
    ("coil_area_mm2 = 157", "coil_area_cm2 = 1.57", "coil_area_cm2"),
    ("coil_area_percent = 0.5", "coil_area_percent = -0.5", "coil_area_percent"),
    ("turns = 20", "turns = 20\nconstant_T_per_A = 1", "constant_T_per_A"),
    ("turns = 20", "turns = 20\nconstant_T_per_V = 1", "constant_T_per_V"),
    ("uncertainty_percent = 0.25", "uncertainty_percent = 101", "uncertainty_percent"),
    ("uncertainty_percent = 0.25", "", "uncertainty_percent"),
    ("kind = \"coil\"", "kind = \"Hall\"", "kind"),
    ("kind = \"coil\"", "kind = \"probe\"", "area_turns_mm2"),
    ("area_turns_mm2 = 5000", "area_turns_mm2 = 0", "area_turns_mm2"),
    ("area_turns_mm2 = 5000", "area_turns_mm2 = 5000\nconstant_A_per_m_per_V = 1", "constant_A_per_m_per_V"),
    ("area_turns_mm2 = 5000", "area_turns_mm2 = 5000\nconstant_A_per_m_per_A = 1", "constant_A_per_m_per_A"),
    ("gain = 4", "gain = 0", "gain"), ("factor = -0.5", "factor = 1e300", "factor"),
    ("factor = -0.5\n", "", "factor"),
    ("polarisation_T = 0.61", "polarisation_T = 0", "polarisation_T"),
    ("polarisation_T = 0.61", "polarisation_T = 10", "polarisation_T"),
    ("field_kA_per_m = 500", "field_kA_per_m = 1e7", "field_kA_per_m"),
    ("uncertainty_percent = 0.5\n", "uncertainty_percent = -1\n", "uncertainty_percent"),
    ("shape = \"cylinder\"", "shape = \"cube\"", "shape"), ("size = \"8x4mm\"", "size = \"8x4\"", "size"),
    ("volume = \"100mm3\"", "volume = \"100\"", "volume"),
  ]

  @Test(arguments: wrong) func whatCannotBeMeantIsOneSentence(
    _ line: String, _ instead: String, _ key: String
  ) {
    #expect(Self.full.contains(line))
    let text = Self.full.replacing(line, with: instead, maxReplacements: 1)
    let error = #expect(throws: InputError.self) { try setup(text) }
    let sentence = error?.description ?? ""
    #expect(sentence.hasPrefix("setup “s.toml”"), "\(sentence)")
    #expect(sentence.contains(key), "\(sentence)")
    #expect(!sentence.contains("\n") && !sentence.hasSuffix("."), "\(sentence)")
  }

  @Test func aMissingTableIsNamed() {
    for table in ["pickup", "field"] {
      let text = Self.least.replacing("[\(table)]", with: "[other]")
      let error = #expect(throws: InputError.self) { try setup(text) }
      let words = error?.description ?? ""
      #expect(words.contains(table) || words.contains("other"), "\(words)")
    }
    let error = #expect(throws: InputError.self) { try setup("name = \"n\"\n") }
    #expect(error?.description.contains("pickup") == true || error?.description.contains("field") == true)
  }

  @Test(arguments: [
    "", "[", "[[", "[]", "[[pickup]]", "name = ", "name = \"", "name = \"\"\"", "= 3", "a.b.c = {", "[pickup",
    "name = \"a\"\nname = \"b\"", "pickup = 3", "[pickup]\n[pickup]", "\u{0}", "name = \"\\uD800\"",
    "x = 1e999",
    "switch_off = [", "[pickup]\nturns = 99999999999999999999", "#", "name = '''",
  ])
  func malformedTextIsASentence(_ text: String) {
    let error = #expect(throws: InputError.self) { try setup(text) }
    #expect(error?.description.contains("setup “s.toml”") == true)
  }

  // The article has every key that the reader knows, no other, and an example that is a setup.
  @Test func theArticleKeepsStepWithTheReader() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }
    let article = try text("Instruments/Instruments.docc/From-voltages-to-a-loop.md")
    let reader = try text("Sources/Inspection/WaveformSetupFile.swift")
    // The stored properties of the decoded types; those of tables are the tables' names.
    let keys = Set(
      reader.matches(of: /\n {2,4}var (\w+): (?:String|TOMLNumber|\[String\])\??(?=\n)/).map { String($0.1) })
    #expect(keys.count > 25)
    for key in keys { #expect(article.contains("`\(key)`"), "\(key)") }
    for table in ["pickup", "field", "compensation", "calibration"] {
      #expect(article.contains("`[\(table)]`"), "\(table)")
    }
    for step in WaveformSetup.Step.allCases {
      #expect(article.contains("`\(step.rawValue)`"), "\(step.rawValue)")
    }
    let start = try #require(article.range(of: "```toml\n"))
    let end = try #require(article[start.upperBound...].range(of: "```"))
    let example = String(article[start.upperBound..<end.lowerBound])
    _ = try setup(example)
    for match in example.matches(of: #/\n(\w+) =/#) { #expect(keys.contains(String(match.1))) }
  }

  // Bytes changed, cut out and doubled at seeded places: a setup or a sentence, and never the end of the program.
  @Test func mutatedBytesNeverStopTheProgram() {
    var generator = SplitMix64(seed: 11)
    func draw(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
    let good = Array(Self.full.utf8)
    var refused = 0
    for _ in 0..<500 {
      var bytes = good
      for _ in 0...draw(4) {
        let place = draw(bytes.count)
        switch draw(4) {
        case 0: bytes[place] = UInt8(draw(256))
        case 1: bytes[place] ^= 1 << UInt8(draw(8))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + draw(20)))
        default: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 1 + draw(20))], at: place)
        }
      }
      do {
        _ = try setup(String(decoding: bytes, as: UTF8.self))
      } catch {
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    // Some changes fall into names and numbers and mean something else.
    #expect((200...499).contains(refused), "\(refused)")
  }
}
