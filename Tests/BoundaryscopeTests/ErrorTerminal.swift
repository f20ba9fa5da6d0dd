import Foundation
import Glibc
import Testing

/// A terminal for the program's standard error, where it draws its progress.
final class ErrorTerminal {
  private let master: Int32
  /// Held open, so that what was written can still be read after the program's end.
  private let slave: Int32
  let path: String
  private(set) var text = ""

  init() throws {
    var (master, slave): (Int32, Int32) = (-1, -1)
    var name = [CChar](repeating: 0, count: 256)
    try #require(openpty(&master, &slave, &name, nil, nil) == 0)
    for end in [master, slave] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.master = master
    self.slave = slave
    path = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    close(slave)
    close(master)
  }

  /// Takes what is written until `wanted` is there.
  func wait(for wanted: String, _ location: SourceLocation = #_sourceLocation) throws {
    while !text.contains(wanted) {
      guard take(waiting: 30_000) else {
        Issue.record("'\(wanted)' did not come after: \(text)", sourceLocation: location)
        throw CancellationError()
      }
    }
  }

  /// Takes what is already written.
  func takeRest() { while take(waiting: 0) {} }

  private func take(waiting milliseconds: Int32) -> Bool {
    var end = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&end, 1, milliseconds) > 0, end.revents & Int16(POLLIN) != 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    text += String(decoding: bytes[..<count], as: UTF8.self)
    return true
  }
}
