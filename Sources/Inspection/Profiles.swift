// SPDX-License-Identifier: GPL-3.0-or-later
internal import Instruments
public import Measurements

/// A text profile with the file that it came from.
struct ProfileFile: Sendable {
  /// The file, for the archive.
  let file: SourceFile
  /// The driver that reads what the profile describes.
  let instrument: Instrument

  /// A profile by the id of one that is shipped, or by the path of a TOML file; throws one sentence with the line.
  init(_ idOrPath: String) throws(InputError) {
    let profile: TextProfile
    do throws(TextProfileError) {
      if TextProfile.shippedIDs.contains(idOrPath) {
        profile = try TextProfile.shipped(idOrPath)
        file = SourceFile(name: "\(idOrPath).toml", bytes: Array(profile.text.utf8))
      } else {
        guard idOrPath.hasSuffix(".toml") || fileExists(idOrPath) else {
          throw TextProfileError(
            "there is none of that name; shipped are \(TextProfile.shippedIDs.joined(separator: ", ")), and a file "
              + "of yours is named by its path")
        }
        (profile, file) = try Self.read(idOrPath)
      }
    } catch {
      throw InputError("profile “\(idOrPath)”: \(error.description)")
    }
    instrument = profile.instrument
  }

  private static func read(_ path: String) throws(TextProfileError) -> (TextProfile, SourceFile) {
    do {
      return (try TextProfile(text: try readSettingsText(path)), try readSourceFile(path))
    } catch let error as TextProfileError {
      throw error
    } catch {
      throw TextProfileError("\(error)")
    }
  }
}

/// The shipped profiles for a terminal; ends with a line feed.
public func profileListing() throws(InputError) -> String {
  let width = TextProfile.shippedIDs.map(\.count).max() ?? 0
  var text = ""
  for id in TextProfile.shippedIDs {
    do {
      text +=
        id + String(repeating: " ", count: width - id.count) + "   \(try TextProfile.shipped(id).title)\n"
    } catch { throw InputError(error.description) }
  }
  return text
}

/// The text of a shipped profile, to copy and change; throws one sentence when there is none of that id.
public func shippedProfileText(_ id: String) throws(InputError) -> String {
  do { return try TextProfile.shipped(id).text } catch { throw InputError(error.description) }
}

/// A profile for a file of an unknown format, as TOML text with comments, and what only the user can fill in.
///
/// Throws one sentence when the file cannot be read or holds no table of numbers.
public func proposeProfile(_ path: String) throws(ReadError) -> (text: String, open: [String]) {
  let proposal = try ProfileProposal(for: try readSourceFile(path))
  return (proposal.text, proposal.open)
}
