internal import Drawing
internal import Explorer
internal import Foundation

/// Writes a session as it happens: a line an input, and `wait` where the person had waited for the work.
package struct Recorder {
  private let file: FileHandle
  private let path: String
  /// Why the session is not recorded to its end; nil while it is.
  private(set) var problem: Refusal?
  /// Whether the work has reported since the last line.
  private var hasNews = true

  /// Throws when the file cannot be written.
  package init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw Refusal(.cannotWrite, "cannot write \(path): name a file in a writable folder") }
    (self.file, self.path) = (file, path)
    write("# A session of boundaryscope; --play replays it.")
  }

  /// What the session begins with, so that it can be replayed without the options it was started with.
  mutating func begin(_ size: Size, _ options: SessionOptions) {
    write("size \(size.columns)x\(size.rows)")
    let model = URL(filePath: options.model)
    let isListed = options.folders.contains { $0.path == model.deletingLastPathComponent().path }
    write("model \(isListed ? model.deletingPathExtension().lastPathComponent : options.model)")
    write("images \(options.images)")
    write("seed \(options.seed)")
  }

  mutating func note(_ input: Input, isSettled: Bool) {
    guard let line = Instruction.line(for: input) else { return }
    if isSettled, hasNews { write("wait") }
    if isSettled { hasNews = false }
    write(line)
  }

  /// What a person asked for, as a command line beside the keys that asked.
  mutating func note(command: String) { write("# \(command)") }

  mutating func noteNews() { hasNews = true }

  /// At once, so that a session that ends badly can be replayed too.
  ///
  /// A line that is missing makes another session of it: nothing is written after the first that could not be.
  private mutating func write(_ line: String) {
    guard problem == nil else { return }
    do {
      try file.write(contentsOf: Data((line + "\n").utf8))
    } catch {
      problem = Refusal(.cannotWrite, "cannot write \(path): the recording ends there")
    }
  }
}
