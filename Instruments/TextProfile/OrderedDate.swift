// SPDX-License-Identifier: GPL-3.0-or-later

/// A date written in an order that is known, such as `12.02.2025 15:36` or `2025年2月12日 下午3:36`.
struct OrderedDate {
  /// Day and time as `2025-02-12T15:36:00`; nil when the text has no time of day.
  let time: String?

  /// The first three numbers of a text as a date; nil when they are none.
  init?(_ text: String, _ order: TextProfile.WrittenOrder) {
    let scalars = text.unicodeScalars
    let parts = scalars.split(maxSplits: 12) { !("0"..."9").contains($0) }.prefix(3)
    let numbers = parts.compactMap { Int(String($0)) }
    guard numbers.count == 3, let last = parts.last else { return nil }
    let (year, month, day) =
      switch order {
      case .dayMonthYear: (numbers[2], numbers[1], numbers[0])
      case .monthDayYear: (numbers[2], numbers[0], numbers[1])
      case .yearMonthDay: (numbers[0], numbers[1], numbers[2])
      }
    guard (1900...2999).contains(year), isCalendarDay(year, month, day) else { return nil }
    let words = String(scalars[last.endIndex...]).split { $0 == " " || $0 == "\t" || $0 == "," || $0 == ";" }
    guard let place = words.firstIndex(where: { $0.contains(":") }) else {
      time = nil
      return
    }
    let clock = words[place].drop { !$0.isNumber }.prefix { $0.isNumber || $0 == ":" || $0 == "." }
    // Of `下午3:36` the half of the day stands in front.
    let behind = words[place].drop { !$0.isNumber }.dropFirst(clock.count)
    let others = [words[place].prefix { !$0.isNumber }, behind] + words[..<place] + words[(place + 1)...]
    let half = others.compactMap(halfOfDay).first ?? ""
    time = isoTime("\(month)/\(day)/\(year) \(clock) \(half)", .monthFirst)
  }
}

private func halfOfDay(_ word: Substring) -> String? {
  switch word.lowercased().filter({ $0 != "." }) {
  case "am", "上午", "午前": "am"
  case "pm", "下午", "午後": "pm"
  default: nil
  }
}
