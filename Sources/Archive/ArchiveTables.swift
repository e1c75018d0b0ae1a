// SPDX-License-Identifier: GPL-3.0-or-later
internal import HDF5
internal import Measurements

extension ArchiveWriter {
  /// Every dataset of the archive; an object, so that all can be let go before the file is closed.
  final class Tables {
    var loops: [TableWriter<LoopRow>]
    /// The table of sources, then that of their bytes.
    var sources: [TableWriter<SourceFile>]
    var rowHash: HDF5Dataset?
    var tableMark: HDF5Dataset?

    init(in file: borrowing HDF5File, expectedRows: Int) throws(HDF5Error) {
      var loops: [TableWriter<LoopRow>] = []
      for table in ArchiveSchema.loopTables {
        loops.append(try TableWriter(table, in: file, expectedRows: expectedRows))
      }
      let sources = [
        try TableWriter(ArchiveSchema.sources, in: file, expectedRows: expectedRows),
        try TableWriter(ArchiveSchema.sourceBytes, in: file, expectedRows: expectedRows),
      ]
      let rowHash = try file.createDataset(IntegrityTable.rowHash, .text, chunk: 128)
      try file.setAttribute("long_name", .text("SHA-256 after each row"), of: IntegrityTable.rowHash)
      let tableMark = try file.createDataset(IntegrityTable.tableMark, .int64, chunk: 512)
      try file.setAttribute(
        "long_name",
        .text("\(ArchiveSchema.loopTables.count) per row: first 8 bytes of the digest of each table"),
        of: IntegrityTable.tableMark)
      self.loops = loops
      self.sources = sources
      self.rowHash = rowHash
      self.tableMark = tableMark
    }

    /// Opens the datasets of an archive that has the rows to keep and nothing behind them.
    init(in file: borrowing HDF5File, keeping left: LeftRows) throws(HDF5Error) {
      var loops: [TableWriter<LoopRow>] = []
      for table in ArchiveSchema.loopTables {
        loops.append(try TableWriter(table, in: file, keeping: left.rowCount))
      }
      let sourceCount = left.sourceRows.count
      sources = [
        try TableWriter(ArchiveSchema.sources, in: file, keeping: sourceCount),
        try TableWriter(ArchiveSchema.sourceBytes, in: file, keeping: sourceCount),
      ]
      let rowHash = try file.dataset(IntegrityTable.rowHash)
      let tableMark = try file.dataset(IntegrityTable.tableMark)
      self.loops = loops
      self.rowHash = rowHash
      self.tableMark = tableMark
    }

    /// Where numbers lie in the file; everything else is structure or text.
    func numberRanges() throws(HDF5Error) -> [Range<Int>] {
      var ranges = try tableMark?.storedRanges() ?? []
      for table in loops { ranges += try table.numberRanges() }
      for table in sources { ranges += try table.numberRanges() }
      return ranges
    }

    /// Lets go of every dataset; datasets in use would keep the file open.
    func release() {
      loops = []
      sources = []
      rowHash = nil
      tableMark = nil
    }

    /// How much the file grows, at most, when what is in memory is written.
    var pendingRoom: Int {
      loops.reduce(0) { $0 + $1.room } + sources.reduce(0) { $0 + $1.room }
    }
  }
}
