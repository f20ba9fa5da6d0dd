internal import CTerminal
internal import Glibc

/// Frames on their way to the terminal: whole, as short as they can be, and never waited for.
///
/// What ncurses writes for a frame is taken in memory, its repeated colours are left out, and the rest is written as
/// the terminal takes it. Until it has taken all, no other frame begins: a slow link gets fewer frames, and keys are
/// answered meanwhile.
final class FrameWriter {
  /// From here on a frame is worth the sequences that let terminals show it at once (private mode 2026).
  private static let synchronizedSize = 4096

  private let descriptor: Int32
  private let output: Int32
  private let capture: Int32
  private let isSynchronized: Bool
  private var pending: [UInt8] = []
  private var sent = 0
  private var frame: LinkReport.Frame?
  /// What the link has carried so far.
  private(set) var report = LinkReport()
  /// The terminal is gone.
  private(set) var isBroken = false

  /// - Parameters:
  ///   - descriptor: the terminal, best without waiting (O_NONBLOCK); closed at the end.
  ///   - output: where ncurses writes.
  ///   - isSynchronized: whether the terminal is like xterm, so that private modes are safe.
  init(_ descriptor: Int32, output: Int32, isSynchronized: Bool) {
    self.descriptor = descriptor
    self.output = output
    self.isSynchronized = isSynchronized
    capture = frame_open_capture()
  }

  deinit {
    if capture >= 0 { close(capture) }
    close(descriptor)
  }

  /// Whether the terminal has taken all of the last frame.
  var isClear: Bool { sent == pending.count }

  /// The descriptor to wait for while something is left to write; −1 while nothing is.
  var waited: Int32 { isClear || isBroken ? -1 : descriptor }

  /// Takes what `draw` lets ncurses write as one frame, with what has to come before it and after it.
  ///
  /// Without memory for it, ncurses writes to the terminal itself.
  func frame(_ terminal: Int32, before: [UInt8] = [], after: [UInt8] = [], _ draw: () -> Void) {
    guard capture >= 0, frame_begin(capture, output) == 0 else {
      write(before)
      draw()
      return write(after)
    }
    draw()
    let count = max(0, frame_end(capture, output, terminal))
    guard count > 0 || !before.isEmpty || !after.isEmpty else { return }
    let raw = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      initialized = max(0, frame_take(capture, buffer.baseAddress, count))
    }
    let compact = [UInt8](unsafeUninitializedCapacity: raw.count + 64) { buffer, initialized in
      initialized = raw.withUnsafeBufferPointer {
        frame_compact($0.baseAddress, $0.count, buffer.baseAddress)
      }
    }
    let bytes = before + compact + after
    frame = LinkReport.Frame(bytes: bytes.count, since: .now)
    let wraps = isSynchronized && bytes.count >= Self.synchronizedSize
    if wraps { pending += Array("\u{1b}[?2026h".utf8) }
    pending += bytes
    if wraps { pending += Array("\u{1b}[?2026l".utf8) }
    advance()
  }

  /// Puts bytes behind what is on its way.
  func write(_ bytes: [UInt8]) {
    pending += bytes
    advance()
  }

  func write(_ text: StaticString) {
    write(Array(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)))
  }

  /// Writes as much as the terminal takes now.
  func advance() {
    while !isClear, !isBroken {
      let n = pending.withUnsafeBytes { bytes in
        frame_write(
          descriptor, bytes.baseAddress?.advanced(by: sent).assumingMemoryBound(to: CChar.self),
          bytes.count - sent)
      }
      if n < 0 { isBroken = true }
      if n <= 0 {
        frame?.wasBlocked = true
        return
      }
      sent += n
    }
    pending.removeAll(keepingCapacity: true)
    sent = 0
    if let frame { report.note(frame) }
    frame = nil
  }

  /// Writes the rest, waiting for at most so long; what the terminal has not taken then is dropped, there too, so that
  /// what follows need not wait for a reader that has stopped.
  func finish(within milliseconds: Int32 = 1000) {
    let deadline = ContinuousClock.now + .milliseconds(Int(milliseconds))
    while !isClear, !isBroken, ContinuousClock.now < deadline {
      if frame_wait(descriptor, 50) != 0 { advance() }
    }
    guard !isClear, !isBroken else { return }
    drop()
    tcflush(descriptor, TCOFLUSH)
    // The end of a sequence that was cut off, and of a string.
    write([0x18, 0x1b, UInt8(ascii: "\\")])
    drop()
  }

  /// Forgets what is left, as after something else wrote to the terminal.
  func drop() {
    pending.removeAll(keepingCapacity: true)
    sent = 0
    frame = nil
  }
}
