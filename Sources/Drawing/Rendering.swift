// SPDX-License-Identifier: GPL-3.0-or-later
internal import CCairo

/// What a PDF says about itself.
public struct DocumentInformation: Hashable, Sendable {
  /// The title.
  public let title: String
  /// When it was made: `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ss`, with `Z` or `±hh:mm` behind if known.
  public let created: String

  /// Information from its parts.
  public init(title: String, created: String) {
    self.title = title
    self.created = created
  }

  /// Cairo passes any text through, so the shape is checked here: 9 stands for a digit.
  fileprivate var hasDate: Bool {
    let shape = String(created.map { $0.isASCII && $0.isNumber ? "9" : $0 })
    let day = "9999-99-99"
    let zones = ["", "Z", "+99:99", "-99:99"]
    return shape == day || zones.contains { shape == day + "T99:99:99" + $0 }
  }
}

/// The pages as one PDF; equal pages, information and fonts give equal bytes.
///
/// Throws when there is no page, a text has no font, or the date is malformed.
public func pdfDocument(
  _ pages: [Page], _ information: DocumentInformation
) throws(DrawingError) -> [UInt8] {
  guard let first = pages.first else { throw DrawingError(.cairo, "A PDF needs at least one page.") }
  guard information.hasDate else {
    throw DrawingError(
      .date, "The creation date “\(information.created)” is not of the form 2025-02-12T15:36:00Z; give it so."
    )
  }
  let sink = Sink()
  defer { withExtendedLifetime(sink) {} }
  let surface = try unsafe Surface(
    cairo_pdf_surface_create_for_stream(Sink.write, sink.pointer, first.width, first.height))
  unsafe cairo_pdf_surface_set_metadata(surface.pointer, CAIRO_PDF_METADATA_TITLE, information.title)
  unsafe cairo_pdf_surface_set_metadata(surface.pointer, CAIRO_PDF_METADATA_CREATE_DATE, information.created)
  for page in pages {
    unsafe cairo_pdf_surface_set_size(surface.pointer, page.width, page.height)
    try surface.draw(page, paper: nil)
  }
  try surface.finish()
  return sink.bytes
}

/// The page as SVG on white paper, text as outlines; equal pages and fonts give equal bytes.
///
/// Throws when a text has no font.
public func svgDocument(_ page: Page) throws(DrawingError) -> [UInt8] {
  let sink = Sink()
  defer { withExtendedLifetime(sink) {} }
  let surface = try unsafe Surface(
    cairo_svg_surface_create_for_stream(Sink.write, sink.pointer, page.width, page.height))
  try surface.draw(page, paper: .white)
  try surface.finish()
  return renumberingSurfaces(sink.bytes)
}

/// The page as PNG on white paper with `scale` pixels to the point.
///
/// Throws when a text has no font; traps when the picture is larger than 32767 pixels.
public func pngImage(_ page: Page, scale: Double = 2) throws(DrawingError) -> [UInt8] {
  let (width, height) = ((page.width * scale).rounded(.up), (page.height * scale).rounded(.up))
  precondition((1...32_767).contains(width) && (1...32_767).contains(height), "\(width) × \(height) pixels")
  let sink = Sink()
  defer { withExtendedLifetime(sink) {} }
  let surface = try unsafe Surface(
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)))
  unsafe cairo_surface_set_device_scale(surface.pointer, scale, scale)
  try surface.draw(page, paper: .white)
  try check(
    unsafe cairo_surface_write_to_png_stream(surface.pointer, Sink.write, sink.pointer), "writing a PNG image"
  )
  return sink.bytes
}

/// The bytes that Cairo hands over; it writes until the surface is destroyed, so the sink must outlive it.
private final class Sink {
  var bytes: [UInt8] = []

  var pointer: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  static var write: cairo_write_func_t {
    { context, data, length in
      guard let context = unsafe context, let data = unsafe data else { return CAIRO_STATUS_WRITE_ERROR }
      let sink = unsafe Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      unsafe sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(length)))
      return CAIRO_STATUS_SUCCESS
    }
  }
}

/// Owns one Cairo surface.
@safe
private struct Surface: ~Copyable {
  let pointer: OpaquePointer

  init(_ created: OpaquePointer?) throws(DrawingError) {
    guard let created = unsafe created else {
      throw DrawingError(.cairo, "Cairo could not make a surface.")
    }
    unsafe pointer = unsafe created
  }

  deinit { unsafe cairo_surface_destroy(pointer) }

  /// Draws one page and ends it.
  func draw(_ page: Page, paper: Colour?) throws(DrawingError) {
    try check(unsafe cairo_surface_status(pointer), "making a surface")
    guard let cairo = unsafe cairo_create(pointer) else {
      throw DrawingError(.cairo, "Cairo could not make a drawing context.")
    }
    defer { unsafe cairo_destroy(cairo) }
    if let paper {
      unsafe cairo_set_source_rgb(cairo, paper.red, paper.green, paper.blue)
      unsafe cairo_paint(cairo)
    }
    unsafe cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND)
    for element in page.elements {
      switch element {
      case .polyline(let points, let stroke):
        unsafe trace(points, on: cairo, stroke.colour)
        unsafe cairo_set_line_width(cairo, stroke.width)
        unsafe cairo_set_dash(cairo, stroke.dashes, Int32(clamping: stroke.dashes.count), 0)
        unsafe cairo_stroke(cairo)
      case .polygon(let points, let colour):
        unsafe trace(points, on: cairo, colour)
        unsafe cairo_close_path(cairo)
        unsafe cairo_fill(cairo)
      case .text(let text, let point, let style, let anchor, let wrap, let upward):
        let layout = try TextLayout(text, style, wrap: wrap)
        unsafe cairo_set_source_rgb(cairo, style.colour.red, style.colour.green, style.colour.blue)
        try unsafe layout.show(on: cairo, at: point, anchor: anchor, upward: upward)
      }
    }
    unsafe cairo_show_page(cairo)
    // Errors are sticky: the first one of the page is still there.
    try check(unsafe cairo_status(cairo), "drawing a page")
  }

  private func trace(_ points: [Point], on cairo: OpaquePointer, _ colour: Colour) {
    unsafe cairo_set_source_rgb(cairo, colour.red, colour.green, colour.blue)
    unsafe cairo_new_path(cairo)
    for point in points {
      precondition(point.x.isFinite && point.y.isFinite, "a place at (\(point.x), \(point.y))")
      unsafe cairo_line_to(cairo, point.x, point.y)
    }
  }

  /// Writes what is left.
  func finish() throws(DrawingError) {
    unsafe cairo_surface_finish(pointer)
    try check(unsafe cairo_surface_status(pointer), "finishing a document")
  }
}

private func check(_ status: cairo_status_t, _ action: String) throws(DrawingError) {
  guard status != CAIRO_STATUS_SUCCESS else { return }
  throw DrawingError(
    .cairo, "Cairo failed while \(action): \(unsafe String(cString: cairo_status_to_string(status))).")
}

/// Numbers the ids `surface…` from 1 in the order in which they appear.
///
/// Cairo counts them per process, which would make the bytes depend on what was drawn before.
private func renumberingSurfaces(_ svg: [UInt8]) -> [UInt8] {
  let word = Array("surface".utf8)
  let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  var numbers: [[UInt8]: Int] = [:]
  var result: [UInt8] = []
  result.reserveCapacity(svg.count)
  var index = 0
  while index < svg.count {
    guard svg[index] == word[0], svg[index...].starts(with: word) else {
      result.append(svg[index])
      index += 1
      continue
    }
    let number = Array(svg[(index + word.count)...].prefix(while: digits.contains))
    result += word
    if !number.isEmpty {
      let known = numbers[number] ?? numbers.count + 1
      numbers[number] = known
      result += Array(String(known).utf8)
    }
    index += word.count + number.count
  }
  return result
}
