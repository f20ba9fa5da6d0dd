internal import CTerminal
internal import Drawing
internal import Glibc

/// The terminal itself, whatever standard input and output are.
final class TerminalDevice {
  let descriptor: Int32
  let input: UnsafeMutablePointer<FILE>
  let output: UnsafeMutablePointer<FILE>
  /// The terminal for frames: best opened by itself, so that it need not wait and the shell's copy stays as it is.
  let frames: Int32

  /// Opens a copy of `given`, else the controlling terminal, else whichever standard descriptor is a terminal.
  init(_ given: Int32?) throws(TerminalFailure) {
    let source = given.map { fcntl($0, F_DUPFD_CLOEXEC, 3) } ?? Self.openControlling()
    guard source >= 0, isatty(source) == 1 else {
      if source >= 0 { Glibc.close(source) }
      throw TerminalFailure(
        "no terminal to show the explorer on: start it in one, or use the commands that print, "
          + "which --help lists")
    }
    let copy = fcntl(source, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0, let input = fdopen(source, "r"), let output = fdopen(copy, "w") else {
      Glibc.close(source)
      throw TerminalFailure("no file descriptor is left: close other files or raise the limit (ulimit -n)")
    }
    descriptor = source
    frames = Self.openForFrames(source)
    self.input = input
    self.output = output
  }

  /// Pixels of a cell as the terminal says them now; nil where it does not.
  var cell: CellPixels? {
    var (width, height): (Int32, Int32) = (0, 0)
    guard terminal_cell(descriptor, &width, &height) == 0 else { return nil }
    return CellPixels(width: Int(width), height: Int(height))
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

  private static func openForFrames(_ terminal: Int32) -> Int32 {
    var name = [CChar](repeating: 0, count: 256)
    if ttyname_r(terminal, &name, name.count) == 0 {
      let own = open(name, O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
      if own >= 0 { return own }
    }
    return fcntl(terminal, F_DUPFD_CLOEXEC, 3)
  }
}
