// SPDX-License-Identifier: GPL-3.0-or-later
import Drawing
import Foundation
import Testing

/// A page with one of everything.
private func samplePage(text: String = "µ0·H = 12,5 kA/m ± 3 %") -> Page {
  var page = Page(width: 200, height: 120)
  page.line(from: Point(10, 10), to: Point(190, 10), Stroke(.grey(0.5), width: 1, dashes: [3, 2]))
  page.polyline([Point(10, 100), Point(60, 40), Point(120, 90)])
  page.rectangle(at: Point(130, 40), width: 20, height: 30, fill: Colour(red: 0.8, green: 0.1, blue: 0.1))
  page.text(text, at: Point(100, 20), TextStyle(size: 10, bold: true), anchor: .top)
  page.text("upward", at: Point(5, 60), TextStyle(size: 8), anchor: .centre, upward: true)
  return page
}

private let information = DocumentInformation(title: "A test", created: "2025-02-12T15:36:00Z")

/// The big-endian number in four bytes of a PNG.
private func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

@Test func aPDFHasItsHeaderItsEndAndItsPages() throws {
  let bytes = try pdfDocument([samplePage(), samplePage(), Page.a4], information)
  #expect(bytes.starts(with: Array("%PDF-".utf8)))
  let text = String(decoding: bytes, as: UTF8.self)
  #expect(text.contains("%%EOF"))
  #expect(text.contains("/Count 3"))
  #expect(text.contains("20250212153600Z"))
}

@Test func anSVGIsWellFormedAndOfTheSizeAsked() throws {
  let bytes = try svgDocument(samplePage())
  let text = String(decoding: bytes, as: UTF8.self)
  #expect(text.hasPrefix("<?xml"))
  #expect(text.contains("viewBox=\"0 0 200 120\""))
  #expect(text.hasSuffix("</svg>\n"))
}

@Test func aPNGHasTheSizeAskedAndInkOnWhitePaper() throws {
  let bytes = try pngImage(samplePage(), scale: 3)
  #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
  #expect(number(bytes[16..<20]) == 600)
  #expect(number(bytes[20..<24]) == 360)
  #expect(try bytes != pngImage(Page(width: 200, height: 120), scale: 3))
}

@Test func equalPagesGiveEqualBytesWhateverWasDrawnBefore() throws {
  let (pdf, svg, png) = try (
    pdfDocument([samplePage()], information), svgDocument(samplePage()), pngImage(samplePage())
  )
  for count in 1...12 { _ = try svgDocument(samplePage(text: "number \(count)")) }
  #expect(try pdf == pdfDocument([samplePage()], information))
  #expect(try svg == svgDocument(samplePage()))
  #expect(try png == pngImage(samplePage()))
}

@Test func manyThreadsDrawTheSameBytes() async throws {
  let expected = try (pdfDocument([samplePage()], information), svgDocument(samplePage()))
  try await withThrowingTaskGroup(of: Bool.self) { group in
    for _ in 0..<40 {
      group.addTask {
        let pdf = try pdfDocument([samplePage()], information)
        return try pdf == expected.0 && svgDocument(samplePage()) == expected.1
      }
    }
    for try await same in group { #expect(same) }
  }
}

@Test func aCharacterThatNoFontHasIsAnErrorNotABox() {
  // U+0378 is not assigned to any character, so no font has it.
  let error = #expect(throws: DrawingError.self) { try pngImage(samplePage(text: "a\u{0378}b")) }
  #expect(error?.code == .missingGlyphs)
  #expect(error?.detail.contains("a\u{0378}b") == true)
}

@Test(arguments: ["2025-02-12", "2025-02-12T15:36:00", "2025-02-12T15:36:00+01:00"])
func aWellFormedDateIsTaken(date: String) throws {
  #expect(try !pdfDocument([.a4], DocumentInformation(title: "", created: date)).isEmpty)
}

@Test(arguments: ["", "yesterday", "12.02.2025", "2025-02-12T15:36:00 CET", "2025-02-12T15:36"])
func aMalformedDateIsAnError(date: String) {
  let error = #expect(throws: DrawingError.self) {
    try pdfDocument([.a4], DocumentInformation(title: "", created: date))
  }
  #expect(error?.code == .date)
}

@Test func aDocumentWithoutPagesIsAnError() {
  #expect(throws: DrawingError.self) { try pdfDocument([], information) }
}

@Test func aCoordinateThatIsNotFiniteTraps() async {
  await #expect(processExitsWith: .failure) { _ = Point(.nan, 0) }
  await #expect(processExitsWith: .failure) {
    var point = Point(0, 0)
    point.y = .infinity
    var page = Page.a4
    page.line(from: point, to: Point(1, 1))
    _ = try? pngImage(page)
  }
}

@Test func textIsMeasuredInPointsAndWrapped() throws {
  let style = TextStyle(size: 10)
  let line = try style.size(of: "a line of several words")
  // A line of type is taller than its font size and, for fonts in use, less than twice as tall.
  #expect((10.0...20.0).contains(line.height))
  let wrapped = try style.size(of: "a line of several words", wrap: line.width * 0.6)
  #expect(wrapped.width <= line.width * 0.6)
  #expect(wrapped.height > 1.5 * line.height)
  // Unhinted text scales with the font size; Pango rounds to 1/1024 point.
  let double = try TextStyle(size: 20).size(of: "a line of several words")
  #expect(abs(double.width - 2 * line.width) < 0.1)
}

@Test func aPlacedPageMovesWithItsOffset() throws {
  var inner = Page(width: 50, height: 50)
  inner.rectangle(at: Point(1, 2), width: 3, height: 4, fill: .black)
  var outer = Page(width: 100, height: 100)
  outer.place(inner, at: Point(10, 20))
  var direct = Page(width: 100, height: 100)
  direct.rectangle(at: Point(11, 22), width: 3, height: 4, fill: .black)
  #expect(outer == direct)
}
