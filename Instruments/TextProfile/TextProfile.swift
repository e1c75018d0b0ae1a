// SPDX-License-Identifier: GPL-3.0-or-later
public import Measurements
internal import Quantities

/// A description of a delimited text file, by which it can be read without a driver of its own.
///
/// Made from TOML text, see <doc:Reading-with-a-text-profile>; everything in it was checked.
public struct TextProfile: Hashable, Sendable {
  /// A name of lower-case letters, digits and hyphens.
  public internal(set) var id: String
  /// The instrument or program in words.
  public internal(set) var title: String
  /// The TOML text that the profile was made from, unchanged.
  public internal(set) var text: String
  /// What a reader of the profile has to know, such as that it was never tried on a real file.
  public internal(set) var remark: String?

  var encoding: TextEncoding
  var delimiter: Delimiter
  var decimalMark: UInt8
  /// What parts the thousands of a number, when anything does.
  var thousandsMark: UInt8?
  var commentMarks: [String]
  var signature: Mark?
  var tableBegins: Mark?
  /// How many lines between the mark and the table are names, units or something else.
  var skippedLines: Int
  var tableEnds: Mark?
  /// Whether rows go on behind an empty line.
  var spansEmptyLines = false
  var circuit: Circuit
  /// Whether the file gives the demagnetising field as a magnitude; nil when the profile does not say it.
  var fieldIsMagnitude: Bool?
  /// Whether it is one that comes with the program, which nobody has tried on a real export.
  var isShipped = false
  var shape: String?
  var columns: [Column]
  var patterns: [HeaderValue]

  /// What stands between two cells.
  enum Delimiter: Hashable {
    case byte(UInt8)
    /// Blanks and tabs, one or many.
    case blanks
  }

  /// A place in the file.
  enum Mark: Hashable {
    /// The first line that begins with a text; without any text an empty line.
    case prefix(String)
    case pattern(LinePattern)
    /// The line of that number, counted from 1.
    case line(Int)
  }

  /// What a column holds.
  enum Role: String, CaseIterable {
    case field = "H"
    case polarisation = "J"
    case fluxDensity = "B"
    case magnetisation = "M"
    case temperature, time, ignored
  }

  struct Column: Hashable {
    enum Place: Hashable {
      /// Counted from 0.
      case position(Int)
      case name(String)
    }
    let place: Place
    let role: Role
    /// Of every column that is not ignored.
    let unit: UnitOfMeasure?
    /// 1 or -1.
    let sign: Double
    /// Whether a field is that inside the specimen.
    let isInternal: Bool
    /// What errors call it.
    var title: String {
      switch place {
      case .position(let position): "\(role.rawValue) (column \(position + 1))"
      case .name(let name): name
      }
    }
  }

  /// What is looked for in the lines outside the table.
  enum HeaderKey: String, CaseIterable {
    case sample, lot, material, instrument, temperature, mass, density, volume, size, date
    case Br, HcB, HcJ, BHmax, Hk

    /// What the number is to be; nil for a text.
    var dimensions: [PhysicalDimension]? {
      switch self {
      case .sample, .lot, .material, .instrument, .date: nil
      case .temperature: [.temperature]
      case .mass: [.mass]
      case .density: [.density]
      case .volume: [.volume]
      case .size: [.length]
      case .Br: [.fluxDensity]
      case .HcB, .HcJ, .Hk: [.fieldStrength, .fluxDensity]
      case .BHmax: [.energyProduct]
      }
    }
  }

  struct HeaderValue: Hashable {
    let key: HeaderKey
    let pattern: LinePattern
    let unit: UnitOfMeasure?
    /// The order of the parts of a date.
    let order: WrittenOrder?
  }

  /// In which order a date is written.
  enum WrittenOrder: String, CaseIterable {
    case dayMonthYear = "day-month-year"
    case monthDayYear = "month-day-year"
    case yearMonthDay = "year-month-day"
  }
}

extension TextProfile {
  /// A driver that reads what the profile describes; its id is the profile's with `profile-` in front.
  public var instrument: Instrument {
    Instrument(
      id: "profile-\(id)", title: title, recognize: { TextProfileReader(self).claim($0) },
      read: { file, options throws(ReadError) in try TextProfileReader(self).read(file, options) })
  }
}
