// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// What a column of a table is, as far as its name tells.
enum TableRole: Hashable {
  /// A field, named as applied or internal or left open.
  case field(Side)
  case response(Response)
  case temperature, time

  enum Side: Hashable { case unsaid, applied, `internal` }

  /// In the order in which they are preferred when a file has several.
  enum Response: Int, Hashable, CaseIterable {
    case polarisation, magnetisation, fluxDensity, moment, specificMoment
  }

  /// Roles by the skeleton of a name.
  static let bySkeleton: [String: TableRole] = {
    let words: [(TableRole, String)] = [
      (.field(.unsaid), "h field magneticfield fieldstrength magneticfieldstrength mu0h u0h 0h"),
      (
        .field(.applied),
        "happlied ha happ hext hexternal appliedfield appliedmagneticfield externalfield externalmagneticfield "
          + "fieldapplied mu0ha mu0happ mu0happlied mu0hext bapplied bext"
      ),
      (
        .field(.internal),
        "hint hi hinternal internalfield internalmagneticfield fieldinternal mu0hint mu0hi mu0hinternal"
      ),
      (
        .response(.polarisation),
        "j polarisation polarization magneticpolarisation magneticpolarization mu0m u0m 0m 4pim"
      ),
      (.response(.magnetisation), "m magnetisation magnetization volumemagnetisation volumemagnetization"),
      (.response(.fluxDensity), "b fluxdensity magneticfluxdensity induction magneticinduction"),
      (.response(.moment), "moment magneticmoment dipolemoment"),
      (
        .response(.specificMoment),
        "sigma specificmoment specificmagnetisation specificmagnetization massmagnetisation massmagnetization "
          + "momentpermass"
      ),
      (.temperature, "temperature temp"), (.time, "time timestamp elapsedtime"),
    ]
    var table: [String: TableRole] = [:]
    for (role, names) in words { for name in names.split(separator: " ") { table[String(name)] = role } }
    return table
  }()
}

extension ColumnName {
  /// What the column is; nil for a name without a meaning here.
  var role: TableRole? {
    let skeleton = skeleton
    guard skeleton == "t" else { return TableRole.bySkeleton[skeleton] }
    // T is a temperature and t a time, unless the unit says otherwise.
    switch headerUnit?.dimension {
    case .temperature: return .temperature
    case .time: return .time
    default: return name == "T" ? .temperature : .time
    }
  }
}
