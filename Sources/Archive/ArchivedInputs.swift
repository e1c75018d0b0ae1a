// SPDX-License-Identifier: GPL-3.0-or-later
public import Analysis
internal import HDF5
public import Measurements
public import Quantities

// What was asked for, as it is stored.
extension ArchiveSchema {
  static let settings = Table<LoopRow>(
    "/entry/settings", since: 5,
    [
      .text("branch", "falling, rising or both; empty when it is not known") { $0.entry.settings?.branch },
      .text("columns", "raw or processed columns of the file") { $0.entry.settings?.columns },
      .text("demagnetisation", "auto, none or the factor that was given") {
        $0.entry.settings?.demagnetisation
      },
      .text("column_units", "units of columns without one, name=unit, one a line") {
        $0.entry.settings?.columnUnits
      },
      .text("block", "block of a file that holds several") { $0.entry.settings?.block },
      .text("limits", "min or min-max; empty when nothing was judged") { $0.entry.settings?.limits },
      .truth("allow_unchecked", "whether grades with unchecked limits could serve") {
        $0.entry.settings?.allowsUnchecked ?? false
      },
    ])
}

extension ArchiveReader {
  /// What was asked for when a row was made; nil before schema 5, and when it is not known.
  ///
  /// Traps for a row that is not in the archive.
  public func settings(_ row: Int) throws(ArchiveError) -> ArchivedSettings? {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    guard let table = loops.first(where: { $0.layout.path == ArchiveSchema.settings.path }) else {
      return nil
    }
    let columns = try archiving { () throws(HDF5Error) in try table.block(row..<row + 1).columns }
    let texts = columns.compactMap { if case .texts(let cells) = $0 { cells[0] } else { nil } }
    guard texts.count == 6, !texts[0].isEmpty, case .bytes(let unchecked)? = columns.last else { return nil }
    return ArchivedSettings(
      branch: texts[0], columns: texts[1], demagnetisation: texts[2], columnUnits: texts[3],
      block: texts[4], limits: texts[5],
      allowsUnchecked: unchecked[0] == 1)
  }

  /// The files that the result of a row rests on beside its own; none before schema 3.
  ///
  /// Throws when the bytes of one do not have the digest they were stored with; traps for a row that is not there.
  public func companions(_ row: Int) throws(ArchiveError) -> [Companion] {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    guard let table = loops.first(where: { $0.layout.path == ArchiveSchema.companions.path }) else {
      return []
    }
    let columns = try archiving { () throws(HDF5Error) in try table.block(row..<row + 1).columns }
    guard case .texts(let roles)? = columns.first, case .integers(let places)? = columns.last else {
      return []
    }
    return try zip(roles, places).map { role, place throws(ArchiveError) in
      guard let role = Companion.Role(rawValue: role) else {
        throw ArchiveError(.damaged, "\(path) has a companion file of the unknown kind “\(role)”")
      }
      return Companion(role, try source(at: Int(clamping: place), ofRow: row))
    }
  }
}

extension ArchiveReader {
  /// What the user said about the specimen of a row; traps for a row that is not in the archive.
  public func statedSample(_ row: Int) throws(ArchiveError) -> Sample {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    do {
      var sample = Sample()
      sample.id = try stated("/entry/samples", "id", row)
      sample.lot = try stated("/entry/samples", "lot", row)
      sample.material = try stated("/entry/samples", "material", row)
      sample.mass = try stated("/entry/samples", "mass", row)
      sample.density = try stated("/entry/samples", "density", row)
      sample.volume = try stated("/entry/samples", "volume", row)
      sample.shape = try shape(row)
      sample.temperature = try stated("/entry/conditions", "temperature", row)
      let circuit: Sourced<String>? = try stated("/entry/conditions", "circuit", row)
      sample.circuit = circuit.flatMap { word in Circuit(rawValue: word.value).map { Sourced($0, .user) } }
      return sample
    } catch { throw ArchiveError(error) }
  }

  /// The name of the blank measurement that a row rests on; nil without one, and before schema 2.
  public func blankName(_ row: Int) throws(ArchiveError) -> String? {
    guard schema >= 2 else { return nil }
    let name = try archiving { () throws(HDF5Error) in
      try texts("/entry/estimation", "blank_name", row..<row + 1)[0]
    }
    return name.isEmpty ? nil : name
  }

  /// How values of a row were read off; nil when there are none, and before schema 2.
  public func methods(_ row: Int) throws(ArchiveError) -> (method: EstimationMethod, recoil: RecoilMethod)? {
    guard schema >= 2 else { return nil }
    let path = "/entry/estimation"
    let (method, recoil) = try archiving { () throws(HDF5Error) in
      (try texts(path, "method", row..<row + 1)[0], try texts(path, "recoil_method", row..<row + 1)[0])
    }
    guard let method = EstimationMethod(rawValue: method), let recoil = RecoilMethod(rawValue: recoil) else {
      return nil
    }
    return (method, recoil)
  }

  private func stated(_ path: String, _ name: String, _ row: Int) throws(HDF5Error) -> Sourced<String>? {
    let text = try texts(path, name, row..<row + 1)[0]
    return try isStated(path, name, row) && !text.isEmpty ? Sourced(text, .user) : nil
  }

  private func stated<Kind>(
    _ path: String, _ name: String, _ row: Int
  ) throws(HDF5Error) -> Sourced<Quantity<Kind>>? {
    guard case .doubles(let numbers) = try cells(path, name, row..<row + 1), numbers[0].isFinite else {
      return nil
    }
    return try isStated(path, name, row) ? Sourced(Quantity(si: numbers[0]), .user) : nil
  }

  private func isStated(_ path: String, _ name: String, _ row: Int) throws(HDF5Error) -> Bool {
    try texts(path, name + "_origin", row..<row + 1)[0] == Origin.user.rawValue
  }

  private func shape(_ row: Int) throws(HDF5Error) -> Sourced<Shape>? {
    let name: Sourced<String>? = try stated("/entry/samples", "shape", row)
    guard let name,
      let table = loops.first(where: { $0.layout.path == "/entry/samples" && $0.layout.index != nil }),
      case .doubles(let lengths)? = try table.block(row..<row + 1).columns.first
    else { return nil }
    return Shape(name: name.value, lengths: lengths).map { Sourced($0, .user) }
  }
}

extension Shape {
  /// The shape that `name` and `lengths` describe; nil for others.
  fileprivate init?(name: String, lengths: [Double]) {
    let sizes = lengths.map { Quantity<Length>(si: $0) }
    switch (name, sizes.count) {
    case ("cuboid", 3): self = .cuboid(a: sizes[0], b: sizes[1], c: sizes[2])
    case ("ellipsoid", 3): self = .ellipsoid(a: sizes[0], b: sizes[1], c: sizes[2])
    case ("cylinder", 2): self = .cylinder(diameter: sizes[0], length: sizes[1])
    case ("sphere", 1): self = .sphere(diameter: sizes[0])
    default: return nil
    }
  }
}

extension ArchiveReader {
  /// The uncertainty budgets of a row's results; traps for a row that is not in the archive.
  public func budgets(_ row: Int) throws(ArchiveError) -> [Characteristic: [BudgetLine]] {
    precondition((0..<count).contains(row), "row \(row) of \(count)")
    guard let table = loops.first(where: { $0.layout.path == ArchiveSchema.budget.path }) else { return [:] }
    let block = try archiving { () throws(HDF5Error) in try table.block(row..<row + 1) }
    let columns = Dictionary(uniqueKeysWithValues: zip(table.layout.columns.map(\.name), block.columns))
    guard case .texts(let quantities)? = columns["quantity"], case .texts(let ids)? = columns["line"],
      case .texts(let titles)? = columns["title"], case .texts(let evaluations)? = columns["evaluation"],
      case .doubles(let contributions)? = columns["contribution"],
      case .doubles(let degrees)? = columns["degrees_of_freedom"]
    else { preconditionFailure("a column of \(table.layout.path) is missing") }
    var budgets: [Characteristic: [BudgetLine]] = [:]
    for place in quantities.indices {
      guard let quantity = Characteristic(rawValue: quantities[place]),
        let evaluation = Evaluation(rawValue: evaluations[place])
      else {
        throw ArchiveError(
          .damaged,
          "row \(row) of \(path) has an unknown budget line: “\(quantities[place])”, type “\(evaluations[place])”"
        )
      }
      budgets[quantity, default: []].append(
        BudgetLine(
          id: ids[place], evaluation: evaluation, title: titles[place], contribution: contributions[place],
          degreesOfFreedom: degrees[place].isFinite ? degrees[place] : nil))
    }
    return budgets
  }
}
