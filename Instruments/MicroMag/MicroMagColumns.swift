// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements
internal import Quantities

/// Which columns of a MicroMag file are read, in which units.
struct MicroMagColumns {
  let field: NumberColumn
  let moment: NumberColumn
  /// The column of temperatures, when there is one that a sensor may stand behind.
  let temperature: NumberColumn?
  /// The program's own pair, when it is in the units of the raw one.
  let adjusted: (field: Int, moment: Int)?

  /// The positions of all columns that are read.
  var wanted: [Int] {
    [field.index, moment.index, temperature?.index, adjusted?.field, adjusted?.moment].compactMap(\.self)
  }

  /// Chooses the columns by their titles.
  init(
    _ header: MicroMagHeader, _ options: ReadingOptions, _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    let columns = header.columns
    try requireStatedColumns(options, among: columns)
    func column(_ name: String, _ dimensions: [PhysicalDimension]) throws(ReadError) -> NumberColumn? {
      try NumberColumn(name, among: columns, dimensions, options, &notes)
    }
    guard let field = try column("Field", fieldDimensions),
      let moment = try column("Moment", [.magneticMoment])
    else { throw NumberColumn.missing("Field and Moment", among: columns) }
    self.field = field
    self.moment = moment
    temperature = header.hasTemperatureControl ? try column("Temperature", [.temperature]) : nil
    guard let adjustedField = columns.firstIndex(where: { $0.name == "Adjusted Field" }),
      let adjustedMoment = columns.firstIndex(where: { $0.name == "Adjusted Moment" })
    else {
      adjusted = nil
      return
    }
    if header.isAdjusted("Normalization") {
      notes.append(
        ReadingNote(
          code: "normalized-columns", message: "the adjusted columns are normalised and were not read"))
      adjusted = nil
    } else {
      adjusted = (adjustedField, adjustedMoment)
    }
  }

  /// Field and moment as measured.
  func channels(_ block: NumberBlock) throws(ReadError) -> (FieldChannel, ResponseChannel) {
    let fields = try block.field(of: field)
    let moments = try block.si(of: moment)
    return (.applied(Series(si: fields)), .moment(Series(si: moments)))
  }

  /// Field and moment after the program's own corrections.
  func processed(_ block: NumberBlock, _ header: MicroMagHeader) throws(ReadError) -> ProcessedColumns? {
    guard let adjusted else { return nil }
    let fields = try block.field(of: NumberColumn(adjusted.field, field.unit))
    let moments = try block.si(of: NumberColumn(adjusted.moment, moment.unit))
    let isInternal = header.isAdjusted("Demagnetizing factor")
    return ProcessedColumns(
      field: isInternal ? .internal(Series(si: fields)) : .applied(Series(si: fields)),
      response: .moment(Series(si: moments)))
  }
}
