// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
public import Simulation

/// The ids of the drivers that can write files.
public var writableInstrumentIDs: [String] { allInstruments.filter { $0.write != nil }.map(\.id) }

/// A simulated loop as a file of a driver's format; throws one sentence when that driver only reads.
public func simulatedFile(_ loop: SimulatedLoop, instrumentID: String) throws(InputError) -> [UInt8] {
  guard let driver = allInstruments.first(where: { $0.id == instrumentID }), let write = driver.write else {
    throw InputError(
      "no driver “\(instrumentID)” can write files; those that can are "
        + writableInstrumentIDs.joined(separator: ", "))
  }
  do { return try write(loop.measurement()) } catch { throw InputError(error.description) }
}
