// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Instruments
internal import Measurements
internal import Quantities

/// Makes loops of waveform records with one setup and its companion records.
struct WaveformConversion: Sendable {
  private let chain: WaveformChain
  private let setupFile: SourceFile
  /// One for all shots, or one for each; none when empty.
  private let empties: [(file: SourceFile, record: WaveformMeasurement)]
  private let calibration: (file: SourceFile, record: WaveformMeasurement)?

  /// The setup of a request; throws one sentence when it or a companion cannot be read.
  init(_ setup: String, _ request: InspectionRequest) throws(InputError) {
    chain = WaveformChain(setup: try WaveformSetup(file: setup))
    guard chain.setup.takes(.eddyCurrents) || !request.combinesRates else {
      throw InputError(
        "the setup “\(setup)” switches off eddy-currents, which several rates are combined for")
    }
    do { setupFile = try readSourceFile(setup) } catch { throw InputError(error.description) }
    empties = try request.emptyShots.map { path throws(InputError) in
      try Self.record(path, called: "empty shot", request)
    }
    calibration = try request.calibrationShot.map { path throws(InputError) in
      try Self.record(path, called: "calibration shot", request)
    }
  }

  private static func record(
    _ path: String, called name: String, _ request: InspectionRequest
  ) throws(InputError) -> (file: SourceFile, record: WaveformMeasurement) {
    do {
      let file = try readSourceFile(path)
      let driver = try instrument(for: file, override: request.instrumentID)
      return (file, try driver.readWaveform(file, request.reading))
    } catch {
      throw InputError("the \(name) “\(path)” cannot be read: \(error.description)")
    }
  }

  /// The empty shot of the file at a place.
  private func empty(_ place: Int) -> (file: SourceFile, record: WaveformMeasurement)? {
    empties.count == 1 ? empties[0] : empties.indices.contains(place) ? empties[place] : nil
  }

  /// The loop of a record; `place` is that of the file among those of the run.
  func loop(
    of shot: WaveformMeasurement, sample: Sample, place: Int, isOneOfSeveralRates: Bool
  ) throws(AnalysisError) -> RecordedLoop {
    try chain.loop(
      from: ShotRecords(shot: shot, empty: empty(place)?.record, calibration: calibration?.record),
      sample: sample, isOneOfSeveralRates: isOneOfSeveralRates)
  }

  /// The files that the loop of a record rests on.
  func companions(place: Int) -> [Companion] {
    [Companion(.setup, setupFile)] + [empty(place)].compactMap { $0.map { Companion(.emptyShot, $0.file) } }
      + [calibration].compactMap { $0.map { Companion(.calibrationShot, $0.file) } }
  }
}

extension TypeBBudget {
  /// The budget with the lines of a shot; they state gains, zeros and compensation, so that of a general budget only
  /// what the specimen brings with it is left.
  func adding(_ lines: [Line]) -> TypeBBudget {
    let own = self.lines.filter { line in
      switch line.input {
      case .temperature, .demagnetisingFactor: true
      default: !isDefault
      }
    }
    return TypeBBudget(name: name, isDefault: isDefault, lines: own + lines)
  }
}
