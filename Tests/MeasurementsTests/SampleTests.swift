// SPDX-License-Identifier: GPL-3.0-or-later
import Measurements
import Quantities
import Testing

@Suite struct SampleTests {
  private func length(_ millimetres: Double) -> Quantity<Length> { Quantity(si: millimetres * 1e-3) }

  private var full: Sample {
    var sample = Sample()
    sample.id = Sourced("piece", .header)
    sample.lot = Sourced("lot", .header)
    sample.material = Sourced("NdFeB", .header)
    sample.mass = Sourced(Quantity(si: 1e-3), .header)
    sample.density = Sourced(Quantity(si: 7500), .header)
    sample.volume = Sourced(Quantity(si: 2e-7), .header)
    sample.shape = Sourced(.sphere(diameter: length(4)), .header)
    sample.circuit = Sourced(.open, .header)
    sample.temperature = Sourced(Quantity(si: 300), .header)
    return sample
  }

  @Test func whatIsStatedReplacesWhatIsKnown() {
    #expect(full.overridden(by: Sample()) == full)
    #expect(Sample().overridden(by: full) == full)
    #expect(Sample().overridden(by: Sample()) == Sample())
    var stated = full
    stated.id = Sourced("other", .user)
    stated.circuit = Sourced(.closed, .user)
    #expect(full.overridden(by: stated) == stated)
    var only = Sample()
    only.mass = Sourced(Quantity(si: 5e-3), .user)
    let result = full.overridden(by: only)
    #expect(result.mass == only.mass)
    var restored = result
    restored.mass = full.mass
    #expect(restored == full, "one stated fact changed another")
  }

  /// Products of three lengths and a constant; a few roundings.
  @Test func shapesHaveTheirVolumes() {
    let shapes: [(Shape, Double)] = [
      (.cuboid(a: length(1.98), b: length(1.99), c: length(2.70)), 10.63854e-9),
      (.cylinder(diameter: length(2), length: length(3)), 3 * Double.pi * 1e-9),
      (.sphere(diameter: length(2)), 4 * Double.pi / 3 * 1e-9),
      (.ellipsoid(a: length(2), b: length(4), c: length(6)), 8 * Double.pi * 1e-9),
    ]
    for (shape, volume) in shapes {
      #expect(abs(shape.volume.si / volume - 1) < 1e-14, "\(shape.name) \(shape.volume.si)")
    }
    #expect(shapes.map(\.0.name) == ["cuboid", "cylinder", "sphere", "ellipsoid"])
    #expect(shapes.map(\.0.lengths.count) == [3, 2, 1, 3])
    #expect(shapes[0].0.lengths == [1.98e-3, 1.99e-3, 2.70e-3])
  }

  @Test func volumeIsTheOneGivenElseOfTheShapeElseOfMassAndDensity() throws {
    var sample = full
    #expect(sample.effectiveVolume == Sourced(Quantity(si: 2e-7), .header))
    sample.volume = nil
    let sphere = try #require(sample.effectiveVolume)
    #expect(sphere.origin == .header)
    #expect(abs(sphere.value.si / (4 * Double.pi / 3 * 8e-9) - 1) < 1e-14)
    sample.shape = nil
    let quotient = try #require(sample.effectiveVolume)
    #expect(quotient.origin == .computed)
    #expect(abs(quotient.value.si / (1e-3 / 7500) - 1) < 1e-15)
    sample.density = Sourced(Quantity(si: 0), .user)
    #expect(sample.effectiveVolume == nil)
    sample.density = nil
    #expect(sample.effectiveVolume == nil)
    #expect(Sample().effectiveVolume == nil)
  }
}

@Suite struct LoopMeasurementTests {
  private func measurement(_ count: Int) -> LoopMeasurement {
    let numbers = (0..<count).map(Double.init)
    return LoopMeasurement(
      instrument: "test", field: .applied(Series(si: numbers)),
      response: .moment(Series(si: numbers.map { -$0 })),
      processed: ProcessedColumns(
        field: .internal(Series(si: numbers.map { 2 * $0 })),
        response: .polarisation(Series(si: numbers.map { 3 * $0 }))),
      time: Series(si: numbers.map { 10 + $0 }), temperature: Series(si: numbers.map { 300 + $0 }),
      lines: (0..<count).map { 100 + $0 })
  }

  @Test func rowsAreCutFromEveryColumn() {
    let part = measurement(10).rows(3..<5)
    #expect(part.count == 2)
    #expect(part.field == .applied(Series(si: [3, 4])))
    #expect(part.response == .moment(Series(si: [-3, -4])))
    #expect(part.processed?.field == .internal(Series(si: [6, 8])))
    #expect(part.processed?.response == .polarisation(Series(si: [9, 12])))
    #expect(part.time?.si == [13, 14])
    #expect(part.temperature?.si == [303, 304])
    #expect(part.lines == [103, 104])
    #expect(measurement(10).rows(0..<10) == measurement(10))
    #expect(measurement(10).rows(4..<4).count == 0)
    #expect(measurement(0).rows(0..<0) == measurement(0))
  }

  @Test func everyResponseKindKeepsItsKindWhenCut() {
    let channels: [ResponseChannel] = [
      .moment(Series(si: [1, 2])), .specificMoment(Series(si: [1, 2])), .magnetisation(Series(si: [1, 2])),
      .polarisation(Series(si: [1, 2])), .fluxDensity(Series(si: [1, 2])),
    ]
    for channel in channels {
      #expect(channel.rows(1..<2).name == channel.name)
      #expect(channel.rows(1..<2).unit == channel.unit)
      #expect(channel.rows(1..<2).si == [2])
      #expect(channel.rows(0..<2) == channel)
    }
    #expect(Set(channels.map(\.name)).count == channels.count)
  }

  @Test func measurementWithoutOptionalColumnsIsCut() {
    let plain = LoopMeasurement(
      instrument: "test", field: .internal(Series(si: [1, 2, 3])),
      response: .fluxDensity(Series(si: [4, 5, 6])))
    let part = plain.rows(1..<3)
    #expect(part.field.amperesPerMetre == [2, 3])
    #expect(part.response.si == [5, 6])
    #expect(part.lines.isEmpty && part.time == nil && part.temperature == nil && part.processed == nil)
  }

  @Test func columnsOfUnequalLengthAreAProgrammersError() async {
    await #expect(processExitsWith: .failure) {
      _ = LoopMeasurement(
        instrument: "test", field: .internal(Series(si: [1, 2])), response: .moment(Series(si: [1])))
    }
  }
}

@Suite struct ReadErrorTests {
  @Test func placeStandsBeforeTheSentence() {
    #expect(ReadError(.empty, "nothing").description == "nothing")
    #expect(ReadError(.malformed, "no number", line: 7).description == "line 7: no number")
    #expect(ReadError(.unit, "no unit", column: "H").description == "column “H”: no unit")
    #expect(ReadError(.unit, "no unit", line: 2, column: "H").description == "line 2, column “H”: no unit")
  }

  @Test func recognitionIsOrderedBySureness() {
    #expect(Recognition.no < .plausible && Recognition.plausible < .certain)
    #expect(Recognition.allCases.map(\.name) == ["no", "plausible", "certain"])
  }
}
