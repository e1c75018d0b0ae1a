// SPDX-License-Identifier: GPL-3.0-or-later

/// Whether a field seems to be the magnitude of a demagnetising one: it is never negative, and where it is largest the
/// response is smaller than where it is least.
///
/// In a field along the magnetisation the response does not fall. 2 % are left to noise and to the background of a
/// holder.
func looksLikeMagnitude(_ field: [Double], _ response: [Double]) -> Bool {
  guard field.allSatisfy({ $0 >= 0 }), field.count == response.count,
    let least = field.indices.min(by: { field[$0] < field[$1] }),
    let largest = field.indices.max(by: { field[$0] < field[$1] })
  else { return false }
  return response[least] - response[largest] > 0.02 * abs(response[least])
}
