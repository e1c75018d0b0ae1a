// SPDX-License-Identifier: GPL-3.0-or-later
internal import CCairo

/// The size of a text when set, in points.
public struct TextSize: Hashable, Sendable {
  /// The width of the longest line, in points.
  public let width: Double
  /// The height of all lines, in points.
  public let height: Double
}

extension TextStyle {
  /// The size that a text takes in this style, in points; with `wrap`, broken at words to that width.
  ///
  /// Throws when no installed font has all characters.
  public func size(of text: String, wrap: Double? = nil) throws(DrawingError) -> TextSize {
    try TextLayout(text, self, wrap: wrap).size()
  }
}

/// Owns one Pango layout and the context it was made in.
@safe
struct TextLayout: ~Copyable {
  private let context: OpaquePointer
  private let layout: OpaquePointer

  /// The generic family: fontconfig chooses what the machine has.
  private static let family = "sans-serif"

  init(_ text: String, _ style: TextStyle, wrap: Double?) throws(DrawingError) {
    guard let context = unsafe pango_font_map_create_context(pango_cairo_font_map_get_default()),
      let layout = unsafe pango_layout_new(context), let font = unsafe pango_font_description_new()
    else { throw DrawingError(.cairo, "Pango could not make a text layout.") }
    unsafe self.context = unsafe context
    unsafe self.layout = unsafe layout
    defer { unsafe pango_font_description_free(font) }

    // Without hinting a text is as wide on paper as on screen, so a layout holds for PDF, SVG and PNG alike.
    let options = unsafe cairo_font_options_create()
    defer { unsafe cairo_font_options_destroy(options) }
    unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    unsafe pango_cairo_context_set_font_options(context, options)
    unsafe pango_context_set_round_glyph_positions(context, 0)

    unsafe pango_font_description_set_family(font, Self.family)
    unsafe pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    unsafe pango_font_description_set_absolute_size(font, min(style.size, 10_000) * Double(PANGO_SCALE))
    unsafe pango_layout_set_font_description(layout, font)
    // The count is that of UTF-8 bytes, so that a zero byte does not end the text.
    unsafe pango_layout_set_text(layout, text, Int32(clamping: text.utf8.count))
    if let wrap {
      unsafe pango_layout_set_width(layout, Int32(min(wrap, 1e5) * Double(PANGO_SCALE)))
      unsafe pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }
  }

  deinit {
    unsafe g_object_unref(UnsafeMutableRawPointer(layout))
    unsafe g_object_unref(UnsafeMutableRawPointer(context))
  }

  /// The size of the layout in points; throws when a glyph is missing, which Pango would draw as a box.
  func size() throws(DrawingError) -> TextSize {
    let missing = unsafe pango_layout_get_unknown_glyphs_count(layout)
    guard missing == 0 else {
      let text = unsafe String(cString: pango_layout_get_text(layout))
      throw DrawingError(
        .missingGlyphs,
        "No installed font has \(missing) of the characters in “\(text)”; install a font that has them, "
          + "such as fonts-dejavu-core, and for Chinese fonts-wqy-microhei or fonts-noto-cjk.")
    }
    var (width, height): (Int32, Int32) = (0, 0)
    unsafe pango_layout_get_size(layout, &width, &height)
    return TextSize(width: Double(width) / Double(PANGO_SCALE), height: Double(height) / Double(PANGO_SCALE))
  }

  /// Draws the layout with its anchor at a point.
  func show(on cairo: OpaquePointer, at point: Point, anchor: TextAnchor, upward: Bool)
    throws(DrawingError)
  {
    let size = try size()
    let (left, above) = anchor.fractions
    unsafe cairo_save(cairo)
    unsafe cairo_translate(cairo, point.x, point.y)
    if upward { unsafe cairo_rotate(cairo, -Double.pi / 2) }
    unsafe cairo_move_to(cairo, -left * size.width, -above * size.height)
    unsafe pango_cairo_show_layout(cairo, layout)
    unsafe cairo_restore(cairo)
  }
}
