// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

// What all drivers hold of temperatures and of sizes that nobody typed in.
@Suite("Temperatures and placeholder values of a specimen")
struct SpecimenTests {
  private func notes(_ loop: LoopMeasurement, _ code: String) -> [String] {
    loop.notes.filter { $0.code == code }.map(\.message)
  }

  private func table(_ temperature: String) throws -> LoopMeasurement {
    let rows = (0..<10).map { "\($0 * 100),0.5,\($0 == 4 ? temperature : "20")\n" }.joined()
    return try readLoop(.table, textFile("# temperature: \(temperature) °C\nH (A/m),J (T),T (°C)\n\(rows)"))
  }

  @Test("a table's temperatures end at 0 K and at 1300 K", arguments: ["-300", "-273.15", "1700"])
  func coldAndHot(_ celsius: String) throws {
    let loop = try table(celsius)
    #expect(loop.temperature == nil && loop.sample.temperature == nil)
    let notes = notes(loop, "temperature-not-physical")
    #expect(notes.count == 2)
    #expect(notes[0].contains("temperature “\(celsius) °C”"), "\(notes)")
    #expect(notes[1].contains("“T (°C)”") && notes[1].contains("line 7"), "\(notes)")
  }

  @Test("temperatures up to the end of an oven are kept", arguments: [-272.0, 1000])
  func kept(_ celsius: Double) throws {
    let loop = try table("\(celsius)")
    #expect(loop.temperature?.si[4] == celsius + 273.15)
    #expect(loop.sample.temperature?.value.si == celsius + 273.15)
    #expect(!loop.notes.contains { $0.code == "temperature-not-physical" })
  }

  @Test("a header without a sensor gives no temperature")
  func headers() throws {
    let tamakawa = try readLoop(.tamakawa, edited("Tamakawa/corrected.VSM", [("(max)=,24.5", "(max)=,-300")]))
    #expect(tamakawa.sample.temperature == nil)
    #expect(notes(tamakawa, "temperature-not-physical").first?.contains("“-300 °C”") == true)
  }

  @Test("an offered weight of 1 or 0 is a placeholder value", arguments: ["0", "1", "1.000"])
  func placeholders(_ number: String) throws {
    let loops = [
      try readLoop(.tamakawa, edited("Tamakawa/corrected.VSM", [("0.0163,(g)", "\(number),(g)")])),
      try readLoop(.petersenVFTB, edited("PetersenVFTB/loop.001", [("83.5 mg", "\(number) mg")])),
      try readLoop(.microMag, edited("MicroMag/series-0016.002", [("+31.70000E-06", number)])),
      try readLoop(.microMagLegacy, edited("MicroMagLegacy/version-8.agm", [("+2.450000E-05", number)])),
      try readLoop(
        .microSense, edited("MicroSense/two-coils.RAW", [("Mass = 1.145E-1", "Mass = \(number)")])),
    ]
    for loop in loops {
      #expect(loop.sample.mass == nil, "\(loop.instrument)")
      #expect(notes(loop, "placeholder-value").count == 1, "\(loop.instrument): \(loop.notes)")
    }
  }

  @Test("a volume of 1 cc is a placeholder value, 1 g that a user wrote into a table is not")
  func volumes() throws {
    let one = try readLoop(.tamakawa, edited("Tamakawa/corrected.VSM", [("0.0021,(cc)", "1,(cc)")]))
    #expect(one.sample.volume == nil && one.sample.mass != nil)
    let rows = (0..<10).map { "\($0 * 100),0.5\n" }.joined()
    let written = try readLoop(.table, textFile("# mass: 1 g\nH (A/m),J (T)\n\(rows)"))
    #expect(written.sample.mass?.value.si == 1e-3)
  }

  @Test("of a film that the program offers the mass is one of its placeholder values")
  func offeredFilm() throws {
    let loop = try readLoop(
      .microSense, edited("MicroSense/one-coil.VHD", [("Mass = 0.000E+0", "Mass = 2.722E-1")]))
    #expect(loop.sample.mass == nil && loop.sample.volume == nil)
    #expect(notes(loop, "placeholder-value").count == 2)
  }
}
