internal import Drawing
internal import Foundation
internal import Glibc
internal import Synchronization

/// Shows a lecture in other terminals of this machine: whoever connects says a size and gets pictures of that size.
///
/// A viewer that does not read misses pictures and delays nobody.
final class MirrorServer: Sendable {
  private struct Viewer {
    let descriptor: Int32
    var size: Size?
    var asked: [UInt8] = []
    /// What is left of the picture on its way.
    var pending: ArraySlice<UInt8> = []
    /// The picture after that.
    var next: [UInt8]?
    /// The last picture that was sent or is to be: equal ones are not sent again.
    var last: [UInt8] = []
  }

  private let listener: Int32
  private let path: String
  private let viewers = Mutex<[Int32: Viewer]>([:])
  private let isOver = Atomic(false)
  /// Called on the server's thread once a viewer has said its size.
  private let arrived: @Sendable () -> Void

  /// Nil where there is no place for the socket, or another lecture has it.
  init?(arrived: @escaping @Sendable () -> Void) {
    guard let path = MirrorSocket.path else { return nil }
    self.path = path
    self.arrived = arrived
    let other = MirrorSocket.open(path) { connect($0, $1, $2) }
    if other >= 0 {
      // Another lecture of this user goes on.
      close(other)
      return nil
    }
    unlink(path)
    listener = MirrorSocket.open(path) { descriptor, address, length in
      let bound = bind(descriptor, address, length)
      return bound == 0 ? listen(descriptor, 8) : bound
    }
    guard listener >= 0 else { return nil }
    Thread { [self] in serve() }.start()
  }

  /// The sizes that are looked at.
  var sizes: Set<Size> { viewers.withLock { Set($0.values.compactMap(\.size)) } }

  /// Shows a picture to those who look at its size.
  func show(_ canvas: Canvas) {
    let bytes = CanvasBytes.encode(canvas)
    viewers.withLock { viewers in
      for key in viewers.keys where viewers[key]?.size == canvas.size && viewers[key]?.last != bytes {
        viewers[key]?.next = bytes
        viewers[key]?.last = bytes
      }
    }
  }

  func end() {
    guard !isOver.exchange(true, ordering: .relaxed) else { return }
    unlink(path)
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func serve() {
    while !isOver.load(ordering: .relaxed) {
      var polled = viewers.withLock { viewers in
        viewers.values.map { viewer in
          let writes = !viewer.pending.isEmpty || viewer.next != nil
          return pollfd(
            fd: viewer.descriptor, events: Int16(POLLIN) | (writes ? Int16(POLLOUT) : 0), revents: 0)
        }
      }
      polled.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
      // Pictures come without waking it: a twentieth of a second is soon enough for an audience.
      guard poll(&polled, nfds_t(polled.count), 50) >= 0 || errno == EINTR else { break }
      for entry in polled where entry.revents != 0 {
        if entry.fd == listener { accept() } else { advance(entry) }
      }
    }
    viewers.withLock { viewers in
      for viewer in viewers.values { close(viewer.descriptor) }
      viewers = [:]
    }
    close(listener)
  }

  private func accept() {
    let descriptor = Glibc.accept(listener, nil, nil)
    guard descriptor >= 0 else {
      // No descriptor is left: it stays readable until one is.
      usleep(50_000)
      return
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    viewers.withLock { $0[descriptor] = Viewer(descriptor: descriptor) }
  }

  private func advance(_ entry: pollfd) {
    let hasArrived = viewers.withLock { viewers -> Bool in
      guard var viewer = viewers[entry.fd] else { return false }
      let before = viewer.size
      if Self.take(&viewer), Self.give(&viewer) {
        viewers[entry.fd] = viewer
        return viewer.size != before
      }
      close(entry.fd)
      viewers[entry.fd] = nil
      return false
    }
    if hasArrived { arrived() }
  }

  /// Takes the sizes that a viewer says, eight bytes each; false where it has gone.
  private static func take(_ viewer: inout Viewer) -> Bool {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = recv(viewer.descriptor, &bytes, bytes.count, 0)
    if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return false }
    viewer.asked += bytes[..<max(0, count)]
    while viewer.asked.count >= 8 {
      let (rows, columns) = viewer.asked.withUnsafeBytes {
        ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      }
      viewer.asked.removeFirst(8)
      viewer.size = Size(rows: Int(min(rows, 500)), columns: Int(min(columns, 1000)))
      viewer.last = []
    }
    return true
  }

  /// Writes as much as the viewer takes now; false where it has gone.
  private static func give(_ viewer: inout Viewer) -> Bool {
    if viewer.pending.isEmpty, let next = viewer.next { (viewer.pending, viewer.next) = (next[...], nil) }
    while !viewer.pending.isEmpty {
      let sent = viewer.pending.withUnsafeBytes {
        send(viewer.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 { return errno == EAGAIN || errno == EINTR }
      viewer.pending = viewer.pending.dropFirst(sent)
    }
    return true
  }
}
