internal import Files
internal import Glibc

/// A regular file, open for reading parts of it; closed with the last reference.
final class InputFile: Sendable {
  private let file: RegularFile

  var path: String { file.path }
  var size: Int { file.size }

  init(_ path: String) throws(ImageError) {
    do throws(FileProblem) {
      file = try RegularFile(path)
    } catch {
      throw ImageError(error, path)
    }
  }

  /// Bytes `range` of the file, as they were when it was opened.
  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    do throws(FileProblem) {
      return try file.read(range)
    } catch {
      throw ImageError(error, path)
    }
  }

  func readAll() throws(ImageError) -> [UInt8] {
    guard size <= ByteSource.limit else { throw .tooManyBytes(path, limit: ByteSource.limit) }
    return try read(0..<size)
  }
}

extension ImageError {
  init(_ problem: FileProblem, _ path: String) {
    self =
      switch problem {
      case .missing: .missing(path)
      case .tooLarge(let limit): .tooManyBytes(path, limit: limit)
      case .unreadable, .changed: .unreadable(path, problem.description)
      }
  }
}

/// What the system said about the call that just failed, such as "Permission denied".
func lastProblem() -> String { String(cString: strerror(errno)) }
