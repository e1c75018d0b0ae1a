// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Archive
import Certification
import Foundation
import Measurements
import Quantities

extension ArchiveEntry {
  /// This entry with the JSON line that a certificate of it has.
  func recorded() throws -> ArchiveEntry {
    var object: [String: Any] = ["schema": "magcert.result/1"]
    var sourceObject: [String: Any] = [
      "path": source.name, "sha256": ContentHash(of: source.bytes).hexadecimal, "bytes": source.bytes.count,
    ]
    sourceObject["instrument"] = instrument
    if let waveform {
      sourceObject["channels"] = waveform.channels.map {
        ["name": $0.name, "unit": $0.signal.unit.rawValue]
      }
    }
    if !companions.isEmpty {
      sourceObject["companions"] = companions.map {
        [
          "role": $0.role.rawValue, "path": $0.file.name,
          "sha256": ContentHash(of: $0.file.bytes).hexadecimal,
        ]
      }
    }
    object["source"] = sourceObject
    if let analysis {
      var quantities: [String: Any] = [:]
      for estimate in analysis.estimates {
        var quantity: [String: Any] = [
          "value": estimate.value, "unit": estimate.characteristic.unit.rawValue,
          "standardUncertainty": estimate.standardUncertainty,
          "expandedUncertainty": estimate.expandedUncertainty, "coverageFactor": estimate.coverage.k,
          "method": estimate.method,
        ]
        quantity["degreesOfFreedom"] = estimate.degreesOfFreedom
        quantity["alternative"] = estimate.alternative.map {
          ["value": $0.value, "method": $0.method] as [String: Any]
        }
        quantities[estimate.characteristic.rawValue] = quantity
      }
      quantities["Js"] = analysis.saturationPolarisation.map {
        ["value": $0.value.si, "unit": "T", "standardUncertainty": $0.standardUncertainty] as [String: Any]
      }
      object["quantities"] = quantities
      var diagnostics: [String: Any] = [:]
      diagnostics["signalToNoise"] = analysis.diagnostics.signalToNoise
      diagnostics["recoilLinearity"] = analysis.diagnostics.recoilLinearity
      object["diagnostics"] = diagnostics
      var estimation: [String: Any] = [
        "method": analysis.method.rawValue, "recoilMethod": analysis.recoilMethod.rawValue,
      ]
      estimation["ladderComponents"] = analysis.ladderComponents
      estimation["blank"] = analysis.blank.map { ["path": $0.name, "sha256": $0.sha256] }
      object["estimation"] = estimation
      object["flags"] = analysis.flags.map { ["code": $0.code.rawValue, "message": $0.message] }
      var sample: [String: Any] = [:]
      sample["id"] = measurement?.sample.id?.value
      sample["lot"] = measurement?.sample.lot?.value
      object["sample"] = sample
      object["grades"] = grades.map(\.name)
    } else {
      object["error"] =
        ["code": "malformed", "message": "The file is not a loop.", "line": 1] as [String: Any]
    }
    if let verdict {
      object["verdict"] =
        [
          "grade": verdict.grade, "table": verdict.table, "rule": verdict.rule,
          "result": verdict.result.rawValue,
          "characteristics": verdict.characteristics.map { limit in
            var one: [String: Any] = [
              "quantity": limit.characteristic.rawValue, "side": limit.side.rawValue, "limit": limit.limit,
              "unit": limit.characteristic.unit.rawValue, "result": limit.result.rawValue,
            ]
            one["value"] = limit.value
            one["expandedUncertainty"] = limit.expandedUncertainty
            one["probabilityOfConformity"] = limit.probabilityOfConformity
            return one
          },
        ] as [String: Any]
    }
    var entry = self
    let line = try JSONSerialization.data(
      withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
    entry.record = String(decoding: line, as: UTF8.self)
    return entry
  }
}
