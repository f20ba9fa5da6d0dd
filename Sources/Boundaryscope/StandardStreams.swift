internal import Drawing
internal import Foundation
internal import Glibc
internal import Laboratory
internal import Terminal

// The ways out of the program. Names and paths come from files of strangers: nothing of them reaches a terminal raw.

/// Lines on standard output, in which only the ends of lines control anything.
func print(_ text: String = "") {
  printDrawn(
    text.split(separator: "\n", omittingEmptySubsequences: false).map(Text.visible).joined(separator: "\n"))
}

/// Text with the colours of a terminal in it, made of a canvas, which holds no control characters of others.
func printDrawn(_ text: String) { Swift.print(text) }

/// Bytes on standard output as they are, for what is no text.
///
/// - Throws: a ``Refusal`` where they cannot be written.
func printBytes(_ bytes: [UInt8]) throws {
  var bytes = bytes[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    if count < 0, errno == EPIPE { StandardOutput.endByBrokenPipe() }
    guard count > 0 else {
      throw Refusal(.cannotWrite, "cannot write to standard output: \(String(cString: strerror(errno)))")
    }
    bytes = bytes.dropFirst(count)
  }
}

/// Bytes on standard error, whatever becomes of them: a full disk or a closed stream changes nothing.
func writeError(_ text: String) {
  var bytes = Array(text.utf8)[...]
  while !bytes.isEmpty {
    let count = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { return }
    bytes = bytes.dropFirst(count)
  }
}

/// Keeps files that are opened later from taking the place of standard streams that are closed.
///
/// Reading from such a stream ends at once; writing to standard output fails, as it does where it is closed.
func reserveStandardStreams() {
  for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
    _ = open("/dev/null", stream == STDERR_FILENO ? O_WRONLY : O_RDONLY)
  }
}

/// One clean line of at most 300 characters: long words lose their middle, addresses their passwords.
func sentence(_ text: String) -> String {
  let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
  let words = line.split(separator: " ", omittingEmptySubsequences: false).map {
    shortened(Text.visible(withoutPassword(String($0))))
  }
  let whole = words.joined(separator: " ")
  return whole.count <= longestSentence ? whole : "\(whole.prefix(longestSentence - 1))…"
}

private let longestSentence = 300

/// A word, a path or a quoted name, without its middle where it is long.
private func shortened(_ word: String) -> String {
  word.count <= 90 ? word : "\(word.prefix(40))…\(word.suffix(48))"
}

/// `scheme://user:secret@host` without what stands before the host.
private func withoutPassword(_ word: String) -> String {
  guard let scheme = word.range(of: "://") else { return word }
  let address = word[scheme.upperBound...].prefix { $0 != "/" }
  guard let at = address.lastIndex(of: "@") else { return word }
  return "\(word[..<scheme.upperBound])…\(word[at...])"
}
