// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import Quantities
import TestSupport
import Testing

struct GradeTableTests {
  @Test func theConsensusTableIsBundledAndComplete() throws {
    #expect(GradeTable.bundledIDs.contains("consensus-ndfeb"))
    let table = try GradeTable.bundled("consensus-ndfeb")
    #expect(table.id == "consensus-ndfeb")
    #expect(table.edition == "1")
    #expect(table.confidence == .consensus)
    #expect(table.referenceTemperature == 293.15)
    #expect(table.grades.count == 63)
    #expect(table.grades.count { $0.confidence == .unchecked } == 8)
    #expect(Set(table.grades.map(\.classMark)) == ["N", "M", "H", "SH", "UH", "EH", "AH"])
  }

  /// Figures of the trade consensus, written out here by hand from the list that the table was made from.
  @Test(arguments: [
    ("N42SH", 1.28, 1.32, 939e3, 1592e3, 318e3, Confidence.consensus),
    ("N30", 1.08, 1.13, 796e3, 955e3, 223e3, .consensus),
    ("N52", 1.43, 1.48, 836e3, 876e3, 398e3, .consensus),
    ("N50H", 1.40, 1.45, 1033e3, 1273e3, 382e3, .consensus),
    ("N35AH", 1.17, 1.22, 876e3, 2785e3, 263e3, .consensus),
    ("N52SH", 1.43, 1.48, 1035e3, 1592e3, 398e3, .unchecked),
  ])
  func limitsAreThoseOfTheSource(
    _ name: String, _ low: Double, _ high: Double, _ hcB: Double, _ hcJ: Double, _ product: Double,
    _ confidence: Confidence
  ) throws {
    let grade = try #require(try GradeTable.bundled("consensus-ndfeb").grade(named: name))
    #expect(grade.name == name)
    #expect(grade.limit(.remanence, .minimum) == low)
    #expect(grade.limit(.remanence, .maximum) == high)
    #expect(grade.limit(.coercivityHcB, .minimum) == hcB)
    #expect(grade.limit(.coercivityHcJ, .minimum) == hcJ)
    #expect(grade.limit(.energyProduct, .minimum) == product)
    #expect(grade.limit(.coercivityHcJ, .maximum) == nil)
    #expect(grade.confidence == confidence)
  }

  @Test func coefficientsAndTemperaturesAreInSI() throws {
    let grade = try #require(try GradeTable.bundled("consensus-ndfeb").grade(named: "N42SH"))
    #expect(grade.remanenceCoefficient == -0.12 / 100)
    #expect(grade.coercivityCoefficient == -0.535 / 100)
    #expect(grade.maximumWorkingTemperature == 150 + 273.15)
    #expect(grade.typicalDensity == 7600)
    #expect(grade.typicalRecoilPermeability == 1.05)
    #expect(grade.limits.first { $0.characteristic == .coercivityHcJ }?.printed == "1592 kA/m")
    #expect(grade.limits.first { $0.characteristic == .remanence }?.printed == "1.28 T")
  }

  @Test func everyRowAgreesWithTheListItWasMadeFrom() throws {
    guard let url = Repository.shared("facts/grades/consensus_ndfeb_grid.csv") else {
      print("passed over: the list of grades is not beside the repository")
      return
    }
    let table = try GradeTable.bundled("consensus-ndfeb")
    let lines = try String(contentsOf: url, encoding: .utf8).split(whereSeparator: \.isNewline)
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == table.grades.count + 1)
    for line in lines.dropFirst() {
      // The columns that are compared stand in front of the ones with quoted text.
      let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let row = Dictionary(uniqueKeysWithValues: zip(header.prefix(10), cells))
      let name = try #require(row["grade"])
      let grade = try #require(table.grades.first { $0.name == name })
      #expect(grade.classMark == row["class"])
      func number(_ column: String) -> Double? { row[column].flatMap(Double.init) }
      #expect(grade.limit(.remanence, .minimum) == number("Br_min_T"))
      #expect(grade.limit(.remanence, .maximum) == number("Br_max_T"))
      #expect(grade.limit(.coercivityHcB, .minimum) == number("HcB_min_kA_m").map { $0 * 1e3 })
      #expect(grade.limit(.coercivityHcJ, .minimum) == number("HcJ_min_kA_m").map { $0 * 1e3 })
      #expect(grade.limit(.energyProduct, .minimum) == number("BHmax_min_kJ_m3").map { $0 * 1e3 })
      #expect(grade.limit(.energyProduct, .maximum) == number("BHmax_max_kJ_m3").map { $0 * 1e3 })
      #expect((grade.confidence == .unchecked) == line.contains(",unchecked,"))
    }
  }

  @Test(arguments: [
    "N42SH", "n42sh", "42SH", "42sh", "N 42 SH", "N-42-SH", "NdFeB 42SH", "NdFeB N42SH", "grade N42SH",
  ])
  func namesAreReadAsPeopleWriteThem(_ written: String) throws {
    #expect(try GradeTable.bundled("consensus-ndfeb").grade(named: written)?.name == "N42SH")
  }

  @Test(arguments: ["", "SH", "N", "X42SH", "N42SHX", "N43SH", "grade", "ÿ", "42 SH 1"])
  func otherNamesAreNotGuessed(_ written: String) throws {
    #expect(try GradeTable.bundled("consensus-ndfeb").grade(named: written) == nil)
  }

  @Test func misspeltNamesGetTheNearestOnes() throws {
    let table = try GradeTable.bundled("consensus-ndfeb")
    let near = table.namesNear("N43SH")
    #expect(near.first.map { ["N40SH", "N42SH", "N45SH", "N48SH", "N33SH"].contains($0) } == true)
    #expect(near.contains("N42SH"))
    #expect(near.count <= 5)
    #expect(table.namesNear("42HS").contains("N42SH") || table.namesNear("42HS").contains("N42H"))
    #expect(table.namesNear("something else").isEmpty)
  }

  @Test func absentTablesAreRefusedWithTheListOfThoseThatExist() throws {
    for id in ["no-such-table", "../GradeTables/consensus-ndfeb", ""] {
      let error = try #require(throws: GradeTableError.self) { try GradeTable.bundled(id) }
      #expect(error.description.contains("consensus-ndfeb"))
    }
  }
}

/// Every check that a table undergoes, on a table that is wrong in that one way.
struct GradeTableCheckTests {
  static func table(_ rows: String, head: String = "confidence = 'public'") -> String {
    "id = 'mine'\nedition = '3'\nsource = 'sheet 7'\nfamily = 'ferrite'\n\(head)\n\(rows)"
  }

  private func error(_ rows: String, head: String = "confidence = 'public'") throws -> GradeTableError {
    try #require(throws: GradeTableError.self) {
      try GradeTable(toml: Self.table(rows, head: head), name: "mine.toml")
    }
  }

  @Test func aSoundTableLoads() throws {
    let rows = """
      reference_temperature_C = 25
      [[grade]]
      name = 'Y30'
      class = ''
      br_min_T = 0.37
      br_typ_T = 0.39
      hcb_min_kA_per_m = 175
      hcj_min_kA_per_m = 180.5
      hcj_max_kA_per_m = 215
      bhmax_min_kJ_per_m3 = 26
      squareness_min = 0.9
      beta_hcj_percent_per_K = 0.3
      confidence = 'unchecked'
      """
    let table = try GradeTable(toml: Self.table(rows), name: "mine.toml")
    #expect(table.referenceTemperature == 25 + 273.15)
    let grade = try #require(table.grades.first)
    #expect(grade.confidence == .unchecked)
    #expect(grade.typicalRemanence == 0.39)
    #expect(grade.coercivityCoefficient == 0.3 / 100)
    #expect(grade.limit(.coercivityHcJ, .maximum) == 215e3)
    #expect(grade.limit(.squareness, .minimum) == 0.9)
    #expect(grade.limits.first { $0.characteristic == .coercivityHcJ }?.printed == "180.5 kA/m")
  }

  @Test(arguments: [
    // minimum above maximum
    ("br_min_T = 1.3\nbr_max_T = 1.2", ["1.3 T", "1.2 T"]),
    ("hcj_min_kA_per_m = 900\nhcj_max_kA_per_m = 800", ["900 kA/m", "800 kA/m"]),
    // HcB above Br/µ0 = 795.8 kA/m for 1 T
    ("br_min_T = 1.0\nhcb_min_kA_per_m = 797\nhcj_min_kA_per_m = 955", ["797", "795.8", "1.0 T"]),
    // HcB above HcJ
    ("br_min_T = 1.4\nhcb_min_kA_per_m = 923\nhcj_min_kA_per_m = 876", ["923", "876"]),
    // (BH)max above Br²/4µ0 = 198.9 kJ/m³ for 1 T, by more than 1 %; typical values too
    ("br_min_T = 1.0\nbhmax_min_kJ_per_m3 = 201", ["201", "198.9"]),
    ("br_min_T = 0.9\nbr_max_T = 1.0\nbhmax_max_kJ_per_m3 = 201", ["201", "198.9"]),
    ("br_typ_T = 1.0\nbhmax_typ_kJ_per_m3 = 201\nhcj_min_kA_per_m = 900", ["201", "198.9"]),
    // not finite, not positive, no limit, trusted more than its table, an unknown degree, unknown unit
    ("br_min_T = nan", ["br_min_T"]), ("br_min_T = inf", ["br_min_T"]),
    ("hcj_min_kA_per_m = 1e306", ["HcJ"]),
    ("br_min_T = -1.2", ["-1.2 T"]), ("br_min_T = 0", ["0 T"]),
    ("br_typ_T = 1.2", ["no limit"]),
    ("br_min_T = 1.2\nconfidence = 'certain'", ["certain", "consensus"]),
    ("br_min_T = 12.5\nhcj_min_kOe = 12", ["hcj_min_kOe"]),
  ])
  func impossibleRowsAreRefusedWithBothNumbers(_ row: String, _ words: [String]) throws {
    let error = try error("[[grade]]\nname = 'N1'\nclass = 'N'\n\(row)")
    for word in words { #expect(error.description.contains(word), "\(error)") }
    #expect(error.description.contains("mine"))
    if error.table == "mine" { #expect(error.grade == "N1") }
  }

  @Test func printedRoundingOfOnePercentIsNoFault() throws {
    // VACOMAX-like: 200 kJ/m³ printed for 1.0 T, where 198.9 is the bound.
    let rows = "[[grade]]\nname = 'a'\nclass = ''\nbr_min_T = 1.0\nbhmax_min_kJ_per_m3 = 200"
    #expect(try GradeTable(toml: Self.table(rows), name: "x").grades.count == 1)
  }

  @Test func orderInsideAClassIsChecked() throws {
    func rows(_ first: String, _ second: String) -> String {
      "[[grade]]\nname = 'N35'\nclass = 'N'\n\(first)\n[[grade]]\nname = 'N38'\nclass = 'N'\n\(second)"
    }
    let remanence = try error(rows("br_min_T = 1.22", "br_min_T = 1.17"))
    #expect(remanence.grade == "N38")
    for word in ["1.17 T", "1.22 T", "N35"] { #expect(remanence.description.contains(word)) }
    let product = try error(
      rows("br_min_T = 1.2\nbhmax_min_kJ_per_m3 = 270", "br_min_T = 1.2\nbhmax_min_kJ_per_m3 = 263"))
    for word in ["270", "263"] { #expect(product.description.contains(word)) }
    #expect(
      try GradeTable(toml: Self.table(rows("br_min_T = 1.2", "br_min_T = 1.2")), name: "x").grades.count == 2)
  }

  @Test func coercivityDoesNotFallFromClassToClass() throws {
    func rows(_ first: Int, _ second: Int) -> String {
      "[[grade]]\nname = 'N35'\nclass = 'N'\nhcj_min_kA_per_m = \(first)\n"
        + "[[grade]]\nname = 'N35M'\nclass = 'M'\nhcj_min_kA_per_m = \(second)"
    }
    let error = try error(rows(1114, 955))
    #expect(error.grade == "N35M")
    for word in ["1114", "955", "N35"] { #expect(error.description.contains(word)) }
    #expect(try GradeTable(toml: Self.table(rows(955, 955)), name: "x").grades.count == 2)
  }

  @Test func doubleNamesAreRefusedHoweverTheyAreSpelt() throws {
    let row = "class = 'N'\nbr_min_T = 1.2\n"
    let error = try error("[[grade]]\nname = 'N 35'\n\(row)[[grade]]\nname = 'n35'\n\(row)")
    #expect(error.description.contains("N 35"))
    #expect(error.grade == "n35")
    let empty = try self.error("[[grade]]\nname = '-'\n\(row)")
    #expect(empty.description.contains("name"))
  }

  @Test func aGradeIsNotTrustedMoreThanItsTable() throws {
    let error = try error(
      "[[grade]]\nname = 'a'\nclass = ''\nbr_min_T = 1\nconfidence = 'public'",
      head: "confidence = 'unchecked'")
    for word in ["public", "unchecked"] { #expect(error.description.contains(word)) }
  }

  @Test func tablesWithoutTheirPartsAreRefused() throws {
    #expect(try error("grade = []").description.contains("no grade"))
    #expect(try error("").description.contains("grade"))
    #expect(try error("grade = []", head: "").description.contains("confidence"))
    #expect(try error("[[grade]\n").description.contains("line 6"))
  }
}
