// SPDX-License-Identifier: GPL-3.0-or-later
internal import Foundation

extension TextProfile {
  /// The ids of the profiles that come with magcert: examples to start from, none tried on a real export.
  public static let shippedIDs = [
    "example-hysteresisgraph-de", "example-hysteresisgraph-zh", "example-pulsed-field", "example-tracer-ja",
    "example-two-columns",
  ]

  /// A profile that comes with the program; throws one sentence when there is none of that id.
  public static func shipped(_ id: String) throws(TextProfileError) -> TextProfile {
    let folder = Bundle.module.url(forResource: "Profiles", withExtension: nil)
    // Compared with the list, so that no id can lead out of the folder.
    guard shippedIDs.contains(id),
      let text = folder.flatMap({
        try? String(contentsOf: $0.appending(path: "\(id).toml"), encoding: .utf8)
      })
    else {
      throw TextProfileError(
        "no profile “\(id)” comes with magcert; there are \(shippedIDs.joined(separator: ", "))")
    }
    var profile = try TextProfile(text: text)
    guard profile.id == id else {
      throw TextProfileError("the profile “\(id)” calls itself “\(profile.id)”")
    }
    profile.isShipped = true
    return profile
  }
}
