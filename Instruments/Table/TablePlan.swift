// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Which columns of a table are read, in which units, and what they are taken for.
struct TablePlan {
  /// A column with its unit.
  struct Column {
    let index: Int
    let role: TableRole
    let unit: UnitOfMeasure
  }

  /// One field, or an applied and an internal one in this order.
  let field: [Column]
  let response: Column
  let temperature: Column?
  let time: Column?
  /// The B beside a J, to be checked.
  let checkedFlux: Column?
  /// Whether a field whose name says neither is taken as internal.
  private let unsaidIsInternal: Bool
  private let kind: TableRole.Response

  /// The positions of all columns that are read.
  var wanted: [Int] {
    Set((field + [response, temperature, time, checkedFlux].compactMap(\.self)).map(\.index)).sorted()
  }

  /// Whether the specimen is taken to stand free.
  var isOpen: Bool { !isInternal(field[0]) }

  /// The internal field, if there is one.
  var internalField: Column? { field.first(where: isInternal) }

  func isInternal(_ column: Column) -> Bool {
    switch column.role {
    case .field(.internal): true
    case .field(.unsaid): unsaidIsInternal
    default: false
    }
  }

  /// Chooses the columns; `circuit` is what the file says of it.
  init(
    _ layout: TableLayout, circuit: Circuit?, _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    var indices: [TableRole: Int] = [:]
    for (index, name) in layout.columns.enumerated() {
      guard let role = name.role else { continue }
      if let other = indices[role] {
        throw ReadError(
          .malformed,
          "“\(layout.columns[other].spelled)” and “\(name.spelled)” mean the same; leave one of them out",
          column: name.spelled)
      }
      indices[role] = index
    }
    func column(_ role: TableRole, _ dimensions: [PhysicalDimension]) throws(ReadError) -> Column? {
      guard let index = indices[role] else { return nil }
      let name = layout.columns[index]
      let unit = try name.unit(dimensions, options, &notes)
      try Self.refuseAmbiguous(name, role, unit)
      return Column(index: index, role: role, unit: unit)
    }
    func needed(_ title: String, _ column: Column?, _ example: String) throws(ReadError) -> Column {
      guard let column else {
        let names = layout.columns.map(\.spelled).joined(separator: ", ")
        throw ReadError(.missingColumn, "none of the columns (\(names)) is a \(title), such as “\(example)”")
      }
      return column
    }

    let field: [PhysicalDimension] = [.fieldStrength, .fluxDensity]
    let unsaid = try column(.field(.unsaid), field)
    let applied = try column(.field(.applied), field)
    let inner = try column(.field(.internal), field)
    let preferred = TableRole.Response.allCases.first { indices[.response($0)] != nil }
    let found = try preferred.flatMap { role throws(ReadError) in
      try column(.response(role), Self.dimensions(role))
    }
    response = try needed("response", found, "J (T)")
    kind = Self.kind(preferred ?? .moment, response.unit.dimension)
    let hasMoment = kind == .moment || kind == .specificMoment
    unsaidIsInternal = circuit.map { $0 == .closed } ?? !hasMoment

    if let unsaid, let other = applied ?? inner {
      let names = [unsaid.index, other.index].map { "“\(layout.columns[$0].spelled)”" }.joined(
        separator: " and ")
      throw ReadError(.malformed, "\(names) are both fields; name them H_applied and H_internal, or keep one")
    }
    self.field =
      [try needed("field", applied ?? inner ?? unsaid, "H (A/m)")]
      + (applied == nil ? [] : [inner].compactMap(\.self))
    temperature = try column(.temperature, [.temperature])
    time = try column(.time, [.time])
    checkedFlux = kind == .polarisation ? try column(.response(.fluxDensity), [.fluxDensity]) : nil

    if let unsaid, circuit == nil {
      let name = layout.columns[unsaid.index].spelled
      let taken = unsaidIsInternal ? "internal field of a closed circuit" : "applied field of an open circuit"
      notes.append(
        ReadingNote(
          code: unsaidIsInternal ? "field-taken-as-internal" : "field-taken-as-applied",
          message: "“\(name)” is taken as the \(taken); name it H_applied or H_internal to say which"))
    }
    let name = layout.columns[response.index]
    if preferred == .magnetisation, kind == .polarisation {
      notes.append(
        ReadingNote(
          code: "magnetisation-in-tesla", message: "“\(name.spelled)” is taken as the polarisation µ0·M"))
    }
  }

  /// M in gauss is 4π·M for one author and M in emu/cm³ for the other; Oe is no unit of M, nor emu/cm³ one of H.
  private static func refuseAmbiguous(
    _ name: ColumnName, _ role: TableRole, _ unit: UnitOfMeasure
  ) throws(ReadError) {
    let isGauss = unit.symbol == "G" || unit.symbol == "kG"
    let isOersted = unit.symbol == "Oe" || unit.symbol == "kOe"
    switch role {
    case .response(.magnetisation) where isGauss || isOersted:
      throw ReadError(
        .unit,
        "a magnetisation in \(unit.symbol) may be M or 4πM; name the column “4piM (\(isGauss ? unit.symbol : "G"))” "
          + "or give M in emu/cm3 or kA/m", column: name.spelled)
    case .response(.moment) where isOersted:
      throw ReadError(.unit, "\(unit.symbol) is not a unit of a moment", column: name.spelled)
    case .field where unit.symbol == "emu/cm3":
      throw ReadError(.unit, "emu/cm3 is not a unit of a field", column: name.spelled)
    default: break
    }
  }

  private static func dimensions(_ response: TableRole.Response) -> [PhysicalDimension] {
    switch response {
    case .polarisation, .fluxDensity: [.fluxDensity]
    case .magnetisation: [.fieldStrength, .fluxDensity, .magneticMoment, .momentPerMass]
    case .moment: [.magneticMoment, .momentPerMass, .fieldStrength]
    case .specificMoment: [.momentPerMass]
    }
  }

  /// What a response is, once its unit is known: “M (emu)” is a moment.
  private static func kind(_ response: TableRole.Response, _ dimension: PhysicalDimension)
    -> TableRole.Response
  {
    switch (response, dimension) {
    case (.magnetisation, .fluxDensity): .polarisation
    case (_, .magneticMoment): .moment
    case (_, .momentPerMass): .specificMoment
    case (.moment, .fieldStrength): .magnetisation
    default: response
    }
  }

  /// The response channel with its numbers in SI.
  func channel(_ si: [Double]) -> ResponseChannel {
    switch kind {
    case .polarisation: .polarisation(Series(si: si))
    case .magnetisation: .magnetisation(Series(si: si))
    case .fluxDensity: .fluxDensity(Series(si: si))
    case .moment: .moment(Series(si: si))
    case .specificMoment: .specificMoment(Series(si: si))
    }
  }
}
