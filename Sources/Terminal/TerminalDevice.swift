internal import Glibc

/// The terminal itself, whatever standard input and output are.
final class TerminalDevice {
  let descriptor: Int32
  let input: UnsafeMutablePointer<FILE>
  let output: UnsafeMutablePointer<FILE>

  /// Opens a copy of `given`, else the controlling terminal, else whichever standard descriptor is a terminal.
  init(_ given: Int32?) throws(TerminalFailure) {
    let source = given.map { fcntl($0, F_DUPFD_CLOEXEC, 3) } ?? Self.openControlling()
    guard source >= 0, isatty(source) == 1 else {
      if source >= 0 { Glibc.close(source) }
      throw TerminalFailure(
        "there is no terminal to show the explorer on: start it in one, or use the commands that print, "
          + "which --help lists")
    }
    let copy = fcntl(source, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0, let input = fdopen(source, "r"), let output = fdopen(copy, "w") else {
      Glibc.close(source)
      throw TerminalFailure("no file descriptor is left: close other files or raise the limit (ulimit -n)")
    }
    descriptor = source
    self.input = input
    self.output = output
  }

  deinit {
    fclose(output)
    fclose(input)
  }

  private static func openControlling() -> Int32 {
    let own = open("/dev/tty", O_RDWR | O_CLOEXEC)
    if own >= 0 { return own }
    return [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].first { isatty($0) == 1 }
      .map { fcntl($0, F_DUPFD_CLOEXEC, 3) } ?? -1
  }

  /// Writes a sequence at once; ncurses has flushed its own output before.
  func write(_ text: StaticString) { write(UnsafeRawPointer(text.utf8Start), text.utf8CodeUnitCount) }

  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { if let start = $0.baseAddress { write(start, $0.count) } }
  }

  private func write(_ start: UnsafeRawPointer, _ count: Int) {
    var (start, count) = (start, count)
    while count > 0 {
      let n = Glibc.write(fileno(output), start, count)
      if n < 0, errno == EINTR { continue }
      if n <= 0 { return }
      start += n
      count -= n
    }
  }
}
