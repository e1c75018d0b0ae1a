// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// `# key: value` lines of the entries that have a value; each ends with a line feed.
func commentLines(_ entries: [(key: String, value: String?)]) -> String {
  entries.map { key, value in
    guard let value else { return "" }
    // A line end inside a value would start a line of its own.
    let line = key == "#" ? "# \(value)" : "# \(key): \(value)"
    return String(line.map { $0.isNewline ? " " : $0 }) + "\n"
  }.joined()
}

/// What comment lines say of a specimen, for a reader such as `TableSample`.
func sampleEntries(_ sample: Sample) -> [(key: String, value: String?)] {
  var entries: [(key: String, value: String?)] = [
    ("sample", sample.id?.value), ("lot", sample.lot?.value), ("material", sample.material?.value),
    ("mass", sample.mass.map { exactText([$0.value.si], ["mg", "g", "kg"]) }),
    ("density", sample.density.map { exactText([$0.value.si], ["g/cm3", "kg/m3"]) }),
    ("volume", sample.volume.map { exactText([$0.value.si], ["mm3", "cm3", "m3"]) }),
    ("temperature", sample.temperature.map { exactText([$0.value.si], ["K"]) }),
  ]
  if let shape = sample.shape?.value {
    entries += [("shape", shape.name), ("size", exactText(shape.lengths, ["mm", "m"]))]
  }
  entries.append(("circuit", sample.circuit?.value.rawValue))
  return entries
}

/// Numbers in the first of the units in which all of them read back as the same double; the last is coherent.
private func exactText(_ si: [Double], _ words: [String]) -> String {
  var text = ""
  for word in words {
    guard let unit = UnitOfMeasure(word: word) else { continue }
    let values = si.map { unit.value(ofSI: $0) }
    text = values.map { "\($0)" }.joined(separator: "x") + " " + word
    if zip(values, si).allSatisfy({ unit.si($0) == $1 }) { break }
  }
  return text
}
