// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The field channel of a measurement, in A/m: applied or internal.
public enum FieldChannel: Hashable, Sendable {
  /// The field of the magnet or coil.
  case applied(Series<AppliedField>)
  /// The field inside the specimen, as a closed circuit or a data sheet gives it.
  case `internal`(Series<InternalField>)

  /// The numbers, in A/m.
  public var amperesPerMetre: [Double] {
    switch self {
    case .applied(let series): series.si
    case .internal(let series): series.si
    }
  }

  /// The same channel with only the rows of `range`.
  public func rows(_ range: Range<Int>) -> FieldChannel {
    switch self {
    case .applied(let series): .applied(Series(si: Array(series.si[range])))
    case .internal(let series): .internal(Series(si: Array(series.si[range])))
    }
  }
}

/// The response channel of a measurement, in SI.
public enum ResponseChannel: Hashable, Sendable {
  /// Magnetic moment of the specimen, A·m².
  case moment(Series<MagneticMoment>)
  /// Moment per mass, A·m²/kg.
  case specificMoment(Series<SpecificMoment>)
  /// Magnetisation, A/m.
  case magnetisation(Series<Magnetisation>)
  /// Polarisation, T.
  case polarisation(Series<Polarisation>)
  /// Flux density, T.
  case fluxDensity(Series<FluxDensity>)

  /// The numbers, in the SI unit of the kind.
  public var si: [Double] {
    switch self {
    case .moment(let series): series.si
    case .specificMoment(let series): series.si
    case .magnetisation(let series): series.si
    case .polarisation(let series): series.si
    case .fluxDensity(let series): series.si
    }
  }

  /// The SI unit of the numbers.
  public var unit: SIUnit {
    switch self {
    case .moment: MagneticMoment.unit
    case .specificMoment: SpecificMoment.unit
    case .magnetisation: Magnetisation.unit
    case .polarisation: Polarisation.unit
    case .fluxDensity: FluxDensity.unit
    }
  }

  /// The name of the kind: `moment`, `specific moment`, `magnetisation`, `polarisation` or `flux density`.
  public var name: String {
    switch self {
    case .moment: "moment"
    case .specificMoment: "specific moment"
    case .magnetisation: "magnetisation"
    case .polarisation: "polarisation"
    case .fluxDensity: "flux density"
    }
  }

  /// The same channel with only the rows of `range`.
  public func rows(_ range: Range<Int>) -> ResponseChannel {
    switch self {
    case .moment(let series): .moment(Series(si: Array(series.si[range])))
    case .specificMoment(let series): .specificMoment(Series(si: Array(series.si[range])))
    case .magnetisation(let series): .magnetisation(Series(si: Array(series.si[range])))
    case .polarisation(let series): .polarisation(Series(si: Array(series.si[range])))
    case .fluxDensity(let series): .fluxDensity(Series(si: Array(series.si[range])))
    }
  }
}

/// One entry of a file's header, as the file spells it.
public struct HeaderEntry: Hashable, Sendable {
  /// The name.
  public let key: String
  /// The text after it.
  public let value: String

  /// An entry from its name and text.
  public init(_ key: String, _ value: String) {
    self.key = key
    self.value = value
  }
}

/// What a driver did or left out that a reader of the result may want to know.
public struct ReadingNote: Hashable, Sendable {
  /// A stable name such as `dc-moment-fixed`.
  public let code: String
  /// One sentence.
  public let message: String

  /// A note from its name and sentence.
  public init(code: String, message: String) {
    self.code = code
    self.message = message
  }
}

/// What one file says: field and response in time order, in SI, beside the untouched header.
///
/// All series have the same count. A file may hold several loops one after the other; telling them apart is
/// left to the analysis.
public struct LoopMeasurement: Hashable, Sendable {
  /// The id of the driver that read the file.
  public var instrument: String
  /// The instrument's model or program as the file names it.
  public var model: String?
  /// When the measurement was made, local time without zone as ISO 8601, such as `2025-02-12T15:36:00`.
  public var measured: String?
  /// The header in file order, untouched.
  public var header: [HeaderEntry]
  /// What the header says of the specimen; never a placeholder value.
  public var sample: Sample
  /// The field.
  public var field: FieldChannel
  /// The response.
  public var response: ResponseChannel
  /// The instrument's own corrected columns, when the file has them.
  public var processed: ProcessedColumns?
  /// Time stamps in s from any origin.
  public var time: Series<Time>?
  /// The specimen's temperature, in K, row by row.
  public var temperature: Series<Temperature>?
  /// The line of the file that each row was read from, counted from 1; empty when not kept.
  public var lines: [Int]
  /// What the driver did that is not plain from the data.
  public var notes: [ReadingNote]
  /// What the instrument itself made of the loop; never used as a result, only compared with ours.
  public var instrumentResults: [InstrumentResult]

  /// A measurement from its parts; traps when the series differ in length.
  public init(
    instrument: String, model: String? = nil, measured: String? = nil, header: [HeaderEntry] = [],
    sample: Sample = Sample(), field: FieldChannel, response: ResponseChannel,
    processed: ProcessedColumns? = nil, time: Series<Time>? = nil, temperature: Series<Temperature>? = nil,
    lines: [Int] = [], notes: [ReadingNote] = [], instrumentResults: [InstrumentResult] = []
  ) {
    let count = field.amperesPerMetre.count
    precondition(response.si.count == count, "\(response.si.count) responses for \(count) fields")
    precondition(time.map { $0.count == count } ?? true, "time stamps do not match \(count) rows")
    precondition(temperature.map { $0.count == count } ?? true, "temperatures do not match \(count) rows")
    self.instrument = instrument
    self.model = model
    self.measured = measured
    self.header = header
    self.sample = sample
    self.field = field
    self.response = response
    self.processed = processed
    self.time = time
    self.temperature = temperature
    self.lines = lines
    self.notes = notes
    self.instrumentResults = instrumentResults
  }

  /// How many rows there are.
  public var count: Int { field.amperesPerMetre.count }

  /// The same measurement with only the rows of `range`.
  ///
  /// What the instrument made of the whole says nothing of a part, and is left out.
  public func rows(_ range: Range<Int>) -> LoopMeasurement {
    guard range != 0..<count else { return self }
    var part = self
    if !instrumentResults.isEmpty {
      part.instrumentResults = []
      part.notes.append(
        ReadingNote(
          code: "instrument-results-left-out",
          message:
            "the file holds several loops and does not say which of them the instrument's own results are of")
      )
    }
    part.field = field.rows(range)
    part.response = response.rows(range)
    part.processed = processed.map {
      ProcessedColumns(field: $0.field.rows(range), response: $0.response.rows(range))
    }
    part.time = time.map { Series(si: Array($0.si[range])) }
    part.temperature = temperature.map { Series(si: Array($0.si[range])) }
    part.lines = lines.isEmpty ? [] : Array(lines[range])
    return part
  }
}

/// Field and response after the instrument's own corrections; as many rows as the raw columns.
public struct ProcessedColumns: Hashable, Sendable {
  /// The corrected field.
  public var field: FieldChannel
  /// The corrected response.
  public var response: ResponseChannel

  /// Corrected columns from their parts.
  public init(field: FieldChannel, response: ResponseChannel) {
    self.field = field
    self.response = response
  }
}
