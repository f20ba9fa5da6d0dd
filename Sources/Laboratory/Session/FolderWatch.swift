internal import Dispatch
internal import Foundation
internal import Glibc
internal import Synchronization
internal import Terminal

/// Tells when files of some folders have been written, renamed or removed, by inotify: nothing is done while nothing
/// happens.
///
/// What happens within a third of a second is told at once, as exporters write several files. Where the system has no
/// watches left, nothing is told, and everything else works. A file whose size or time still changes when it is told
/// of is being written again; whoever reads it has to compare both before and after, and asks to be told again.
final class FolderWatch: Sendable {
  private struct State {
    var hasEnded = false
    var folders: [Int32: URL] = [:]
    var pending: [URL: Set<String>] = [:]
    var isDue = false
    var changed: (@Sendable (URL, Set<String>) -> Void)?
  }

  private static let events = UInt32(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "boundaryscope.watch")

  /// Begins to watch; `changed` takes a folder and the names of its files that are there or gone, on a queue of its own.
  func begin(_ folders: [URL], changed: @escaping @Sendable (URL, Set<String>) -> Void) {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
    guard descriptor >= 0 else { return }
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler { [self] in take(descriptor) }
    state.withLock { state in
      state.changed = changed
      for folder in folders {
        let watch = inotify_add_watch(descriptor, folder.path, Self.events)
        if watch >= 0 { state.folders[watch] = folder }
      }
    }
    source.resume()
    // A source that nobody holds is cancelled; this one lives as long as the process.
    _ = Unmanaged.passRetained(source as AnyObject)
  }

  /// Nothing is told any more.
  func end() { state.withLock { $0.hasEnded = true } }

  /// Tells of these files once more in a while, with whatever happens until then.
  func tellAgain(of names: Set<String>, in folder: URL) {
    state.withLock { $0.pending[folder, default: []].formUnion(names) }
    schedule()
  }

  private func take(_ descriptor: Int32) {
    WorkerThread.prepare()
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(descriptor, &bytes, bytes.count)
    let header = MemoryLayout<inotify_event>.size
    var at = 0
    state.withLock { state in
      while at + header <= count {
        let event = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: at, as: inotify_event.self) }
        let name = bytes[at + header..<at + header + Int(event.len)].prefix { $0 != 0 }
        at += header + Int(event.len)
        guard let folder = state.folders[event.wd] else { continue }
        state.pending[folder, default: []].insert(String(decoding: name, as: UTF8.self))
      }
    }
    schedule()
  }

  private func schedule() {
    let isFirst = state.withLock { state in
      defer { state.isDue = state.isDue || !state.pending.isEmpty }
      return !state.isDue && !state.pending.isEmpty && !state.hasEnded
    }
    guard isFirst else { return }
    queue.asyncAfter(deadline: .now() + .milliseconds(300)) { [self] in
      WorkerThread.prepare()
      let (pending, changed) = state.withLock { state in
        defer { (state.pending, state.isDue) = ([:], false) }
        return (state.pending, state.hasEnded ? nil : state.changed)
      }
      for (folder, names) in pending { changed?(folder, names) }
    }
  }
}
