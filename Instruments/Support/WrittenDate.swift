// SPDX-License-Identifier: GPL-3.0-or-later

/// In which order a file writes the parts of a date.
enum DateOrder {
  /// `02/12/2025` is the twelfth of February.
  case monthFirst
  /// As the computer's region had it: only a date that has one reading is understood.
  case unknown
}

/// The first date and time of day of a text as `2025-02-12T15:36:00`; nil when there is none, or no certain one.
///
/// Reads `02/12/2025`, `02-12-2025` or `02.12.2025`, then `15:36`, `3:36:12 pm` or `03:36:12.345 PM`, with commas,
/// blanks or tabs around them. A fraction of a second is left out.
func isoTime(_ text: String, _ order: DateOrder) -> String? {
  let words = text.split { $0 == "," || $0 == "\t" || $0 == " " }
  for (place, word) in words.enumerated() where place + 1 < words.count {
    guard let date = isoDate(word, order) else { continue }
    let half = place + 2 < words.count ? words[place + 2].lowercased() : ""
    return isoClock(words[place + 1], half: half).map { "\(date)T\($0)" }
  }
  return nil
}

private func isoDate(_ word: Substring, _ order: DateOrder) -> String? {
  let parts = word.split(omittingEmptySubsequences: false) { "/-.".contains($0) }.map { Int($0) }
  guard parts.count == 3, let first = parts[0], let second = parts[1], let year = parts[2],
    (1900...9999).contains(year)
  else { return nil }
  let (month, day): (Int, Int)
  switch order {
  case .monthFirst: (month, day) = (first, second)
  case .unknown where first > 12 || first == second: (month, day) = (second, first)
  case .unknown where second > 12: (month, day) = (first, second)
  case .unknown: return nil
  }
  guard isCalendarDay(year, month, day) else { return nil }
  return "\(year)-\(twoDigits(month))-\(twoDigits(day))"
}

private func isoClock(_ word: Substring, half: String) -> String? {
  let whole = word.prefix { $0 != "." }
  let parts = whole.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
  guard parts.count == 2 || parts.count == 3, let written = parts[0], let minute = parts[1],
    let second = parts.count == 3 ? parts[2] : 0, (0...59).contains(minute), (0...59).contains(second)
  else { return nil }
  let hour: Int
  switch half {
  case "am" where (1...12).contains(written): hour = written % 12
  case "pm" where (1...12).contains(written): hour = written % 12 + 12
  case "am", "pm": return nil
  default:
    guard (0...23).contains(written) else { return nil }
    hour = written
  }
  return "\(twoDigits(hour)):\(twoDigits(minute)):\(twoDigits(second))"
}

private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

/// Whether the calendar has a day.
func isCalendarDay(_ year: Int, _ month: Int, _ day: Int) -> Bool {
  guard (1...12).contains(month) else { return false }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return (1...days[month - 1]).contains(day)
}
