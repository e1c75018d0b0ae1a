// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import TestSupport
import Testing

/// The list that a shipped table was made of, and what of it is no limit.
struct TableOrigin: Sendable {
  let id: String
  let list: String
  /// How many rows the table has.
  let rows: Int
  /// Grades whose coercivities are the middles of ranges.
  var withoutCoercivities: Set<String> = []

  static let all = [
    TableOrigin(id: "consensus-ndfeb", list: "consensus_ndfeb_grid", rows: 63),
    TableOrigin(id: "arnold-ndfeb", list: "trade_arnold", rows: 30),
    TableOrigin(id: "chinamagnetfactory-ndfeb", list: "trade_chinamagnetfactory", rows: 11),
    TableOrigin(id: "dura-ndfeb", list: "trade_dura", rows: 5),
    TableOrigin(id: "hgt-ndfeb", list: "trade_hgt", rows: 10),
    TableOrigin(id: "jjmagnet-ndfeb", list: "trade_jjmagnet", rows: 13),
    TableOrigin(id: "kj-ndfeb", list: "trade_kj", rows: 33),
    TableOrigin(id: "nblihe-ndfeb", list: "trade_nblihe", rows: 16),
    TableOrigin(id: "rizinia-ndfeb", list: "trade_rizinia", rows: 14),
    TableOrigin(id: "shanghaimagnet-ndfeb", list: "trade_shanghaimagnet", rows: 17),
    TableOrigin(id: "taihan-ndfeb", list: "trade_taihan_ndfeb", rows: 37),
    TableOrigin(id: "vormag-ndfeb", list: "trade_vormag", rows: 7),
    TableOrigin(id: "gbt-13560", list: "std_gbt_13560", rows: 25),
    TableOrigin(id: "iec-60404-8-1", list: "std_iec_60404_8_1", rows: 15),
    TableOrigin(id: "smco", list: "smco", rows: 36),
    TableOrigin(id: "taihan-smco", list: "trade_taihan_smco", rows: 13),
    TableOrigin(id: "ferrite", list: "ferrite", rows: 17),
    TableOrigin(id: "aomagnet-ferrite", list: "ferrite", rows: 7),
    TableOrigin(id: "taihan-ferrite", list: "trade_taihan_ferrite", rows: 17),
    TableOrigin(id: "alnico", list: "alnico", rows: 3),
    TableOrigin(id: "taihan-alnico", list: "trade_taihan_alnico", rows: 22),
    TableOrigin(
      id: "bonded-ndfeb", list: "bonded_ndfeb", rows: 10,
      withoutCoercivities: ["BNP-3", "BNP-4", "BNP-5", "BNP-7"]),
    TableOrigin(id: "taihan-bonded-ndfeb", list: "trade_taihan_bonded", rows: 12),
    TableOrigin(id: "hot-pressed-ndfeb", list: "hot_pressed_ndfeb", rows: 2),
    TableOrigin(id: "rare-earth-free", list: "rare_earth_free", rows: 2),
  ]
}

struct ShippedTableTests {
  private static let kinds: [(Characteristic, LimitSide, String, Double)] = [
    (.remanence, .minimum, "Br_min_T", 1), (.remanence, .maximum, "Br_max_T", 1),
    (.coercivityHcB, .minimum, "HcB_min_kA_m", 1e3), (.coercivityHcJ, .minimum, "HcJ_min_kA_m", 1e3),
    (.energyProduct, .minimum, "BHmax_min_kJ_m3", 1e3), (.energyProduct, .maximum, "BHmax_max_kJ_m3", 1e3),
    (.squareness, .minimum, "Hk_HcJ_min", 1),
  ]

  @Test func everyTableOfTheProgramIsInTheList() {
    #expect(GradeTable.bundledIDs == TableOrigin.all.map(\.id).sorted())
    #expect(Set(GradeTable.familyIDs).isSubset(of: GradeTable.bundledIDs))
  }

  @Test(arguments: TableOrigin.all) func tablesHaveTheirRowsAndSources(_ origin: TableOrigin) throws {
    let table = try GradeTable.bundled(origin.id)
    #expect(table.grades.count == origin.rows)
    #expect(table.referenceTemperature == 293.15)
    #expect(!table.source.isEmpty && !table.edition.isEmpty && !table.family.isEmpty)
    #expect(table.grades.allSatisfy { $0.confidence != .doubtful })
    // Standards whose text nobody compared serve on request only.
    if origin.list.hasPrefix("std_") { #expect(table.confidence == .unchecked) }
  }

  /// Limits read in the lists by hand: Br, HcB, HcJ in T and kA/m, (BH)max in kJ/m³, minimum and maximum.
  @Test(
    arguments: [
      ("arnold-ndfeb", "N48M", [nil, nil, 995, 1114, nil, nil], Confidence.public),
      ("arnold-ndfeb", "N48H", [nil, nil, 1046, 1353, nil, nil], .unchecked),
      ("chinamagnetfactory-ndfeb", "N42H", [1.28, 1.32, 955, 1353, 318, 342], .public),
      ("dura-ndfeb", "N52", [1.44, 1.48, 836, 876, 390, 422], .public),
      ("hgt-ndfeb", "N48SH", [1.37, 1.42, 1019, 1592, 366, 390], .public),
      ("jjmagnet-ndfeb", "N35", [1.18, 1.23, nil, nil, nil, nil], .public),
      ("kj-ndfeb", "N45SH", [1.33, 1.37, 907, 1512, 342, 358], .public),
      ("kj-ndfeb", "N33UH", [1.14, 1.17, 820, 1989, 247, 263], .unchecked),
      ("nblihe-ndfeb", "N52", [1.43, 1.48, 860, 876, 398, 422], .public),
      ("rizinia-ndfeb", "N38", [1.22, 1.26, 876, 955, 287, 303], .public),
      ("shanghaimagnet-ndfeb", "N56", [1.46, 1.5, 812, 876, 406, 446], .public),
      ("taihan-ndfeb", "N35AH", [nil, nil, 876, 2786, 254, 286], .public),
      ("vormag-ndfeb", "N33", [1.13, 1.18, 836, 960, 247, 270], .public),
      ("gbt-13560", "S-NdFeB 260/135", [1.14, nil, 844, 1350, 247, 279], .unchecked),
      ("iec-60404-8-1", "REFeB 310/130", [1.3, nil, 900, 1300, 310, nil], .unchecked),
      ("smco", "YX24", [0.95, 1, 730, 1194, 175, 199], .public),
      ("smco", "YXG30H", [1.08, 1.1, 788, 1990, 220, 240], .unchecked),
      ("smco", "Recoma 33E", [1.14, nil, nil, 1750, nil, nil], .unchecked),
      ("taihan-smco", "Sm2Co17 Sm24", [nil, nil, 636, 1433, 175, 190], .public),
      ("ferrite", "Y30", [0.37, 0.4, 175, 180, 26, 30], .public),
      ("ferrite", "Y40", [0.44, 0.46, 330, 340, 37.6, 41.8], .unchecked),
      ("aomagnet-ferrite", "Y30BH", [0.38, nil, 223, 231, 27, nil], .public),
      ("taihan-ferrite", "Y30H-1", [nil, nil, 230, 235, 27, 32.5], .public),
      ("alnico", "AlNiCo 37/5", [1.25, 1.3, 47.7, nil, 38.2, 43.8], .public),
      ("taihan-alnico", "LNG44", [nil, nil, 52, nil, 44, nil], .public),
      ("bonded-ndfeb", "BNP-4", [0.46, 0.52, nil, nil, 30, 35], .public),
      ("bonded-ndfeb", "BNP-10", [0.69, 0.75, 390, 640, 74, 80], .unchecked),
      ("taihan-bonded-ndfeb", "BNI-6H", [nil, nil, 335, 1035, 40, 52], .public),
      ("hot-pressed-ndfeb", "MQ2", [0.78, 0.85, 520, 1275, 100, 125], .unchecked),
      ("rare-earth-free", "MnBi bulk", [0.5, 0.62, 320, 450, 48, 68], .unchecked),
    ] as [(String, String, [Double?], Confidence)])
  func limitsAreThoseOfTheSource(
    _ id: String, _ name: String, _ limits: [Double?], _ confidence: Confidence
  ) throws {
    let grade = try #require(try GradeTable.bundled(id).grade(named: name))
    if limits[2] != nil || limits[4] != nil || id != "jjmagnet-ndfeb" {
      for (kind, limit) in zip(Self.kinds, limits) {
        #expect(grade.limit(kind.0, kind.1) == limit.map { $0 * kind.3 }, "\(kind.2)")
      }
    } else {
      #expect(grade.limit(.remanence, .minimum) == limits[0])
      #expect(grade.limit(.remanence, .maximum) == limits[1])
      #expect(grade.limit(.squareness, .minimum) == 0.95)
    }
    #expect(grade.confidence == confidence)
  }

  @Test(arguments: [
    ("chinamagnetfactory-ndfeb", "N48"), ("chinamagnetfactory-ndfeb", "N42M"), ("jjmagnet-ndfeb", "N30M"),
    ("kj-ndfeb", "N52"), ("vormag-ndfeb", "N45"), ("nblihe-ndfeb", "N48"), ("taihan-ndfeb", "N54"),
    ("ferrite", "Y22H"), ("ferrite", "Y28H-2"), ("ferrite", "Y30H-1"), ("aomagnet-ferrite", "C10"),
    ("bonded-ndfeb", "BNP-2"), ("bonded-ndfeb", "BNP-6"), ("taihan-bonded-ndfeb", "BNI-3"),
    ("taihan-ferrite", "Y32H-3"), ("taihan-alnico", "FLNG34"), ("smco", "VACOMAX 225 HR"),
  ])
  func impossibleAndMisprintedRowsAreNotThere(_ id: String, _ name: String) throws {
    #expect(try GradeTable.bundled(id).grade(named: name) == nil)
  }

  @Test func ferriteAndManganeseBismuthKeepTheSignOfTheirCoefficients() throws {
    let ferrite = try #require(try GradeTable.bundled("aomagnet-ferrite").grade(named: "Y35"))
    #expect(ferrite.coercivityCoefficient == 0.3 / 100)
    #expect(ferrite.remanenceCoefficient == -0.2 / 100)
  }

  @Test(arguments: TableOrigin.all) func everyRowAgreesWithTheListItWasMadeFrom(_ origin: TableOrigin) throws
  {
    guard let url = Repository.shared("facts/grades/\(origin.list).csv") else {
      print("passed over: the list of \(origin.id) is not beside the repository")
      return
    }
    let rows = try csvRows(url)
    let table = try GradeTable.bundled(origin.id)
    for grade in table.grades {
      // A list may hold several sources: the row is one with that name and the very limits of the table.
      let named = rows.filter { row in
        let name = row["grade"] ?? ""
        let parts = [name] + name.split(whereSeparator: { "(),".contains($0) }).map(String.init)
        return parts.contains { table.grade(named: $0)?.name == grade.name && !$0.isEmpty }
      }
      #expect(!named.isEmpty, "\(grade.name)")
      let agreeing = named.filter { row in
        Self.kinds.allSatisfy { kind in
          let isCoercivity = kind.0 == .coercivityHcB || kind.0 == .coercivityHcJ
          guard !isCoercivity || !origin.withoutCoercivities.contains(grade.name) else {
            return grade.limit(kind.0, kind.1) == nil
          }
          return grade.limit(kind.0, kind.1) == row[kind.2].flatMap(Double.init).map { $0 * kind.3 }
        } && grade.typicalRemanence == row["Br_typ_T"].flatMap(Double.init)
          && grade.coercivityCoefficient == row["beta_HcJ_pct_K"].flatMap(Double.init).map { $0 / 100 }
      }
      #expect(!agreeing.isEmpty, "\(grade.name)")
      // What is not plainly public or a consensus serves on request only.
      for row in agreeing.prefix(1) {
        let word = row["confidence"] ?? ""
        #expect(
          (grade.confidence == .unchecked) == (word != "public" && word != "consensus"), "\(grade.name)")
      }
    }
  }

  @Test func noRowIsOneThatTheListOfFaultsNames() throws {
    guard let url = Repository.shared("facts/grades/consistency_issues.csv") else {
      print("passed over: the list of faults is not beside the repository")
      return
    }
    let faults = try csvRows(url).filter { $0["severity"] == "real" }
    #expect(faults.count > 40)
    for fault in faults {
      let list = (fault["file"] ?? "").replacing(".csv", with: "")
      let name = fault["grade"] ?? ""
      for origin in TableOrigin.all
      where origin.list == list || (list == "trade_taihan_all" && origin.list.contains("taihan")) {
        // The fault of a row is not that of another source in the same list.
        let table = try GradeTable.bundled(origin.id)
        guard let grade = table.grade(named: name), grade.name == name else { continue }
        #expect(Bool(false), "\(origin.id) has \(name)")
      }
    }
  }
}

/// The rows of a table with a header and quoted cells, by the names of the header.
func csvRows(_ url: URL) throws -> [[String: String]] {
  func cells(_ line: Substring) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
  let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline).map(cells)
  return lines.dropFirst().map { Dictionary(zip(lines[0], $0)) { first, _ in first } }
}
