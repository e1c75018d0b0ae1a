// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

extension NumberBlock {
  /// Throws for rows of a file that was cut; for one that is whole and yet not as announced adds a note.
  ///
  /// MicroMag files end with a line that says so, and announce how many rows they have. One with neither its end
  /// line nor its rows was cut. One with its end line was written to the end, so that missing rows were not measured
  /// or were taken out by somebody; one with all its rows lost nothing but its end line.
  func requireWhole(
    _ bytes: Span<UInt8>, _ scanner: inout LineScanner, hasEnd: Bool, announced: Int?,
    _ notes: inout [ReadingNote]
  ) throws(ReadError) {
    let promise = announced.map { "\($0) rows are announced" } ?? "the number of rows is not announced"
    if hasEnd {
      while let line = scanner.next(bytes) {
        guard bytes.unpadded(line).isEmpty else {
          throw ReadError(
            .malformed, "text follows the end line; if two files were joined, part them", line: scanner.number
          )
        }
      }
    } else {
      guard count == announced, scanner.isTerminated else {
        throw ReadError(
          .truncated,
          "the file was cut: its end line is missing, \(promise) and \(count) are there; copy it again",
          line: scanner.number)
      }
      notes.append(
        ReadingNote(
          code: "no-end-line", message: "all \(count) announced rows are there and the end line is missing"))
    }
    try requireRows()
    if let announced, announced != count {
      notes.append(
        ReadingNote(
          code: "announced-rows",
          message:
            "\(announced) rows are announced and \(count) are there: the measurement was stopped, or rows "
            + "were taken out of the file"))
    }
  }
}
