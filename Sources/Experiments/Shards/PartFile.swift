internal import CanonicalJSON
internal import Files
internal import Foundation
internal import Networks
internal import Tensors

/// What one machine found of an experiment, as a file: what it belongs to, the outcome, its arrays, and a digest of all.
///
/// The first line names the format; then the length of a JSON document and the document, the elements of the arrays as
/// little-endian floats, and SHA-256 of everything before.
public struct PartFile: Sendable {
  /// What it belongs to, and which part it is.
  public let heading: Heading
  private let outcome: Data
  private let arrays: [String: Tensor]

  /// What parts have to have in common to be joined, and which of them this is.
  public struct Heading: Codable, Hashable, Sendable {
    /// The program's version.
    public var version: String
    /// The words of the command, those of the shard and of the output aside.
    public var command: [String]
    /// The experiment with its parameters and versions.
    public var experiment: String
    /// SHA-256 of the model, and of what else the images are judged with.
    public var model: String
    /// Which part of how many.
    public var shard: Shard
    /// Images in all.
    public var images: Int
    /// SHA-256 of this part's subject.
    public var subject: String
  }

  private struct Document: Codable {
    var heading: Heading
    var outcome: String
    var arrays: [Array]

    struct Array: Codable {
      var name: String
      var shape: [Int]
    }
  }

  private static let magic = Array("boundaryscope part 1\n".utf8)

  // MARK: - Writing

  /// The bytes of a part that an experiment found on `part` of `subject`.
  public static func bytes<E: ShardedExperiment>(
    _ outcome: E.Outcome, of experiment: E, shard: Shard, part: Subject, whole: Subject, version: String,
    command: [String]
  ) throws -> [UInt8] {
    guard let key = ResultKey(experiment, part) else {
      throw SubjectError("parameters that are not numbers cannot be kept in a part")
    }
    let heading = Heading(
      version: version, command: command, experiment: key.experiment, model: whole.classifier.digest,
      shard: shard, images: E.extent(of: whole), subject: part.digest)
    let sorted = outcome.arrays.sorted { $0.key < $1.key }
    let document = Document(
      heading: heading, outcome: String(decoding: try CanonicalJSON.encoder.encode(outcome), as: UTF8.self),
      arrays: sorted.map { Document.Array(name: $0.key, shape: $0.value.shape.extents) })
    let json = try CanonicalJSON.encoder.encode(document)
    var bytes = magic + withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
    for (_, tensor) in sorted { tensor.elements.withUnsafeBytes { bytes += $0 } }
    return bytes + digest(of: bytes[...])
  }

  // MARK: - Reading

  /// - Throws: a ``SubjectError`` that says what the file is not.
  public init(path: String) throws {
    guard let bytes = try? RegularFile.contents(of: path, atMost: 1 << 36) else {
      throw SubjectError("\(path): no such file, or it cannot be read")
    }
    let head = Self.magic.count + 8
    guard bytes.count > head + 64, bytes.starts(with: Self.magic) else {
      throw SubjectError(
        "\(path) is not a part of a sharded run; --shard I/N --output PART writes such files")
    }
    guard Array(bytes.suffix(64)) == Self.digest(of: bytes.dropLast(64)[...]) else {
      throw SubjectError("\(path) is damaged or incomplete: run its shard again")
    }
    let length = Int(
      clamping: bytes[Self.magic.count..<head].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    guard length <= bytes.count - head - 64,
      let document = try? CanonicalJSON.decoder.decode(Document.self, from: Data(bytes[head..<head + length]))
    else { throw SubjectError("\(path) comes from another version of the program: run its shard again") }
    heading = document.heading
    outcome = Data(document.outcome.utf8)
    arrays = try Self.arrays(document.arrays, bytes[(head + length)..<(bytes.count - 64)], path)
  }

  private static func arrays(
    _ listed: [Document.Array], _ bytes: ArraySlice<UInt8>, _ path: String
  ) throws -> [String: Tensor] {
    var (arrays, place) = ([String: Tensor](), bytes.startIndex)
    for array in listed {
      guard array.shape.allSatisfy({ $0 >= 0 }), let count = StoreEntry.elementCount(array.shape),
        count <= (bytes.endIndex - place) / MemoryLayout<Float>.size
      else { throw SubjectError("\(path) is damaged: run its shard again") }
      let (shape, size) = (Shape(array.shape), count * MemoryLayout<Float>.size)
      let elements = [Float](unsafeUninitializedCapacity: shape.count) { buffer, count in
        UnsafeMutableRawBufferPointer(buffer).copyBytes(from: bytes[place..<place + size])
        count = shape.count
      }
      arrays[array.name] = Tensor(shape: shape, elements: elements)
      place += size
    }
    return arrays
  }

  /// The outcome; nil where it is of another kind of experiment.
  func outcome<Outcome: StoredOutcome>(as _: Outcome.Type) -> Outcome? {
    guard var known = try? CanonicalJSON.decoder.decode(Outcome.self, from: outcome),
      Set(known.arrays.keys) == Set(arrays.keys)
    else { return nil }
    if !arrays.isEmpty { known.arrays = arrays }
    return known
  }

  /// As 64 hexadecimal digits.
  private static func digest(of bytes: ArraySlice<UInt8>) -> [UInt8] {
    var digest = Digest()
    bytes.withUnsafeBytes { digest.update($0) }
    return Array(digest.hexadecimal.utf8)
  }
}
