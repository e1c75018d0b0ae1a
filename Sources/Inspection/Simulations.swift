// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
public import Measurements
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

/// What was simulated into a file, as one line of JSON: the exact answers in SI.
public func simulationJSON(_ loop: SimulatedLoop, path: String, instrumentID: String) -> String {
  let answers = loop.reference.answers
  return jsonText(
    SimulationObject(
      schema: "magcert.simulation/1", path: path, instrument: instrumentID, sample: loop.sample.id?.value,
      reference: loop.reference.name, points: loop.points, noisePercent: loop.noisePercent, seed: loop.seed,
      answers: [
        "Br": answers.remanence, "HcB": answers.coercivityHcB, "HcJ": answers.coercivityHcJ,
        "BHmax": answers.energyProduct, "Hk": answers.kneeField, "squareness": answers.squareness,
      ]))
}

private struct SimulationObject: Encodable {
  var schema: String
  var path: String
  var instrument: String
  var sample: String?
  var reference: String
  var points: Int
  var noisePercent: Double
  var seed: UInt64
  var answers: [String: Double]
}
