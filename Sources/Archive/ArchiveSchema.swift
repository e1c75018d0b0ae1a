// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Certification
internal import HDF5
internal import Measurements
internal import Quantities

/// Schema 5: every group, dataset and attribute of an archive.
///
/// Changing anything here needs a new number and a new reference archive. What an older schema does not have says
/// since when it is there; the rest of an archive of an older schema is the same.
enum ArchiveSchema {
  static let version: Int64 = 5

  /// A group with its attributes.
  struct Group: Sendable {
    let path: String
    let attributes: [(name: String, value: String)]

    init(_ path: String, _ nexusClass: String, _ title: String, _ more: [(name: String, value: String)] = [])
    {
      self.path = path
      attributes = [(name: "NX_class", value: nexusClass), (name: "long_name", value: title)] + more
    }
  }

  /// Every group, parents first.
  static let groups: [Group] =
    [
      Group("/entry", "NXentry", "magnets measured, analysed and judged", [(name: "default", value: "data")]),
      Group(
        "/entry/data", "NXdata", "loops as analysed, one after the other",
        [(name: "signal", value: "polarisation"), (name: "axes", value: "internal_field")]),
      Group(
        "/entry/curve", "NXdata", "demagnetisation curves, one after the other",
        [(name: "signal", value: "polarisation"), (name: "axes", value: "internal_field")]),
      Group("/entry/raw", "NXcollection", "field and response as read, or as made of waveforms, in SI"),
      Group("/entry/waveforms", "NXcollection", "voltages and currents as read, in SI"),
      Group("/entry/companions", "NXcollection", "other files that results rest on"),
      Group("/entry/header", "NXcollection", "header entries of the files, untouched"),
      Group("/entry/notes", "NXcollection", "what the drivers report"),
      Group("/entry/sources", "NXcollection", "the files, byte for byte; one row per file"),
      Group("/entry/loops", "NXcollection", "one row per loop, in every group but sources"),
      Group("/entry/samples", "NXcollection", "the specimens"),
      Group("/entry/conditions", "NXcollection", "the conditions of the results"),
      Group("/entry/settings", "NXcollection", "what was asked for"),
      Group("/entry/estimation", "NXcollection", "how the results were estimated"),
      Group("/entry/results", "NXcollection", "the results, one group per characteristic"),
    ]
    + Characteristic.allCases.map { characteristic in
      Group(
        "/entry/results/\(characteristic.rawValue)", "NXcollection", characteristic.title,
        [
          (name: "symbol", value: characteristic.symbol),
          (name: "definition", value: characteristic.definition),
        ] + (characteristic.term.map { [(name: "ontology_iri", value: $0)] } ?? []))
    }
    + [
      Group("/entry/absences", "NXcollection", "characteristics that could not be had, and why"),
      Group("/entry/budget", "NXcollection", "uncertainty budgets"),
      Group("/entry/corrections", "NXcollection", "what was done to the data, in order"),
      Group("/entry/flags", "NXcollection", "warnings"),
      Group("/entry/verdicts", "NXcollection", "decisions"),
      Group("/entry/limits", "NXcollection", "the limits that were tested"),
      Group("/entry/grades", "NXcollection", "the grades that the samples meet, best first"),
      Group(
        "/entry/integrity", "NXcollection",
        "hash chain: row_hash[i] = SHA-256(row_hash[i - 1], SHA-256 of row i in each table)"),
    ]

  /// The tables with one row per loop; their order is the order of hashing.
  static let loopTables: [Table<LoopRow>] =
    [loops] + samples + [conditions, settings, estimation] + results + [absences, budget] + corrections + [
      flags
    ]
    + verdicts + [limits, grades] + data + raw + [header, notes] + waveforms + [companions]

  /// The tables of an archive of a schema.
  static func loopTables(of version: Int64) -> [Table<LoopRow>] {
    loopTables.compactMap { $0.asOf(version) }
  }

  /// The table of files, without their bytes, which their own digest covers.
  static let sources = Table<SourceFile>(
    "/entry/sources",
    [
      .text("name", "path or name as given") { $0.name }.distinct(),
      .text("sha256", "SHA-256 of the bytes, hexadecimal") { $0.hash.hexadecimal }.distinct(),
      .integer("byte_count", "size in bytes") { $0.bytes.count },
    ])

  /// The bytes of the files.
  static let sourceBytes = Table<SourceFile>(
    "/entry/sources", index: "bytes_offset", [.bytes("bytes", "the file, unchanged") { $0.bytes }])

  private static let loops = Table<LoopRow>(
    "/entry/loops",
    [
      .integer("source", "row of the file in sources") { $0.source },
      .integer("loop", "which loop of the file, from 0") { $0.entry.loopIndex },
      .integer("loop_count", "how many loops the file holds") { $0.entry.loopCount },
      .text("instrument", "id of the driver") { $0.entry.instrument },
      .text("model", "model or program as the file names it") { $0.entry.measurement?.model },
      .text("measured", "when, local time, ISO 8601") { $0.entry.measurement?.measured },
      .truth("read", "whether the file could be read") { $0.entry.measurement != nil },
      .truth("analysed", "whether the loop was analysed") { $0.entry.analysis != nil },
      .text("budget_name", "name of the Type B budget") { $0.entry.analysis?.budgetName },
      .number("coverage_probability", .one, "coverage probability of expanded uncertainties") {
        $0.entry.analysis?.coverageProbability
      },
      .text("record", "the result or the error as magcert printed it, JSON") { $0.entry.record }.distinct(),
    ])

  private static let samples: [Table<LoopRow>] = [
    Table(
      "/entry/samples",
      stated("id", "name of the specimen") { $0.sample?.id }
        + stated("lot", "lot") { $0.sample?.lot }
        + stated("material", "material") { $0.sample?.material }
        + quantity("mass", "mass") { $0.sample?.mass }
        + quantity("density", "density") { $0.sample?.density }
        + quantity("volume", "volume") { $0.sample?.volume }
        + quantity("effective_volume", "volume as used: given, of the shape, or mass by density") {
          $0.sample?.effectiveVolume
        }
        + stated("shape", "cuboid, cylinder, sphere or ellipsoid") { row in
          row.sample?.shape.map { Sourced($0.value.name, $0.origin) }
        }),
    Table(
      "/entry/samples", index: "size_offset",
      [
        .numbers("size", .metre, "lengths of the shape, the one along the field last") {
          $0.sample?.shape?.value.lengths ?? []
        }
      ]),
  ]

  private static let conditions = Table<LoopRow>(
    "/entry/conditions",
    quantity("temperature", "mean temperature of the specimen") { $0.conditions?.temperature }
      + stated("circuit", "open or closed magnetic circuit") { row in
        (row.conditions?.circuit ?? row.sample?.circuit).map { Sourced($0.value.rawValue, $0.origin) }
      }
      + quantity(
        "demagnetising_factor", "demagnetising factor that was applied", term: Ontology.demagnetisingFactor
      ) { $0.conditions?.demagnetisingFactor }
      + [
        .truth("field_is_internal", "whether reported fields are internal ones") {
          $0.conditions?.fieldIsInternal ?? false
        },
        .number("maximum_field", .amperePerMetre, "largest magnitude of the field as measured") {
          $0.conditions?.maximumFieldAmperesPerMetre
        },
        .number(
          "sweep_rate", .amperePerMetreSecond, "rate of the applied field at J = 0; NaN when it is not known"
        ) { $0.conditions?.sweepRate }.since(3),
      ])

  private static let estimation = Table<LoopRow>(
    "/entry/estimation", since: 2,
    [
      .text("method", "how values were read off: fit or interpolation") {
        $0.entry.analysis?.method.rawValue
      },
      .text("recoil_method", "how mu_rec was asked for; the method of muRec tells what was used") {
        $0.entry.analysis?.recoilMethod.rawValue
      },
      .integer("ladder_components", "switching components of the fitted curve; -1 without one") {
        $0.entry.analysis?.ladderComponents
      },
      .text("blank_name", "path or name of the blank measurement that was used") {
        $0.entry.analysis?.blank?.name
      },
      .text("blank_sha256", "SHA-256 of its bytes, hexadecimal") { $0.entry.analysis?.blank?.sha256 },
      .number("saturation_polarisation", .tesla, "Js from the approach to saturation, when asked for") {
        $0.entry.analysis?.saturationPolarisation?.value.si
      },
      .number("saturation_polarisation_uncertainty", .tesla, "its combined standard uncertainty") {
        $0.entry.analysis?.saturationPolarisation?.standardUncertainty
      },
      .number("signal_to_noise", .one, "Q = log10(1/sqrt(1 - R2)) between the mapped branches") {
        $0.entry.analysis?.diagnostics.signalToNoise
      },
      .number("recoil_linearity", .one, "probability of as much curvature above -0.7 HcB by noise alone") {
        $0.entry.analysis?.diagnostics.recoilLinearity
      },
      .number("initial_susceptibility", .one, "susceptibility of the demagnetised specimen") {
        $0.entry.analysis?.diagnostics.initialSusceptibility?.value.si
      },
    ])

  private static let results = Characteristic.allCases.enumerated().map { place, characteristic in
    let unit = characteristic.unit
    @Sendable func estimate(_ row: LoopRow) -> CharacteristicEstimate? { row.estimates[place] }
    return Table<LoopRow>(
      "/entry/results/\(characteristic.rawValue)", since: characteristic.since,
      [
        .truth("present", "1 when there is a value; else the numbers are NaN") { estimate($0) != nil },
        .number("value", unit, characteristic.title, term: characteristic.term) { estimate($0)?.value },
        .number("standard_uncertainty", unit, "combined standard uncertainty") {
          estimate($0)?.standardUncertainty
        },
        .number("expanded_uncertainty", unit, "expanded uncertainty U") { estimate($0)?.expandedUncertainty },
        .number("coverage_factor", .one, "coverage factor k") { estimate($0)?.coverage.k },
        .number("degrees_of_freedom", .one, "effective degrees of freedom; inf without limit") { row in
          estimate(row).map { $0.degreesOfFreedom ?? .infinity }
        },
        .text("method", "id of definition and estimator") { estimate($0)?.method },
        .number("alternative_value", unit, "value by a second method; NaN when only one was used") {
          estimate($0)?.alternative?.value
        }.since(2),
        .text("alternative_method", "id of the second method") { estimate($0)?.alternative?.method }.since(2),
      ])
  }

  private static let absences = Table<LoopRow>(
    "/entry/absences", index: "offset",
    [
      .texts("quantity", "characteristic") { absent($0).map(\.characteristic.rawValue) },
      .texts("reason", "code of the flag that explains it") { absent($0).map(\.reason.rawValue) },
      .numbers("lower_bound", nil, "the value is larger, SI; NaN when nothing is known") {
        absent($0).map { $0.lowerBound ?? .nan }
      },
    ])

  static let budget = Table<LoopRow>(
    "/entry/budget", index: "offset",
    [
      .texts("quantity", "characteristic") { $0.budget.map(\.0.rawValue) },
      .texts("line", "stable name of the line") { $0.budget.map(\.1.id) },
      .texts("title", "what it stands for") { $0.budget.map(\.1.title) },
      .texts("evaluation", "Type A or B") { $0.budget.map(\.1.evaluation.rawValue) },
      .texts("units", "unit of the contribution") { $0.budget.map(\.0.unit.rawValue) },
      .numbers("contribution", nil, "signed change for one standard uncertainty of the input") {
        $0.budget.map(\.1.contribution)
      },
      .numbers("degrees_of_freedom", .one, "degrees of freedom; inf without limit") {
        $0.budget.map { $0.1.degreesOfFreedom ?? .infinity }
      },
    ])

  private static let corrections: [Table<LoopRow>] = [
    Table(
      "/entry/corrections", index: "offset",
      [.texts("id", "stable name") { $0.entry.analysis?.corrections.map(\.id) ?? [] }]),
    Table(
      "/entry/corrections", index: "parameter_offset",
      [
        .integers("parameter_of", "place of the correction in the row, from 0") { $0.parameters.map(\.0) },
        .texts("parameter_name", "parameter") { $0.parameters.map(\.1.name) },
        .numbers("parameter_value", nil, "value in parameter_units") { $0.parameters.map(\.1.value) },
        .texts("parameter_units", "unit") { $0.parameters.map(\.1.unit.rawValue) },
      ]),
  ]

  private static let flags = Table<LoopRow>(
    "/entry/flags", index: "offset",
    [
      .texts("code", "stable code") { $0.entry.analysis?.flags.map(\.code.rawValue) ?? [] },
      .texts("message", "sentence") { $0.entry.analysis?.flags.map(\.message) ?? [] },
    ])

  private static let verdicts: [Table<LoopRow>] = [
    Table(
      "/entry/verdicts",
      [
        .truth("judged", "whether there is a decision") { $0.entry.verdict != nil },
        .text("grade", "grade") { $0.entry.verdict?.grade },
        .text("table", "id of the grade table") { $0.entry.verdict?.table },
        .text("edition", "edition of the grade table") { $0.entry.verdict?.edition },
        .text("confidence", "how far the limits can be trusted") { $0.entry.verdict?.confidence },
        .text("rule", "id of the decision rule") { $0.entry.verdict?.rule },
        .number("guard_band", .one, "guard band as a multiple of U") { $0.entry.verdict?.guardBand },
        .text("result", "the decision") { $0.entry.verdict?.result.rawValue },
      ]),
    Table(
      "/entry/verdicts", index: "reason_offset",
      [.texts("reason", "why it is undetermined or limited") { $0.entry.verdict?.reasons ?? [] }]),
  ]

  private static let limits = Table<LoopRow>(
    "/entry/limits", index: "offset",
    [
      .texts("quantity", "characteristic") { $0.limits.map(\.characteristic.rawValue) },
      .texts("side", "min or max") { $0.limits.map(\.side.rawValue) },
      .texts("units", "unit of limit, value and expanded_uncertainty") {
        $0.limits.map(\.characteristic.unit.rawValue)
      },
      .numbers("limit", nil, "the limit") { $0.limits.map(\.limit) },
      .numbers("value", nil, "the measured value; NaN without one") { $0.limits.map { $0.value ?? .nan } },
      .numbers("expanded_uncertainty", nil, "U; NaN without a value") {
        $0.limits.map { $0.expandedUncertainty ?? .nan }
      },
      .numbers("probability_of_conformity", .one, "probability of conformity; NaN without a value") {
        $0.limits.map { $0.probabilityOfConformity ?? .nan }
      },
      .texts("result", "the decision") { $0.limits.map(\.result.rawValue) },
      .texts("reason", "why, when the rule alone does not say it") { $0.limits.map { $0.reason ?? "" } },
    ])

  private static let grades = Table<LoopRow>(
    "/entry/grades", index: "offset",
    [
      .texts("name", "grade") { $0.entry.grades.map(\.name) },
      .texts("result", "pass or conditional-pass") { $0.entry.grades.map(\.result.rawValue) },
      .texts("confidence", "how far the limits can be trusted") { $0.entry.grades.map(\.confidence) },
    ])

  private static let header = Table<LoopRow>(
    "/entry/header", index: "offset",
    [
      .texts("key", "name") { $0.header.map(\.key) },
      .texts("value", "text after it") { $0.header.map(\.value) },
    ])

  private static let notes = Table<LoopRow>(
    "/entry/notes", index: "offset",
    [
      .texts("code", "stable name") { $0.entry.measurement?.notes.map(\.code) ?? [] },
      .texts("message", "sentence") { $0.entry.measurement?.notes.map(\.message) ?? [] },
    ])

  private static func absent(_ row: LoopRow) -> [Absence] { row.entry.analysis?.absences ?? [] }

  /// A text and the column that says where it came from.
  private static func stated(
    _ name: String, _ title: String, _ value: @escaping @Sendable (LoopRow) -> Sourced<String>?
  ) -> [Column<LoopRow>] {
    [
      .text(name, title) { value($0)?.value },
      .text("\(name)_origin", "user, header, data, computed or assumed") { value($0)?.origin.rawValue },
    ]
  }

  /// A quantity and the column that says where it came from.
  private static func quantity<Kind: QuantityKind>(
    _ name: String, _ title: String, term: String? = nil,
    _ value: @escaping @Sendable (LoopRow) -> Sourced<Quantity<Kind>>?
  ) -> [Column<LoopRow>] {
    [
      .number(name, Kind.unit, title, term: term) { value($0)?.value.si },
      .text("\(name)_origin", "user, header, data, computed or assumed") { value($0)?.origin.rawValue },
    ]
  }
}
