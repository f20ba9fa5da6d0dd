internal import Files
internal import FoundationEssentials
internal import Tensors

/// The bytes of a model file or of its external data: in memory, or in a file that is read a part at a time.
enum ModelBytes: Sendable {
  case memory(Data)
  case file(RegularFile)

  var count: Int {
    switch self {
    case .memory(let data): data.count
    case .file(let file): file.size
    }
  }

  /// - Throws: ``ModelError/unreadableFile(path:reason:)`` where a file is not what it was when it was opened.
  func read(_ range: Range<Int>) throws -> Data {
    switch self {
    case .memory(let data):
      return data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
    case .file(let file): return try Self.naming(file) { Data(try file.read(range)) }
    }
  }

  func add(to digest: inout Digest) throws {
    switch self {
    case .memory(let data): data.withUnsafeBytes { digest.update($0) }
    case .file(let file): try Self.naming(file) { try file.forEachPiece { digest.update($0) } }
    }
  }

  /// Throws where the file of that name is another by now, or is being written.
  func checkCurrent() throws {
    if case .file(let file) = self { try Self.naming(file) { try file.checkCurrent() } }
  }

  private static func naming<T>(_ file: RegularFile, _ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let problem as FileProblem {
      throw ModelError.unreadableFile(path: file.path, reason: problem.description)
    }
  }
}

/// Bytes one by one, with a part of the file around them in memory.
struct ByteWindow {
  private let source: ModelBytes
  private var held: [UInt8] = []
  private var start = 0

  private static let width = 1 << 16

  init(_ source: ModelBytes) { self.source = source }

  var count: Int { source.count }

  /// The byte at a place within the file.
  mutating func byte(at place: Int) throws -> UInt8 {
    if place < start || place >= start + held.count {
      held = Array(try source.read(place..<min(place + Self.width, count)))
      start = place
    }
    return held[place - start]
  }

  mutating func bytes(_ range: Range<Int>) throws -> ArraySlice<UInt8> {
    if range.lowerBound >= start, range.upperBound <= start + held.count {
      return held[range.lowerBound - start..<range.upperBound - start]
    }
    if range.count > Self.width / 2 { return Array(try source.read(range))[...] }
    held = Array(try source.read(range.lowerBound..<min(range.lowerBound + Self.width, count)))
    start = range.lowerBound
    return held[..<range.count]
  }
}
