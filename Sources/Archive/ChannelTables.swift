// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Measurements
internal import Quantities

// The tables of measured and analysed curves.
extension ArchiveSchema {
  /// The groups that take most of an archive: curves, and the bytes of the files.
  static let curves: Set<String> = [
    "/entry/data", "/entry/curve", "/entry/raw", "/entry/waveforms", sources.path,
  ]

  static let data: [Table<LoopRow>] = [
    Table(
      "/entry/data", index: "offset",
      [
        .numbers(
          "internal_field", .amperePerMetre, "internal field H", term: Ontology.internalField
        ) { $0.analysed.field },
        .numbers("polarisation", .tesla, "polarisation J") { $0.analysed.polarisation },
      ]),
    Table(
      "/entry/data", index: "sweep_offset",
      [
        .integers("sweep_start", "first point of the sweep in the loop, from 0") {
          $0.entry.analysis?.loop.sweeps.map(\.lowerBound) ?? []
        },
        .integers("sweep_end", "one past the last point of the sweep") {
          $0.entry.analysis?.loop.sweeps.map(\.upperBound) ?? []
        },
      ]),
    Table(
      "/entry/curve", index: "offset",
      [
        .numbers(
          "internal_field", .amperePerMetre, "internal field H", term: Ontology.internalField
        ) { $0.entry.analysis?.curve.internalField.si ?? [] },
        .numbers("polarisation", .tesla, "polarisation J") { $0.entry.analysis?.curve.polarisation.si ?? [] },
      ]),
  ]

  static let raw: [Table<LoopRow>] = [
    Table(
      "/entry/raw",
      [
        .text("field_kind", "applied or internal") { $0.entry.measurement?.field.name },
        .text("response_kind", "what the response is") { $0.entry.measurement?.response.name },
        .text("response_units", "unit of response") { $0.entry.measurement?.response.unit.rawValue },
        .text("processed_field_kind", "applied or internal") { $0.entry.measurement?.processed?.field.name },
        .text("processed_response_kind", "what the processed response is") {
          $0.entry.measurement?.processed?.response.name
        },
        .text("processed_response_units", "unit of processed_response") {
          $0.entry.measurement?.processed?.response.unit.rawValue
        },
      ]),
    Table(
      "/entry/raw", index: "offset",
      [
        .numbers("field", .amperePerMetre, "field of the kind field_kind") {
          $0.entry.measurement?.field.amperesPerMetre ?? []
        },
        .numbers("response", nil, "response in response_units") { $0.entry.measurement?.response.si ?? [] },
      ]),
    Table(
      "/entry/raw", index: "time_offset",
      [.numbers("time", .second, "time from any origin") { $0.entry.measurement?.time?.si ?? [] }]),
    Table(
      "/entry/raw", index: "temperature_offset",
      [
        .numbers("temperature", .kelvin, "temperature of the specimen") {
          $0.entry.measurement?.temperature?.si ?? []
        }
      ]),
    Table(
      "/entry/raw", index: "line_offset",
      [.integers("line", "line of the file, from 1") { $0.entry.measurement?.lines ?? [] }]),
    Table(
      "/entry/raw", index: "processed_offset",
      [
        .numbers("processed_field", .amperePerMetre, "field after the instrument's own corrections") {
          $0.entry.measurement?.processed?.field.amperesPerMetre ?? []
        },
        .numbers("processed_response", nil, "response after the instrument's own corrections") {
          $0.entry.measurement?.processed?.response.si ?? []
        },
      ]),
  ]
}

// The voltages that loops were made of, and the files that results rest on.
extension ArchiveSchema {
  static let waveforms: [Table<LoopRow>] = [
    Table(
      "/entry/waveforms", since: 3,
      [
        .integer("sample_count", "samples of each channel; -1 when the file holds a loop") {
          $0.entry.waveform?.count
        },
        .number("start", .second, "time of the first sample") { $0.entry.waveform?.timeBase?.start.si },
        .number("sampling_interval", .second, "time between samples; NaN when the file does not say") {
          $0.entry.waveform?.timeBase?.interval.si
        },
      ]),
    Table(
      "/entry/waveforms", index: "channel_offset", since: 3,
      [
        .texts("channel", "name of the channel") { $0.entry.waveform?.channels.map(\.name) ?? [] },
        .texts("units", "unit of the channel's samples") {
          $0.entry.waveform?.channels.map(\.signal.unit.rawValue) ?? []
        },
      ]),
    Table(
      "/entry/waveforms", index: "sample_offset", since: 3,
      [
        .numbers("samples", nil, "samples of the first channel, then of the next, in its unit") {
          $0.entry.waveform?.channels.flatMap(\.signal.si) ?? []
        }
      ]),
  ]

  static let companions = Table<LoopRow>(
    "/entry/companions", index: "offset", since: 3,
    [
      .texts("role", "setup, empty-shot, calibration-shot, other-rate or image-effect") {
        $0.entry.companions.map(\.role.rawValue)
      },
      .integers("source", "row of the file in sources") { $0.companions },
    ])
}

extension FieldChannel {
  fileprivate var name: String {
    switch self {
    case .applied: "applied"
    case .internal: "internal"
    }
  }
}
