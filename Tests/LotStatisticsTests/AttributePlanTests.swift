// SPDX-License-Identifier: GPL-3.0-or-later
import LotStatistics
import Testing

@Suite struct AttributePlanTests {
  private func words(_ plan: AttributePlan) -> String {
    "\(plan.tabledSampleSize)/\(plan.acceptanceNumber)/\(plan.rejectionNumber)"
  }

  // Rows of MIL-STD-105E, tables II-A to II-C: n/Ac/Re from AQL 0.010 to 1000, the corners and both kinds of arrow.
  @Test(
    arguments: [
      (
        .normal, "A",
        "1250/0/1 800/0/1 500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 8/0/1 5/0/1 3/0/1 "
          + "2/0/1 5/1/2 3/1/2 2/1/2 2/2/3 2/3/4 2/5/6 2/7/8 2/10/11 2/14/15 2/21/22 2/30/31"
      ),
      (
        .normal, "E",
        "1250/0/1 800/0/1 500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 8/0/1 20/1/2 13/1/2 "
          + "13/2/3 13/3/4 13/5/6 13/7/8 13/10/11 13/14/15 13/21/22 13/30/31 13/44/45 8/44/45 5/44/45 3/44/45"
      ),
      (
        .normal, "R",
        "1250/0/1 800/0/1 2000/1/2 2000/2/3 2000/3/4 2000/5/6 2000/7/8 2000/10/11 2000/14/15 2000/21/22 1250/21/22 "
          + "800/21/22 500/21/22 315/21/22 200/21/22 125/21/22 80/21/22 50/21/22 32/21/22 20/21/22 13/21/22 13/30/31 "
          + "13/44/45 8/44/45 5/44/45 3/44/45"
      ),
      (
        .tightened, "A",
        "2000/0/1 1250/0/1 800/0/1 500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 8/0/1 5/0/1 "
          + "3/0/1 8/1/2 5/1/2 3/1/2 2/1/2 2/2/3 2/3/4 2/5/6 2/8/9 2/12/13 2/18/19 2/27/28"
      ),
      (
        .tightened, "Q",
        "2000/0/1 1250/0/1 3150/1/2 2000/1/2 1250/1/2 1250/2/3 1250/3/4 1250/5/6 1250/8/9 1250/12/13 1250/18/19 "
          + "800/18/19 500/18/19 315/18/19 200/18/19 125/18/19 80/18/19 50/18/19 32/18/19 20/18/19 13/18/19 13/27/28 "
          + "13/41/42 8/41/42 5/41/42 3/41/42"
      ),
      (
        .tightened, "R",
        "2000/0/1 1250/0/1 3150/1/2 2000/1/2 2000/2/3 2000/3/4 2000/5/6 2000/8/9 2000/12/13 2000/18/19 1250/18/19 "
          + "800/18/19 500/18/19 315/18/19 200/18/19 125/18/19 80/18/19 50/18/19 32/18/19 20/18/19 13/18/19 13/27/28 "
          + "13/41/42 8/41/42 5/41/42 3/41/42"
      ),
      (
        .reduced, "A",
        "500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 8/0/1 5/0/1 3/0/1 2/0/1 2/0/1 2/0/1 "
          + "2/0/2 2/0/2 2/1/2 2/2/3 2/3/4 2/5/6 2/7/8 2/10/11 2/14/15 2/21/22 2/30/31"
      ),
      (
        .reduced, "B",
        "500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 8/0/1 5/0/1 3/0/1 2/0/1 2/0/1 2/0/1 "
          + "2/0/2 2/0/2 2/1/3 2/2/4 2/3/5 2/5/6 2/7/8 2/10/11 2/14/15 2/21/22 2/30/31"
      ),
      (
        .reduced, "H",
        "500/0/1 315/0/1 200/0/1 125/0/1 80/0/1 50/0/1 32/0/1 20/0/1 13/0/1 32/0/2 20/0/2 20/1/3 20/1/4 20/2/5 "
          + "20/3/6 20/5/8 20/7/10 20/10/13 13/10/13 8/10/13 5/10/13 5/14/17 5/21/24 3/21/24 2/21/24 2/30/31"
      ),
      (
        .reduced, "R",
        "500/0/1 315/0/1 800/0/2 800/1/3 800/1/4 800/2/5 800/3/6 800/5/8 800/7/10 800/10/13 500/10/13 315/10/13 "
          + "200/10/13 125/10/13 80/10/13 50/10/13 32/10/13 20/10/13 13/10/13 8/10/13 5/10/13 5/14/17 5/21/24 3/21/24 "
          + "2/21/24 2/30/31"
      ),
    ] as [(InspectionSeverity, Character, String)])
  func rowsOfTheMasterTables(_ severity: InspectionSeverity, _ letter: Character, _ expected: String) throws {
    let row = try AcceptanceQualityLimit.preferred.map {
      words(try AttributePlan(codeLetter: letter, severity: severity, limit: $0))
    }
    #expect(row.joined(separator: " ") == expected)
  }

  @Test func everyPublishedPlanIsComputed() throws {
    guard let table = try PublishedTable("aql_single_plans.csv") else { return }
    #expect(table.rows.count == 1248)
    for row in table.rows {
      let severity = try #require(InspectionSeverity(rawValue: row["inspection"] ?? ""))
      let letter = try #require(row["code_letter"]?.first)
      let limit = try AcceptanceQualityLimit(row["AQL_percent"] ?? "")
      let plan = try AttributePlan(codeLetter: letter, severity: severity, limit: limit)
      #expect(
        words(plan) == [row["n_after_arrow"], row["Ac"], row["Re"]].map { $0 ?? "" }.joined(separator: "/"))
    }
  }

  // MIL-STD-105E, table I: the last size of a row and the first of the next.
  @Test(
    arguments: [
      (2, "AAAAAAB"), (8, "AAAAAAB"), (9, "AAAAABC"), (25, "AABBBCD"), (26, "ABBCCDE"), (90, "BBCCCEF"),
      (150, "BBCDDFG"), (151, "BCDEEGH"), (500, "BCDEFHJ"), (501, "CCEFGJK"), (1200, "CCEFGJK"),
      (1201, "CDEGHKL"), (10_000, "CDFGJLM"), (35_000, "CDFHKMN"), (150_000, "DEGJLNP"), (500_000, "DEGJMPQ"),
      (500_001, "DEHKNQR"), (.max, "DEHKNQR"),
    ])
  func codeLettersOfLots(_ size: Int, _ letters: String) throws {
    let limit = try AcceptanceQualityLimit("1.0")
    let found = try InspectionLevel.allCases.map {
      try AttributePlan(lotSize: size, level: $0, limit: limit).codeLetter
    }
    #expect(String(found) == letters)
  }

  @Test func everyPublishedCodeLetterIsFound() throws {
    guard let table = try PublishedTable("aql_code_letters.csv") else { return }
    let limit = try AcceptanceQualityLimit("1.0")
    for row in table.rows {
      for size in (row["lot_size"] ?? "").split(whereSeparator: { "-+".contains($0) }).compactMap({ Int($0) })
      {
        for level in InspectionLevel.allCases {
          let letter = try AttributePlan(lotSize: size, level: level, limit: limit).codeLetter
          #expect(String(letter) == row[level.rawValue], "\(size) \(level)")
        }
      }
    }
  }

  @Test func smallLotsAreJudgedWhole() throws {
    let limit = try AcceptanceQualityLimit("0.65")
    let small = try AttributePlan(lotSize: 15, limit: limit)
    #expect(small.tabledSampleSize == 20 && small.planLetter == "F" && small.codeLetter == "B")
    #expect(small.inspectsAll && small.sampleSize == 15)
    let exact = try AttributePlan(lotSize: 20, limit: limit)
    #expect(exact.inspectsAll && exact.sampleSize == 20)
    let large = try AttributePlan(lotSize: 21, limit: limit)
    #expect(!large.inspectsAll && large.sampleSize == 20)
  }

  @Test func countsDecide() throws {
    let normal = try AttributePlan(codeLetter: "K", limit: AcceptanceQualityLimit("1.0"))
    #expect(
      (0...5).map { normal.decision(nonconforming: $0).isAccepted } == [true, true, true, true, false, false])
    let reduced = try AttributePlan(codeLetter: "K", severity: .reduced, limit: AcceptanceQualityLimit("1.0"))
    #expect(words(reduced) == "50/1/4")
    #expect(
      (0...4).map { reduced.decision(nonconforming: $0) } == [
        .accepted, .accepted, .acceptedButBackToNormal, .acceptedButBackToNormal, .rejected,
      ])
  }

  @Test(arguments: [("0.65", "0.65"), (" 1 %", "1.0"), (".4", "0.40"), ("6.50", "6.5"), ("1e3", "1000")])
  func limitsAreReadAsPeopleWriteThem(_ text: String, _ printed: String) throws {
    #expect(try AcceptanceQualityLimit(text).description == printed)
  }

  @Test(
    arguments: [
      ("0.5", "near it are 0.40 and 0.65"), ("0.001", "near it are 0.010"), ("2000", "near it are 1000"),
      ("", "is no acceptance quality limit"), ("nan", "is no acceptance"), ("-1", "is no acceptance"),
      ("0", "is no acceptance"), ("one", "is no acceptance"), ("inf", "is no acceptance"),
    ])
  func otherLimitsAreRefusedWithASentence(_ text: String, _ part: String) {
    let error = #expect(throws: LotStatisticsError.self) { try AcceptanceQualityLimit(text) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func lotsAndLettersThatAreNotInTheTablesAreRefused() throws {
    let limit = try AcceptanceQualityLimit("1.0")
    for size in [1, 0, -5] {
      #expect(throws: LotStatisticsError.self) { try AttributePlan(lotSize: size, limit: limit) }
    }
    for letter: Character in ["I", "O", "S", "a", "Z"] {
      #expect(throws: LotStatisticsError.self) { try AttributePlan(codeLetter: letter, limit: limit) }
    }
  }
}
