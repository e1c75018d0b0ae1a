// SPDX-License-Identifier: GPL-3.0-or-later
internal import Drawing

/// The sheet that a document is printed on.
public enum PaperSize: String, Codable, Hashable, Sendable, CaseIterable {
  /// ISO A4.
  case a4
  /// US Letter.
  case letter

  var page: Page { self == .a4 ? .a4 : .letter }
}

/// Blocks of text and tables set one below the other on upright pages, a new page begun where one is full.
struct PageFlow {
  /// A column of a table: its heading, its share of the width, and whether it ends at the right.
  struct TableColumn {
    let title: String
    let share: Double
    var isRight = false
  }

  static let body = TextStyle(size: 8.5)
  static let bold = TextStyle(size: 8.5, bold: true)
  static let faint = TextStyle(size: 7.5, colour: .grey(0.35))
  private static let gap = 8.0

  private(set) var pages: [Page]
  private let sheet: Page
  private let margin = 48.0
  private let footer = 30.0
  private var y = 44.0

  init(_ paper: PaperSize) {
    sheet = paper.page
    pages = [sheet]
  }

  var width: Double { sheet.width - 2 * margin }
  /// What is left of the page, in points.
  var roomLeft: Double { sheet.height - margin - footer - y }

  /// Begins a new page unless `height` points are left; a block taller than a page is not helped by that.
  mutating func makeRoom(_ height: Double) {
    guard height > roomLeft, y > margin else { return }
    pages.append(sheet)
    y = margin
  }

  mutating func skip(_ height: Double) { y += height }

  private mutating func draw(_ draw: (inout Page) -> Void) { draw(&pages[pages.count - 1]) }

  mutating func paragraph(_ text: String, _ style: TextStyle = PageFlow.body) throws(DrawingError) {
    guard !text.isEmpty else { return }
    let height = try style.size(of: text, wrap: width).height
    makeRoom(height)
    let (place, wrap) = (Point(margin, y), width)
    draw { $0.text(text, at: place, style, wrap: wrap) }
    y += height + 3
  }

  /// A heading with a line below, kept together with about three lines of what follows.
  mutating func heading(_ text: String) throws(DrawingError) {
    y += Self.gap
    let style = TextStyle(size: 10, bold: true)
    let height = try style.size(of: text).height
    makeRoom(height + 50)
    let (left, right, top) = (margin, margin + width, y)
    draw {
      $0.text(text, at: Point(left, top), style)
      $0.line(
        from: Point(left, top + height + 1), to: Point(right, top + height + 1),
        Stroke(.grey(0.4), width: 0.5))
    }
    y += height + 5
  }

  /// Names with their texts in two blocks side by side, the first half on the left.
  mutating func fields(_ rows: [(name: String, text: String)]) throws(DrawingError) {
    guard !rows.isEmpty else { return }
    let half = (rows.count + 1) / 2
    let nameWidth = 108.0
    let blockWidth = width / 2
    let heights = try rows.map { row throws(DrawingError) in
      let name = try Self.body.size(of: row.name, wrap: nameWidth - 4).height
      return try max(name, Self.body.size(of: row.text, wrap: blockWidth - nameWidth - 8).height) + 1.5
    }
    let tallest = max(heights[..<half].reduce(0, +), heights[half...].reduce(0, +))
    makeRoom(tallest)
    let top = y
    for (block, range) in [0..<half, half..<rows.count].enumerated() {
      y = top
      let left = margin + Double(block) * blockWidth
      for index in range {
        let (row, line) = (rows[index], y)
        draw {
          $0.text(
            row.name, at: Point(left, line), TextStyle(size: 8.5, colour: .grey(0.35)), wrap: nameWidth - 4)
          $0.text(row.text, at: Point(left + nameWidth, line), Self.body, wrap: blockWidth - nameWidth - 8)
        }
        y += heights[index]
      }
    }
    y = top + tallest
  }

  /// A table whose headings are repeated on each page.
  mutating func table(
    _ columns: [TableColumn], _ rows: [[String]], size: Double = 8.5
  ) throws(DrawingError) {
    let (style, headingStyle) = (TextStyle(size: size), TextStyle(size: size, bold: true))
    try row(columns, columns.map(\.title), headingStyle, line: .grey(0.3))
    for cells in rows {
      let page = pages.count
      makeRoom(try height(columns, cells, style))
      if pages.count > page { try row(columns, columns.map(\.title), headingStyle, line: .grey(0.3)) }
      try row(columns, cells, style, line: .grey(0.85))
    }
  }

  private func height(_ columns: [TableColumn], _ cells: [String], _ style: TextStyle) throws(DrawingError)
    -> Double
  {
    precondition(cells.count == columns.count, "\(cells.count) cells in \(columns.count) columns")
    var tallest = style.size
    for (column, cell) in zip(columns, cells) where !cell.isEmpty {
      tallest = max(tallest, try style.size(of: cell, wrap: column.share * width - 6).height)
    }
    return tallest + 4
  }

  private mutating func row(
    _ columns: [TableColumn], _ cells: [String], _ style: TextStyle, line: Colour
  ) throws(DrawingError) {
    let height = try height(columns, cells, style)
    makeRoom(height)
    var x = margin
    for (column, cell) in zip(columns, cells) {
      let room = column.share * width
      // A right-aligned text that needs more than one line starts at the left like the others.
      let cellWidth = try style.size(of: cell).width
      let fits = column.isRight && cellWidth <= room - 6
      let place = Point(fits ? x + room - 6 : x, y + 1.5)
      draw {
        $0.text(cell, at: place, style, anchor: fits ? .topRight : .topLeft, wrap: fits ? nil : room - 6)
      }
      x += room
    }
    y += height
    let (left, right, bottom) = (margin, margin + width, y)
    draw { $0.line(from: Point(left, bottom), to: Point(right, bottom), Stroke(line, width: 0.4)) }
  }

  /// A line of bold text in a frame.
  mutating func banner(_ text: String) throws(DrawingError) {
    let style = TextStyle(size: 11, bold: true)
    let height = try style.size(of: text, wrap: width - 20).height + 10
    y += Self.gap
    makeRoom(height)
    let (left, top, right, bottom) = (margin, y, margin + width, y + height)
    let wrap = width - 20
    draw {
      $0.polyline(
        [Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top)],
        Stroke(width: 0.9))
      $0.text(text, at: Point(left + 10, top + 5), style, wrap: wrap)
    }
    y += height + 6
  }

  /// Another page as a picture in the middle.
  mutating func picture(_ picture: Page) {
    makeRoom(picture.height)
    let place = Point(margin + (width - picture.width) / 2, y)
    draw { $0.place(picture, at: place) }
    y += picture.height
  }

  /// The pages, each with a footer text at the left and, in words, its number of how many at the right.
  func finished(footer text: String, number words: (Int, Int) -> String) -> [Page] {
    pages.enumerated().map { index, page in
      var page = page
      let (top, right) = (page.height - margin + 4, page.width - margin)
      page.line(from: Point(margin, top), to: Point(right, top), Stroke(.grey(0.4), width: 0.4))
      page.text(text, at: Point(margin, top + 4), Self.faint, wrap: width - 90)
      page.text(
        words(index + 1, pages.count), at: Point(right, top + 4), Self.faint, anchor: .topRight)
      return page
    }
  }
}
