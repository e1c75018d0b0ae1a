// SPDX-License-Identifier: GPL-3.0-or-later
internal import Measurements

/// One object of a file: the file itself, a group or a channel.
struct TDMSObject {
  /// The names on the way to it: none for the file, group, or group and channel.
  let path: [String]
  /// In the order in which they first appeared, with the values written last.
  private(set) var properties: [(name: String, value: TDMSValue)] = []
  private var places: [String: Int] = [:]
  /// The samples; empty for a channel that is not of numbers.
  var values: [Double] = []
  /// How many samples of any kind there are.
  var count = 0
  /// The shape of its raw data, once that was said.
  var layout: TDMSLayout?
  /// Whether the present segment has raw data of it.
  var hasData = false
  /// The object list it was last put into.
  var list = 0

  init(path: [String]) { self.path = path }

  mutating func set(_ name: String, _ value: TDMSValue) {
    if let place = places[name] {
      properties[place].value = value
    } else {
      places[name] = properties.count
      properties.append((name, value))
    }
  }

  subscript(_ name: String) -> TDMSValue? { places[name].map { properties[$0].value } }
}

/// What one chunk holds of a channel.
struct TDMSLayout {
  let type: TDMSType
  let count: Int
  /// Bytes in a chunk.
  let size: Int
}

/// The objects of a TDMS file with their properties and samples (NI, "TDMS File Format Internal Structure").
///
/// The memory taken is in proportion to the file, whatever the file claims.
struct TDMSFile {
  /// In the order in which they first appeared.
  private(set) var objects: [TDMSObject] = []
  /// Where the last segment was left open by a crash: how many of its bytes are an unfinished chunk.
  private(set) var unfinishedBytes: Int?
  private var places: [String: Int] = [:]
  /// The objects of the present list, in the order of their raw data.
  private var active: [Int] = []
  /// Counted, so that an object knows whether it is in it.
  private var list = 1

  private static let leadIn = 28

  private struct Contents: OptionSet {
    let rawValue: UInt32
    static let metadata = Contents(rawValue: 1 << 1)
    static let newList = Contents(rawValue: 1 << 2)
    static let rawData = Contents(rawValue: 1 << 3)
    static let interleaved = Contents(rawValue: 1 << 5)
    static let bigEndian = Contents(rawValue: 1 << 6)
    static let rawDAQmx = Contents(rawValue: 1 << 7)
  }

  /// Reads a file; throws `truncated` or `malformed` with the offset of the segment at fault.
  init(_ bytes: [UInt8]) throws(ReadError) {
    var start = 0
    while start < bytes.count { start = try readSegment(bytes, at: start) }
  }

  /// Reads the segment at an offset; the answer is where the next one begins.
  private mutating func readSegment(_ bytes: [UInt8], at start: Int) throws(ReadError) -> Int {
    guard bytes.count - start >= Self.leadIn else {
      throw ReadError(
        .truncated, "the file ends in the lead-in of the segment at byte \(start); copy it again")
    }
    guard bytes[start..<start + 4].elementsEqual("TDSm".utf8) else {
      throw ReadError(.malformed, "the segment at byte \(start) does not begin with TDSm")
    }
    var leadIn = TDMSCursor(bytes, start + 4..<start + Self.leadIn, isBigEndian: false)
    let contents = Contents(rawValue: try leadIn.integer(UInt32.self))
    leadIn.isBigEndian = contents.contains(.bigEndian)
    let version = try leadIn.integer(UInt32.self)
    guard version == 4712 || version == 4713 else {
      throw ReadError(.malformed, "the segment at byte \(start) is of version \(version), not 4712 or 4713")
    }
    guard !contents.contains(.rawDAQmx) else { throw Self.unsupported("raw DAQmx data", "the file") }
    let next = try leadIn.integer(UInt64.self)
    let rawOffset = try leadIn.integer(UInt64.self)
    let room = bytes.count - start - Self.leadIn
    let isOpen = next == .max
    guard let length = isOpen ? room : Int(exactly: next), let metadata = Int(exactly: rawOffset),
      length <= room
    else {
      throw ReadError(
        .truncated,
        "the segment at byte \(start) announces \(next) bytes and the file has \(room) more; copy it again")
    }
    guard metadata <= length else {
      throw ReadError(
        isOpen ? .truncated : .malformed,
        "the segment at byte \(start) has raw data from its byte \(metadata) on and ends after \(length)")
    }
    let body = start + Self.leadIn
    if contents.isSuperset(of: [.metadata, .newList]) {
      list += 1
      active = []
    }
    if contents.contains(.metadata) {
      var cursor = TDMSCursor(bytes, body..<body + metadata, isBigEndian: contents.contains(.bigEndian))
      for _ in 0..<(try cursor.count()) { try readObject(&cursor) }
    }
    let raw = body + metadata..<body + length
    if contents.contains(.rawData), !raw.isEmpty {
      try readRaw(bytes, raw, contents, isOpen: isOpen, segment: start)
    }
    return raw.upperBound
  }

  // MARK: metadata

  private mutating func readObject(_ cursor: inout TDMSCursor) throws(ReadError) {
    let spelled = try cursor.string()
    let index: Int
    if let known = places[spelled] {
      index = known
    } else {
      index = objects.count
      objects.append(TDMSObject(path: try Self.path(spelled)))
      places[spelled] = index
    }
    if objects[index].list != list {
      objects[index].list = list
      active.append(index)
    }
    try readIndex(&cursor, of: index)
    for _ in 0..<(try cursor.count()) {
      let name = try cursor.string()
      let code = try cursor.integer(UInt32.self)
      guard let type = TDMSType(rawValue: code) else {
        throw ReadError(.malformed, "property “\(name)” is of the unknown type \(code)")
      }
      objects[index].set(name, try cursor.value(of: type))
    }
  }

  /// The raw data index: none, as before, or a new one.
  private mutating func readIndex(_ cursor: inout TDMSCursor, of index: Int) throws(ReadError) {
    let name = objects[index].path.joined(separator: "/")
    let code = try cursor.integer(UInt32.self)
    switch code {
    case 0xFFFF_FFFF: objects[index].hasData = false
    case 0:
      guard objects[index].layout != nil else {
        throw ReadError(.malformed, "“\(name)” repeats a raw data index that it never had")
      }
      objects[index].hasData = true
    // The two kinds of DAQmx index, whose bytes read the same way round as other numbers of the file.
    case 0x1269, 0x126A: throw Self.unsupported("raw DAQmx data", "“\(name)”")
    case 20, 28:
      let typeCode = try cursor.integer(UInt32.self)
      let dimension = try cursor.integer(UInt32.self)
      let claimed = try cursor.integer(UInt64.self)
      guard let type = TDMSType(rawValue: typeCode), dimension == 1 else {
        throw ReadError(
          .malformed,
          "“\(name)” has raw data of type \(typeCode) in \(dimension) dimensions; one dimension is known")
      }
      guard type != .rawDAQmx else { throw Self.unsupported(type.title, "“\(name)”") }
      // Text says its size itself; the others follow from the type.
      let stated = code == 28 ? try cursor.integer(UInt64.self) : nil
      guard let size = type.size, size > 0 else { throw Self.unsupported(type.title, "“\(name)”") }
      guard stated == nil, let count = Int(exactly: claimed),
        case let (total, isTooMuch) = count.multipliedReportingOverflow(by: size), !isTooMuch
      else {
        throw ReadError(.malformed, "“\(name)” claims \(claimed) values in one chunk")
      }
      objects[index].layout = TDMSLayout(type: type, count: count, size: total)
      objects[index].hasData = true
    default: throw ReadError(.malformed, "“\(name)” has a raw data index of \(code) bytes")
    }
  }

  /// The names of `/'Group'/'Channel'`, in which an apostrophe is written twice.
  private static func path(_ text: String) throws(ReadError) -> [String] {
    if text == "/" { return [] }
    var names: [String] = []
    var rest = text.unicodeScalars[...]
    while !rest.isEmpty {
      guard rest.starts(with: "/'".unicodeScalars) else { throw badPath(text) }
      rest = rest.dropFirst(2)
      var name = String.UnicodeScalarView()
      var isClosed = false
      while !isClosed, let scalar = rest.popFirst() {
        if scalar != "'" {
          name.append(scalar)
        } else if rest.first == "'" {
          rest.removeFirst()
          name.append("'")
        } else {
          isClosed = true
        }
      }
      guard isClosed, names.count < 2 else { throw badPath(text) }
      names.append(String(name))
    }
    guard !names.isEmpty else { throw badPath(text) }
    return names
  }

  private static func badPath(_ text: String) -> ReadError {
    ReadError(
      .malformed, "“\(text.prefix(80))” is not the path of a group or channel, such as /'Group'/'Channel'")
  }

  private static func unsupported(_ what: String, _ place: String) -> ReadError {
    ReadError(
      .malformed,
      "\(place) holds \(what), which this driver does not read; save it as single or double numbers")
  }

  // MARK: samples

  private mutating func readRaw(
    _ bytes: [UInt8], _ raw: Range<Int>, _ contents: Contents, isOpen: Bool, segment: Int
  ) throws(ReadError) {
    let present = active.filter { objects[$0].hasData && (objects[$0].layout?.count ?? 0) > 0 }
    var chunk = 0
    var counts: Set<Int> = []
    for index in present {
      guard let layout = objects[index].layout else { continue }
      // A sum beyond the file is as good as any larger one.
      chunk = min(chunk, raw.count + 1) + min(layout.size, raw.count + 1)
      counts.insert(layout.count)
    }
    guard chunk > 0 else {
      throw ReadError(.malformed, "the segment at byte \(segment) has raw data of no channel")
    }
    let rest = raw.count % chunk
    if isOpen { unfinishedBytes = rest }
    guard isOpen || rest == 0 else {
      throw ReadError(
        .truncated,
        "the raw data of the segment at byte \(segment) are \(raw.count) bytes, not a multiple of the \(chunk) or more "
          + "of one chunk")
    }
    let isInterleaved = contents.contains(.interleaved)
    guard !isInterleaved || counts.count == 1 else {
      throw ReadError(
        .malformed, "the segment at byte \(segment) interleaves channels of different counts")
    }
    let cursor = TDMSCursor(bytes, raw, isBigEndian: contents.contains(.bigEndian))
    let row = present.reduce(0) { $0 + (objects[$1].layout?.type.size ?? 0) }
    for number in 0..<raw.count / chunk {
      var offset = raw.lowerBound + number * chunk
      for index in present {
        guard let layout = objects[index].layout, let size = layout.type.size else { continue }
        if layout.type.isNumber {
          cursor.append(
            layout.count, of: layout.type, at: offset, stride: isInterleaved ? row : size,
            to: &objects[index].values)
        }
        objects[index].count += layout.count
        offset += isInterleaved ? size : layout.size
      }
    }
  }
}
