internal import FoundationEssentials
internal import ONNXSchema
internal import SwiftProtobuf

/// A model file without its large arrays, which stay in the file until they are decoded.
///
/// SwiftProtobuf reads every message, and copies each field of bytes while it does: a network of gigabytes would be in
/// memory twice. So the wire format is walked once before it, and no further than to the arrays: the bytes of every
/// large `raw_data` give way to a reference in the manner of external data, and the messages around it get their new
/// lengths. Nothing else is read here.
struct WeightsInPlace {
  /// The serialized model with references in the place of large arrays.
  let skeleton: Data

  /// The location that references within the file itself give; no file has a name like that.
  static let location = "\u{1}"

  /// Arrays of fewer bytes stay where they are.
  private static let least = 4096

  /// More parts than a model that anyone trains has; small files of many empty parts would fill the memory.
  static let mostParts = 1 << 22

  enum Failure: Error { case malformed, tooManyParts }

  /// - Throws: ``Failure``, or what the reading of a file throws.
  init(_ bytes: ModelBytes) throws {
    var walk = Walk(raw: ByteWindow(bytes))
    skeleton = Data(try walk.copy(.model, 0..<bytes.count, depth: 0))
  }

  /// The messages of ONNX's schema on the way to arrays, with the numbers of the fields that lead there.
  private enum Message {
    case model, graph, node, attribute, tensor, function

    func inner(_ field: Int) -> Message? {
      switch (self, field) {
      case (.model, 7), (.attribute, 6): .graph
      case (.model, 25): .function
      case (.graph, 1), (.function, 7): .node
      case (.graph, 5), (.attribute, 5): .tensor
      case (.node, 5), (.function, 11): .attribute
      default: nil
      }
    }
  }

  private struct Walk {
    var raw: ByteWindow
    private var parts = 0

    init(raw: ByteWindow) { self.raw = raw }

    mutating func copy(_ message: Message, _ range: Range<Int>, depth: Int) throws -> [UInt8] {
      guard depth < 100 else { throw Failure.malformed }
      var out: [UInt8] = []
      var place = range.lowerBound
      var isReferred = false
      while place < range.upperBound {
        let start = place
        let tag = try varint(&place, range.upperBound)
        let field = Int(truncatingIfNeeded: tag >> 3)
        guard tag & 7 == 2 else {
          try skip(tag & 7, &place, range.upperBound)
          // Some writers say that the data lie here, which they did: the last that is said counts.
          let isLocation = message == .tensor && field == 14
          if !(isLocation && isReferred) { out.append(contentsOf: try raw.bytes(start..<place)) }
          continue
        }
        parts += 1
        guard parts <= WeightsInPlace.mostParts else { throw Failure.tooManyParts }
        let length = try varint(&place, range.upperBound)
        guard length <= UInt64(range.upperBound - place) else { throw Failure.malformed }
        let content = place..<place + Int(length)
        place = content.upperBound
        if let inner = message.inner(field) {
          let copied = try copy(inner, content, depth: depth + 1)
          Self.append(field, copied, to: &out)
        } else if message == .tensor, field == 9, content.count >= WeightsInPlace.least {
          out += try Self.reference(to: content)
          isReferred = true
        } else {
          out.append(contentsOf: try raw.bytes(start..<place))
        }
      }
      return out
    }

    private mutating func varint(_ place: inout Int, _ end: Int) throws -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard place < end else { throw Failure.malformed }
        let byte = try raw.byte(at: place)
        place += 1
        value |= UInt64(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return value }
      }
      throw Failure.malformed
    }

    private mutating func skip(_ kind: UInt64, _ place: inout Int, _ end: Int) throws {
      switch kind {
      case 0: _ = try varint(&place, end)
      case 1: place += 8
      case 5: place += 4
      default: throw Failure.malformed
      }
      if place > end { throw Failure.malformed }
    }

    private static func append(_ value: UInt64, to out: inout [UInt8]) {
      var rest = value
      while rest >= 0x80 {
        out.append(UInt8(rest & 0x7f) | 0x80)
        rest >>= 7
      }
      out.append(UInt8(rest))
    }

    private static func append(_ field: Int, _ content: [UInt8], to out: inout [UInt8]) {
      append(UInt64(field) << 3 | 2, to: &out)
      append(UInt64(content.count), to: &out)
      out.append(contentsOf: content)
    }

    /// `external_data` with location, offset and length, and `data_location` EXTERNAL: fields of the array's message.
    private static func reference(to content: Range<Int>) throws -> [UInt8] {
      let entries = [
        ("location", WeightsInPlace.location), ("offset", "\(content.lowerBound)"),
        ("length", "\(content.count)"),
      ]
      let tensor = Onnx_TensorProto.with {
        $0.dataLocation = .external
        $0.externalData = entries.map { key, value in
          Onnx_StringStringEntryProto.with { ($0.key, $0.value) = (key, value) }
        }
      }
      return try tensor.serializedBytes()
    }
  }
}
