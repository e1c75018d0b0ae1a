// SPDX-License-Identifier: GPL-3.0-or-later
import Inspection
import Measurements
import Quantities
import Simulation
import Testing

@Suite struct WaveformSetupTextTests {
  @Test func aSimulatedShotIsDescribedByItsKeys() {
    var shot = SimulatedShot(.a)
    shot.pickup = .compensatedCoils(turns: 20, coilArea: Quantity(si: 1.5e-4))
    shot.pickupInput.humPercent = 1
    shot.pickupUncertainty = 0.0025
    shot.fieldUncertainty = 0.005
    let expected = """
      name = "simulated shot"
      circuit = "open"
      mains_Hz = 50.0
      delay_us = 0.0
      delay_uncertainty_us = 0.05
      initial_state = "demagnetised"

      [pickup]
      channel = "pickup"
      gain = 1.0
      kind = "compensated-coils"
      turns = 20.0
      coil_area_mm2 = 150.0
      coil_area_percent = 0.0
      uncertainty_percent = 0.25

      [field]
      channel = "field"
      gain = 1.0
      kind = "coil"
      area_turns_mm2 = 5000.0
      uncertainty_percent = 0.5

      """
    #expect(waveformSetupText(shot.setup) == expected)
  }

  @Test func whatElseASetupCanSayIsWritten() {
    var setup = WaveformSetup(
      name: "PFM \"2\"\n", pickupChannel: .init("1", gain: -10), pickup: .momentCoil(constant: 0.25),
      pickupUncertainty: 0.01, fieldChannel: .init("2"), field: .probe(constant: 2e6), fieldUncertainty: 0.01)
    setup.samplingInterval = Quantity(si: 5e-6)
    setup.delay = Quantity(si: 2e-6)
    setup.compensation = .init(channel: .init("3"), factor: -0.5)
    setup.switchedOff = [.mainsHum, .baseline]
    var sample = Sample()
    let length = Quantity<Length>(si: 8e-3)
    sample.shape = Sourced(.cylinder(diameter: Quantity(si: 4e-3), length: length), .user)
    setup.calibration = .init(
      polarisation: Quantity(si: 0.61), field: Quantity(si: 500e3), relativeUncertainty: 0.005, sample: sample
    )
    let lines = waveformSetupText(setup).split(separator: "\n").map(String.init)
    for line in [
      #"name = "PFM \"2\"\u000a""#, "sampling_interval_us = 5.0", "delay_us = 2.0", "gain = -10.0",
      #"switch_off = ["baseline", "mains-hum"]"#, #"kind = "moment-coil""#, "constant_T_per_A = 0.25",
      #"kind = "probe""#, "constant_A_per_m_per_V = 2000000.0", "[compensation]", "factor = -0.5",
      "[calibration]", "polarisation_T = 0.61", "field_kA_per_m = 500.0", #"shape = "cylinder""#,
      #"size = "8.0x4.0mm""#,
    ] { #expect(lines.contains(line), "\(line)") }
  }

  @Test func theAnswersOfAShotAreThoseOfItsReference() {
    let shot = SimulatedShot(.a)
    let json = simulationJSON(shot, points: 14667, seed: 3, path: "a.txt", instrumentID: "waveform-table")
    #expect(json.contains(#""HcJ":\#(ReferenceLoop.a.answers.coercivityHcJ)"#))
    #expect(json.contains(#""noiseVolts":0.001"#))
    #expect(!json.contains("noisePercent"))
  }

  @Test func aDriverOfLoopsWritesNoRecords() {
    let error = #expect(throws: InputError.self) {
      try simulatedFile(SimulatedShot(.a).record(seed: 1), instrumentID: "table")
    }
    #expect(error?.description.contains("“table”") == true)
  }
}
