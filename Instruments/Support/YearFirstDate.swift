// SPDX-License-Identifier: GPL-3.0-or-later

/// A date such as `2014-07-08` or `2023/09/11` with a time of day such as `09:02:58` as `2014-07-08T09:02:58`; nil
/// when one of them is missing or none.
func isoTime(yearFirst date: String, clock: String) -> String? {
  let parts = date.split { "/-.".contains($0) }
  guard parts.count == 3, parts[0].count == 4 else { return nil }
  return isoTime("\(parts[1])/\(parts[2])/\(parts[0]) \(clock)", .monthFirst)
}
