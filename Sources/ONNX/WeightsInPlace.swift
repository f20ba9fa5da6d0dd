internal import FoundationEssentials
internal import ONNXSchema
internal import SwiftProtobuf

/// A model file without its large arrays, which stay in the mapped file until they are decoded.
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

  init(_ bytes: Data) throws(Failure) {
    var walk = Walk()
    let result: Result<[UInt8], Failure> = bytes.withUnsafeBytes { raw in
      do throws(Failure) {
        return .success(try walk.copy(.model, raw, 0..<raw.count, depth: 0))
      } catch {
        return .failure(error)
      }
    }
    skeleton = Data(try result.get())
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
    private var parts = 0

    mutating func copy(
      _ message: Message, _ raw: UnsafeRawBufferPointer, _ range: Range<Int>, depth: Int
    ) throws(Failure) -> [UInt8] {
      guard depth < 100 else { throw .malformed }
      var out: [UInt8] = []
      var place = range.lowerBound
      var isReferred = false
      while place < range.upperBound {
        let start = place
        let tag = try varint(raw, &place, range.upperBound)
        let field = Int(truncatingIfNeeded: tag >> 3)
        guard tag & 7 == 2 else {
          try skip(tag & 7, raw, &place, range.upperBound)
          // Some writers say that the data lie here, which they did: the last that is said counts.
          let isLocation = message == .tensor && field == 14
          if !(isLocation && isReferred) { out.append(contentsOf: raw[start..<place]) }
          continue
        }
        parts += 1
        guard parts <= WeightsInPlace.mostParts else { throw .tooManyParts }
        let length = try varint(raw, &place, range.upperBound)
        guard length <= UInt64(range.upperBound - place) else { throw .malformed }
        let content = place..<place + Int(length)
        place = content.upperBound
        if let inner = message.inner(field) {
          let copied = try copy(inner, raw, content, depth: depth + 1)
          Self.append(field, copied, to: &out)
        } else if message == .tensor, field == 9, content.count >= WeightsInPlace.least {
          out += try Self.reference(to: content)
          isReferred = true
        } else {
          out.append(contentsOf: raw[start..<place])
        }
      }
      return out
    }

    private func varint(
      _ raw: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int
    ) throws(Failure) -> UInt64 {
      var value: UInt64 = 0
      for shift in stride(from: UInt64(0), to: 70, by: 7) {
        guard place < end else { throw .malformed }
        let byte = raw[place]
        place += 1
        value |= UInt64(byte & 0x7f) << shift
        if byte & 0x80 == 0 { return value }
      }
      throw .malformed
    }

    private func skip(
      _ kind: UInt64, _ raw: UnsafeRawBufferPointer, _ place: inout Int, _ end: Int
    ) throws(Failure) {
      switch kind {
      case 0: _ = try varint(raw, &place, end)
      case 1: place += 8
      case 5: place += 4
      default: throw .malformed
      }
      if place > end { throw .malformed }
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
    private static func reference(to content: Range<Int>) throws(Failure) -> [UInt8] {
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
      do {
        return try tensor.serializedBytes()
      } catch {
        throw .malformed
      }
    }
  }
}
