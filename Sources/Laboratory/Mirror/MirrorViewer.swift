package import Drawing
internal import Glibc
package import Terminal

/// A terminal that shows the lecture of another one.
package final class MirrorViewer {
  private let socket: Int32
  private var bytes: [UInt8] = []
  /// The last picture, until the terminal has taken it.
  private var waiting: Canvas?

  /// - Throws: ``Refusal`` where nobody gives a lecture on this machine.
  package init() throws {
    let descriptor = MirrorSocket.path.map { path in
      MirrorSocket.open(path) { connect($0, $1, $2) }
    }
    guard let descriptor, descriptor >= 0 else {
      throw Refusal(
        .unavailable,
        "no lecture of yours is running on this machine: start one with boundaryscope --present or boundaryscope tour "
          + "--notes"
      )
    }
    socket = descriptor
  }

  deinit { close(socket) }

  /// Shows what comes until q is pressed or the lecture ends.
  package func run(_ terminal: TerminalSession) {
    say(terminal.display.size)
    while terminal.ending == nil {
      for input in terminal.inputs(waiting: 30) {
        switch input {
        case .resized(let size): say(size)
        case .key(.character("q")), .key(.control("c")), .key(.escape): return
        default: break
        }
      }
      guard take() else { return }
      waiting = latest() ?? waiting
      if let canvas = waiting, terminal.isClear {
        terminal.display.show(canvas)
        waiting = nil
      }
    }
  }

  private func say(_ size: Size) {
    var numbers = [UInt32(size.rows), UInt32(size.columns)]
    _ = send(socket, &numbers, 8, Int32(MSG_NOSIGNAL))
  }

  /// Takes what has come; false once the lecture is over.
  private func take() -> Bool {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = recv(socket, &piece, piece.count, Int32(MSG_DONTWAIT))
      if count == 0 { return false }
      if count < 0 { return errno == EAGAIN || errno == EINTR }
      bytes += piece[..<count]
    }
  }

  /// The last whole picture of those that have come.
  private func latest() -> Canvas? {
    var canvas: Canvas?
    while let length = CanvasBytes.length(bytes[...]), length > 0, bytes.count >= length {
      canvas = CanvasBytes.decode(bytes[..<length]) ?? canvas
      bytes.removeFirst(length)
    }
    return canvas
  }
}
