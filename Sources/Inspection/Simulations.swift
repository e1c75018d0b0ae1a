// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
public import Measurements
internal import Report
public import Simulation

/// The ids of the drivers that can write files.
public var writableInstrumentIDs: [String] { allInstruments.filter { $0.write != nil }.map(\.id) }

/// A simulated measurement as a file of a driver's format; throws one sentence when that driver only reads.
public func simulatedFile(
  _ measurement: LoopMeasurement, instrumentID: String
) throws(InputError) -> [UInt8] {
  guard let driver = allInstruments.first(where: { $0.id == instrumentID }), let write = driver.write else {
    throw InputError(
      "no driver “\(instrumentID)” can write files; those that can are "
        + writableInstrumentIDs.joined(separator: ", "))
  }
  do { return try write(measurement) } catch { throw InputError(error.description) }
}

/// A simulated record as a file of a driver's format; throws one sentence when that driver writes no records.
public func simulatedFile(
  _ record: WaveformMeasurement, instrumentID: String
) throws(InputError) -> [UInt8] {
  guard let driver = allInstruments.first(where: { $0.id == instrumentID }), let write = driver.writeWaveform
  else {
    let able = allInstruments.filter { $0.writeWaveform != nil }.map(\.id).joined(separator: ", ")
    throw InputError(
      "no driver “\(instrumentID)” can write voltages against time; those that can are \(able)")
  }
  do { return try write(record) } catch { throw InputError(error.description) }
}

/// What was simulated into a file, as one line of JSON: the exact answers in SI.
public func simulationJSON(_ loop: SimulatedLoop, path: String, instrumentID: String) -> String {
  jsonText(
    SimulationObject(
      schema: "magcert.simulation/1", path: path, instrument: instrumentID, sample: loop.sample.id?.value,
      reference: loop.reference.name, points: loop.points, noisePercent: loop.noisePercent, seed: loop.seed,
      answers: loop.reference.answers.bySymbol))
}

/// What was simulated into a record's file, as one line of JSON: the exact answers in SI, the noise in V.
public func simulationJSON(
  _ shot: SimulatedShot, points: Int, seed: UInt64, path: String, instrumentID: String
) -> String {
  jsonText(
    SimulationObject(
      schema: "magcert.simulation/1", path: path, instrument: instrumentID, sample: shot.sample.id?.value,
      reference: shot.reference.name, points: points, noiseVolts: shot.pickupInput.noise, seed: seed,
      answers: shot.reference.answers.bySymbol))
}

extension ReferenceAnswers {
  fileprivate var bySymbol: [String: Double] {
    [
      "Br": remanence, "HcB": coercivityHcB, "HcJ": coercivityHcJ, "BHmax": energyProduct, "Hk": kneeField,
      "squareness": squareness,
    ]
  }
}

private struct SimulationObject: Encodable {
  var schema: String
  var path: String
  var instrument: String
  var sample: String?
  var reference: String
  var points: Int
  var noisePercent: Double?
  var noiseVolts: Double?
  var seed: UInt64
  var answers: [String: Double]
}
