// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Certification
import Foundation
import TestSupport
import Testing

/// Every shipped table, read once.
private let shipped = Result { try GradeLibrary.bundled() }

struct GradeLibraryTests {
  let library: GradeLibrary

  init() throws { library = try shipped.get() }

  @Test(arguments: [
    ("YXG-30H", "smco", "YXG30H"), ("SmCo yxg 24", "smco", "YXG24"), ("Recoma HT520", "smco", "Recoma HT520"),
    ("Sm18", "taihan-smco", "SmCo5 Sm18"), ("Sm2Co17 Sm24", "taihan-smco", "Sm2Co17 Sm24"),
    ("Y30H-1", "taihan-ferrite", "Y30H-1"), ("ferrite Y30", "ferrite", "Y30"),
    ("C5", "aomagnet-ferrite", "Y30"),
    ("C1", "aomagnet-ferrite", "Y10T"), ("C8A", "aomagnet-ferrite", "C8"),
    ("LNG44", "taihan-alnico", "LNG44"), ("AlNiCo5DG LNG44", "taihan-alnico", "LNG44"),
    ("AlNiCo 37/5", "alnico", "Alnico-5 cast"), ("Alnico S-34/5", "alnico", "Alnico sintered"),
    ("BNP-10", "bonded-ndfeb", "BNP-10"), ("bonded NdFeB BNP-7", "bonded-ndfeb", "BNP-7"),
    ("BNI 5SR PPS", "taihan-bonded-ndfeb", "BNI5SR-PPS"),
    ("S-NdFeB 380/80", "gbt-13560", "S-NdFeB 380/80"), ("refeb 310/130", "iec-60404-8-1", "REFeB 310/130"),
    ("MQ3", "hot-pressed-ndfeb", "MQ3"), ("MnAl-C", "rare-earth-free", "MnAl-C"),
    ("N42SH", "consensus-ndfeb", "N42SH"), ("NdFeB N42SH", "consensus-ndfeb", "N42SH"),
  ])
  func namesFindTheirRow(_ written: String, _ table: String, _ name: String) throws {
    let entry = try #require(library.entry(named: written))
    #expect(entry.table.id == table)
    #expect(entry.grade.name == name)
  }

  @Test(arguments: [
    // N56 is with two vendors and in no table of a family; the others are nowhere.
    ("N56", 2), ("S-NdFeB 334/159", 0), ("REFeB 320/160", 0), ("42SH", 0), ("30", 0), ("", 0), ("Y", 0),
  ])
  func whatIsNotOneGradeIsNotGuessed(_ written: String, _ count: Int) {
    #expect(library.entry(named: written) == nil)
    #expect(library.entries(named: written).count == count)
  }

  @Test(arguments: [
    ("S-NdFeB 334/159", ["S-NdFeB 280/160"]), ("REFeB 320/160", ["REFeB 310/130", "REFeB 340/130"]),
    ("YXG-31H", ["YXG30H", "YXG32H"]), ("Y30H-3", ["Y30H-1", "Y30H-2"]), ("LNG45", ["LNG44"]),
    ("BNP-13", ["BNP-10", "BNP-11", "BNP-12"]), ("N43SH", ["N42SH", "N40SH"]),
    ("AlNiCo 38/5", ["Alnico-5 cast"]),
  ])
  func misspeltNamesGetNearOnesOfAllTables(_ written: String, _ expected: [String]) {
    let near = library.namesNear(written)
    #expect(near.count <= 5)
    for name in expected { #expect(near.map(\.name).contains(name), "\(near)") }
    // One name once, however many tables have it.
    #expect(Set(near.map(\.name)).count == near.count)
  }

  @Test func nothingIsNearToNonsense() {
    for text in ["something else altogether", "", "🧲", String(repeating: "9", count: 400) + "/1"] {
      #expect(library.namesNear(text).isEmpty, "\(text)")
    }
  }

  @Test func theDefaultTableComesFirst() {
    #expect(library.tables.map(\.id).prefix(7) == GradeTable.familyIDs[...])
    #expect(library.tables.count == GradeTable.bundledIDs.count)
  }
}

struct GradeSpreadTests {
  private static func kind(_ characteristic: Characteristic, _ side: LimitSide) throws -> Limit.Kind {
    let spread = try #require(GradeSpread(of: "N42", in: try shipped.get()))
    return try #require(spread.kinds.first { $0.characteristic == characteristic && $0.side == side })
  }

  @Test func sourcesOfOneNameDiffer() throws {
    let library = try shipped.get()
    let spread = try #require(GradeSpread(of: "NdFeB n48", in: library))
    #expect(
      spread.entries.map(\.table.id) == [
        "consensus-ndfeb", "arnold-ndfeb", "hgt-ndfeb", "jjmagnet-ndfeb", "kj-ndfeb", "rizinia-ndfeb",
        "shanghaimagnet-ndfeb", "taihan-ndfeb",
      ])
    #expect(try spread.range(of: Self.kind(.remanence, .minimum)) == 1.36...1.38)
    #expect(try spread.range(of: Self.kind(.coercivityHcB, .minimum)) == 836e3...923e3)
    #expect(try spread.range(of: Self.kind(.coercivityHcJ, .minimum)) == 955e3...955e3)
    #expect(GradeSpread(of: "N49", in: library) == nil)
    // Where nobody else has the grade, the consensus stands for itself.
    let alone = try #require(GradeSpread(of: "N38EH", in: GradeLibrary(tables: [library.tables[0]])))
    #expect(try alone.range(of: Self.kind(.coercivityHcJ, .minimum)) == 2388e3...2388e3)
  }

  @Test func rangesAgreeWithTheListWhereNoSourceWasLeftOut() throws {
    guard let url = Repository.shared("facts/grades/ndfeb_spread_across_sources.csv") else {
      print("passed over: the list of ranges is not beside the repository")
      return
    }
    let library = try shipped.get()
    let columns: [(Characteristic, LimitSide, String, Double)] = [
      (.remanence, .minimum, "Br_min_T", 1), (.remanence, .maximum, "Br_max_T", 1),
      (.coercivityHcB, .minimum, "HcB_min_kA_m", 1e3), (.coercivityHcJ, .minimum, "HcJ_min_kA_m", 1e3),
      (.energyProduct, .minimum, "BHmax_min_kJ_m3", 1e3), (.energyProduct, .maximum, "BHmax_max_kJ_m3", 1e3),
    ]
    var complete = 0
    for row in try csvRows(url) {
      let name = try #require(row["grade"])
      guard let spread = GradeSpread(of: name, in: library) else { continue }
      let sources = (row["sources"] ?? "").split(separator: "|").map {
        $0.split(separator: "_").first.map(String.init) ?? ""
      }
      let shipped = spread.entries.map(\.table.id).filter { $0 != "consensus-ndfeb" }
      let isComplete = sources.count == shipped.count
      complete += isComplete ? 1 : 0
      for (characteristic, side, column, unit) in columns {
        let kind = try Self.kind(characteristic, side)
        let printed = (row[column] ?? "").split(separator: "..").compactMap { Double($0) }
        let ours = shipped.isEmpty ? nil : spread.range(of: kind)
        guard let low = printed.first, let high = printed.last else {
          #expect(ours == nil, "\(name) \(column)")
          continue
        }
        guard let ours else {
          #expect(!isComplete, "\(name) \(column)")
          continue
        }
        // A row that was left out can only narrow the range.
        #expect(ours.lowerBound >= low * unit && ours.upperBound <= high * unit, "\(name) \(column)")
        if isComplete { #expect(ours == low * unit...high * unit, "\(name) \(column)") }
      }
    }
    #expect(complete > 20)
  }
}
