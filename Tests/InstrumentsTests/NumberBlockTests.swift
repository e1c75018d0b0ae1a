// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
internal import Measurements
internal import Quantities
internal import Testing

@Suite("Rows and headers that several drivers share")
struct NumberBlockTests {
  // Headers are kept as text, which takes many times the bytes of the file.
  @Test(
    "a header that does not end is refused before it fills the memory",
    arguments: [
      ("MicroMag/series-0015", "\nSAMPLE\n", "\n"),
      ("MicroSense/one-coil.VHD", "@Operator: nobody\r\n", "\r\n"),
      ("Tamakawa/corrected.VSM", "file pattern=,Full_Loop\r\n", "\r\n"),
      ("OxfordFLD/loop.fld", "Tue Mar 03 14:06:15 2026\r\n", "\r\n"),
    ])
  func endlessHeaders(_ sample: String, _ line: String, _ end: String) throws {
    let driver = try instrument(for: try sampleFile(sample))
    let many = line + String(repeating: "some  text\(end)", count: 20_001)
    let long = line + String(repeating: "some,text ", count: 7_000) + end
    for text in [many, long] {
      let error = refusal(driver, try edited(sample, [(line, text)]))
      #expect(error?.code == .malformed)
      #expect(error?.detail.contains("on and on") == true, "\(error?.detail ?? "")")
    }
  }

  @Test("a row with too many cells, with text or without a cell is refused at its line")
  func faults() throws {
    let cases: [(String, String, String, String)] = [
      ("MicroMag/series-0015", "+7.900000E+03,+2.375400E-02", "+7.9,000000E+03,+2.375400E-02", "5 cells"),
      (
        "MicroMag/series-0015", "-1.551817E+03,-1.891002E-02", "-1.551817E+03,?1.891002E-02",
        "“?1.891002E-02”"
      ),
      ("MicroMag/series-0015", "-1.551817E+03,-1.891002E-02", "-1.551817E+03,,-1.891002E-02", "no number"),
      ("MicroMag/series-0015", "-1.551817E+03,-1.891002E-02", "-1.551817E+03,1e999", "“1e999”"),
      ("MicroMag/series-0015", "-1.551817E+03,-1.891002E-02", "MicroMag 3,-1.9", "stands where a row"),
      ("OxfordFLD/loop.fld", "5.167000E-02 ", "5.167000E-02 7 ", "9 cells"),
      ("OxfordFLD/loop.fld", "2.000000E-02 1.916245E-03", "2.000000E-02 nan", "“nan”"),
    ]
    for (sample, old, new, words) in cases {
      let error = refusal(try instrument(for: try sampleFile(sample)), try edited(sample, [(old, new)]))
      #expect(error?.code == .malformed)
      #expect(error?.detail.contains(words) == true, "\(words): \(error?.detail ?? "")")
      #expect(error?.line != nil)
    }
  }
}
