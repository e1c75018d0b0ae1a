// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Columns of MultiVu files")
struct MultiVuColumnTests {
  private func loop(
    _ columns: String, _ header: [String] = [], _ units: [String: String] = [:], mark: String = "",
    row: (Int) -> String
  ) throws -> LoopMeasurement {
    let lines =
      ["[Header]\(mark)", "; VSM Data File (default extension .dat)"] + header + ["[Data]\(mark)", columns]
      + (0..<12).map(row)
    var stated: [String: UnitOfMeasure] = [:]
    for (name, word) in units {
      let unit = try #require(UnitOfMeasure(word: word))
      stated[name] = unit
    }
    return try Instrument.quantumDesignVSM.readLoop(
      textFile(lines.joined(separator: "\n") + "\n"), ReadingOptions(columnUnits: stated))
  }

  private func loop(time: String, temperature: String, _ units: [String: String] = [:]) throws
    -> LoopMeasurement
  {
    try loop("Comment,\(time),\(temperature),Magnetic Field (Oe),Moment (emu)", [], units) {
      ",\($0),25,\(1000 * (6 - $0)),0.5"
    }
  }

  @Test("times and temperatures are read in the units of their names")
  func unitsOfNames() throws {
    let celsius = try loop(time: "Time Stamp (ms)", temperature: "Temperature (C)")
    #expect(celsius.temperature?.si == Array(repeating: 25 + 273.15, count: 12))
    #expect(celsius.time?.si[3] == 3 * 1e-3)
    #expect(celsius.notes.isEmpty)
    let bare = try loop(time: "Time Stamp", temperature: "Temperature (K)")
    #expect(bare.time?.si[3] == 3 && bare.temperature?.si[0] == 25)
    let unknown = try loop(time: "Time Stamp (beat)", temperature: "Temperature (Re)")
    #expect(unknown.time == nil && unknown.temperature == nil)
    #expect(unknown.notes.map(\.code) == ["column-left-out", "column-left-out"])
    #expect(unknown.notes.last?.message.contains("“Re”") == true)
    #expect(try loop(time: "Time Stamp", temperature: "Temperature").notes.map(\.code) == ["column-left-out"])
  }

  @Test("a unit that the user states instead of the file's is noted, and one of something else refused")
  func statedUnits() throws {
    let stated = try loop(
      time: "Time Stamp (sec)", temperature: "Temperature (K)",
      ["Moment (emu)": "memu", "Temperature (K)": "°C"])
    #expect(stated.response.si[0] == 0.5 * 1e-6)
    #expect(stated.temperature?.si[0] == 25 + 273.15)
    #expect(stated.notes.map(\.code) == ["unit-stated", "unit-stated"])
    let error = #expect(throws: ReadError.self) {
      try loop(time: "Time Stamp", temperature: "Temperature (K)", ["Temperature (K)": "mg"])
    }
    #expect(error?.code == .unit && error?.column == "Temperature (K)")
  }

  @Test("a row with more cells than there are columns is refused, and empty cells at its end are not")
  func strayCells() throws {
    let columns = "Comment,Time Stamp (sec),Temperature (K),Magnetic Field (Oe),Moment (emu),X"
    let error = #expect(throws: ReadError.self) {
      try loop(columns) { ",\($0),300,\(1000 * (6 - $0)),0000,0,5000,1" }
    }
    #expect(error?.code == .malformed && error?.line == 5)
    #expect(error?.detail.contains("decimal comma") == true)
    #expect(try loop(columns) { ",\($0),300,\(1000 * (6 - $0)),0.5,1,,  ,\t," }.count == 12)
  }

  @Test("a file saved again with semicolons is claimed and refused for them")
  func semicolons() throws {
    let error = #expect(throws: ReadError.self) {
      try loop("Comment;Time Stamp (sec);Temperature (K);Magnetic Field (Oe);Moment (emu)", mark: ";;;;") {
        ";\($0);300;\(1000 * (6 - $0)),0;0,5"
      }
    }
    #expect(error?.code == .malformed && error?.detail.contains("between semicolons") == true)
  }

  @Test("two columns of one name are an error that names them")
  func twoMoments() throws {
    let error = #expect(throws: ReadError.self) {
      try loop("Magnetic Field (Oe),Moment (emu),Moment (Am2)") { "\(1000 * (6 - $0)),1,2" }
    }
    #expect(error?.detail.contains("“Moment (emu)” and “Moment (Am2)”") == true)
  }

  @Test("a number that cannot be read is not called a placeholder value")
  func unreadableMass() throws {
    let loop = try loop("Magnetic Field (Oe),Moment (emu)", ["INFO,54.86 milligrams,SAMPLE_MASS"]) {
      "\(1000 * (6 - $0)),1"
    }
    #expect(loop.sample.mass == nil)
    #expect(loop.notes.map(\.code) == ["header-value-ignored"])
  }

  @Test("a moment in a row or two does not keep the DC moment of all others from being read")
  func fewMoments() throws {
    func response(rows: Int, _ fixed: String) throws -> LoopMeasurement {
      try loop("Magnetic Field (Oe),Moment (emu),DC Moment Fixed Ctr (emu)") {
        "\(1000 * (6 - $0)),\($0 < rows ? "2" : ""),\(fixed)"
      }
    }
    let fixed = try response(rows: 1, "3")
    #expect(fixed.count == 12 && fixed.response.si[0] == 3 * 1e-3)
    #expect(fixed.notes.map(\.code) == ["dc-moment-fixed"])
    #expect(fixed.notes.first?.message.contains("holds no number in most rows") == true)
    #expect(try response(rows: 8, "3").response.si == Array(repeating: 2 * 1e-3, count: 8))
    // Neither column makes a loop: the rows of the first are counted.
    let few = #expect(throws: ReadError.self) { try response(rows: 2, "") }
    #expect(few?.code == .truncated && few?.detail.contains("2 rows") == true, "\(few?.detail ?? "")")
  }
}
