// SPDX-License-Identifier: GPL-3.0-or-later
internal import Analysis
internal import Archive
internal import Measurements
internal import Report
internal import TOMLText

/// The sensitivity of coils between iron poles against the field, from a laboratory's TOML file.
struct ImageEffectFile: Sendable {
  /// The file, for the archive.
  let file: SourceFile
  /// What it says.
  let table: ImageEffectTable

  /// A table from a file; throws one sentence that names the key.
  init(_ path: String) throws(InputError) {
    let text = try readSettingsText(path)
    do { file = try readSourceFile(path) } catch { throw InputError(error.description) }
    let place = "image effect “\(path)”"
    let content: ImageEffectText
    do { content = try decodeTOML(ImageEffectText.self, from: text) } catch {
      throw InputError("\(place): \(error)")
    }
    guard !content.source.isEmpty else {
      throw InputError("\(place): source is empty; say what was measured with what, and when")
    }
    for (index, point) in content.point.enumerated() {
      let place = "\(place), point \(index + 1)"
      // No magnet has pole pieces that take or give more.
      guard (0...1e5).contains(point.field_kA_per_m.value) else {
        throw InputError("\(place): field_kA_per_m = \(point.field_kA_per_m.value) is not from 0 to 100000")
      }
      guard (0.1...10).contains(point.sensitivity.value) else {
        throw InputError("\(place): sensitivity = \(point.sensitivity.value) is not from 0.1 to 10")
      }
      guard (0...100).contains(point.uncertainty_percent.value) else {
        throw InputError(
          "\(place): uncertainty_percent = \(point.uncertainty_percent.value) is not from 0 to 100")
      }
    }
    do {
      table = try ImageEffectTable(
        field: content.point.map { 1e3 * $0.field_kA_per_m.value },
        sensitivity: content.point.map(\.sensitivity.value),
        standardUncertainty: content.point.map { 0.01 * $0.uncertainty_percent.value })
    } catch {
      throw InputError("\(place): \(error.description)")
    }
  }
}

/// The file as it is written.
private struct ImageEffectText: Decodable {
  struct Point: Decodable {
    var field_kA_per_m: TOMLNumber
    var sensitivity: TOMLNumber
    var uncertainty_percent: TOMLNumber
  }
  var name: String
  var source: String
  var point: [Point]
}

extension Companion {
  /// The companion as reports name it.
  var reported: ReportedCompanion {
    ReportedCompanion(
      role: role.rawValue, path: file.name, sha256: file.hash.hexadecimal)
  }
}
