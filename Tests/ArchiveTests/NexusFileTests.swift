// SPDX-License-Identifier: GPL-3.0-or-later
import Analysis
import Archive
import Foundation
import HDF5
import Quantities
import Testing

@Suite struct NexusFileTests {
  @Test func aRowIsAFileThatPlotsItself() throws {
    try withTemporaryArchive { path in
      try writeArchive(path)
      let target = path + ".nxs"
      try ArchiveReader(opening: path).writeNexus(0, record: Example.full().record, to: target)
      let file = try HDF5File(opening: target)
      for (group, nexusClass) in [
        ("/", "NXroot"), ("/entry", "NXentry"), ("/entry/sample", "NXsample"), ("/entry/data", "NXdata"),
        ("/entry/results", "NXcollection"), ("/entry/process", "NXprocess"),
      ] {
        #expect(try file.attribute("NX_class", of: group) == .text(nexusClass))
      }
      // Root and entry lead a viewer to the plot.
      #expect(try file.attribute("default") == .text("entry"))
      #expect(try file.attribute("default", of: "/entry") == .text("data"))
      #expect(try file.attribute("signal", of: "/entry/data") == .text("polarisation"))
      #expect(try file.attribute("axes", of: "/entry/data") == .text("internal_field"))
      let field = try file.dataset("/entry/data/internal_field").numbers(Double.self)
      #expect(field == Example.analysis().loop.internalField.si)
      #expect(
        try file.dataset("/entry/data/polarisation").numbers(Double.self)
          == Example.analysis().loop.polarisation.si)
      #expect(try file.attribute("units", of: "/entry/data/internal_field") == .text("A/m"))
      #expect(try file.dataset("/entry/results/Br/value").numbers(Double.self) == [1.312])
      #expect(try file.attribute("units", of: "/entry/results/Br/value") == .text("T"))
      #expect(try file.dataset("/entry/results/verdict").texts() == ["conditional-pass"])
      #expect(try file.dataset("/entry/sample/name").texts() == ["magnet 1"])
      #expect(try file.dataset("/entry/sample/mass").numbers(Double.self) == [5.486e-5])
      #expect(try file.dataset("/entry/process/record").texts() == [Example.full().record])
      let again = #expect(throws: ArchiveError.self) {
        try ArchiveReader(opening: path).writeNexus(0, record: Example.full().record, to: target)
      }
      #expect(again?.code == .exists)
    }
  }

  @Test func withoutAVolumeTheMomentIsTheSignal() throws {
    try withTemporaryArchive { path in
      try writeArchive(path, [Example.withoutVolume, Example.failed])
      let reader = try ArchiveReader(opening: path)
      try reader.writeNexus(0, record: "{}", to: path + ".nxs")
      let file = try HDF5File(opening: path + ".nxs")
      #expect(try file.attribute("signal", of: "/entry/data") == .text("moment"))
      #expect(try file.attribute("axes", of: "/entry/data") == .text("applied_field"))
      #expect(try file.attribute("units", of: "/entry/data/moment") == .text("A m2"))
      #expect(try file.dataset("/entry/data/applied_field").numbers(Double.self).first == 1e6)
      // A file that could not be read has no curve, but its name and its error.
      try reader.writeNexus(1, record: "{}", to: path + ".failed.nxs")
      let failed = try HDF5File(opening: path + ".failed.nxs")
      #expect(try failed.members(of: "/entry/data").isEmpty)
      #expect(try failed.dataset("/entry/process/source_file").texts() == ["broken.dat"])
    }
  }
}
