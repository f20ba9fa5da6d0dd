internal import Glibc

/// Files that are either whole or not there.
public enum OutputFile {
  /// Writes `bytes` to a new file beside `path` and then gives it that name; a device or a pipe is written itself.
  public static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    try write(bytes, [], to: path)
  }

  /// The same with the bytes of numbers behind the others.
  static func write(_ bytes: [UInt8], _ numbers: [Float], to path: String) throws(ImageError) {
    if let problem = refusal(of: path) { throw .cannotWrite(path, problem) }
    let writing: Put = { descriptor in
      bytes.withUnsafeBytes { put($0, descriptor) } ?? numbers.withUnsafeBytes { put($0, descriptor) }
    }
    if isStream(path) { try writeStream(writing, to: path) } else { try replace(path, by: writing) }
  }

  /// Writes everything to a descriptor; why not, where it cannot.
  private typealias Put = (Int32) -> String?

  /// Why nothing can be written to `path`, as far as that shows without writing; nil where it can be tried.
  public static func refusal(of path: String) -> String? {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return "it is a folder" }
    let parent = Folder.parent(path).isEmpty ? "." : Folder.parent(path)
    guard stat(parent, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      return "the folder \(parent) does not exist"
    }
    return nil
  }

  /// A name that stands for no regular file: giving it to a new file would take the device away.
  private static func isStream(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFREG
  }

  private static func writeStream(_ put: Put, to path: String) throws(ImageError) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotWrite(path, lastProblem()) }
    let problem = put(descriptor)
    guard close(descriptor) == 0, problem == nil else { throw .cannotWrite(path, problem ?? lastProblem()) }
  }

  private static func replace(_ path: String, by put: Put) throws(ImageError) {
    let temporary = "\(path).\(getpid()).\(UInt32.random(in: 0...UInt32.max)).new"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .cannotWrite(path, lastProblem()) }
    let problem = put(descriptor)
    if let problem {
      close(descriptor)
      unlink(temporary)
      throw .cannotWrite(path, problem)
    }
    guard close(descriptor) == 0, rename(temporary, path) == 0 else {
      let problem = lastProblem()
      unlink(temporary)
      throw .cannotWrite(path, problem)
    }
  }

  private static func put(_ buffer: UnsafeRawBufferPointer, _ descriptor: Int32) -> String? {
    var done = 0
    while done < buffer.count {
      let put = Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
      if put < 0 && errno == EINTR { continue }
      guard put > 0 else { return lastProblem() }
      done += put
    }
    return nil
  }
}
