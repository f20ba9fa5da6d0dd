internal import Dispatch
internal import Downloads
internal import Explorer
internal import Images
internal import Synchronization
internal import Tensors
internal import Terminal

/// Fetches sets of images while the explorer runs, one at a time, on a thread of its own.
final class Installer: Sendable {
  private let post: @Sendable (Message) -> Void
  private let queue = DispatchQueue(label: "boundaryscope.installing")
  private let running = Mutex<Interruption?>(nil)

  init(post: @escaping @Sendable (Message) -> Void) { self.post = post }

  /// Installs a set; `then` is called once it is there.
  func install(_ name: String, then: @escaping @Sendable () -> Void) {
    let interruption = Interruption()
    running.withLock { $0 = interruption }
    queue.async { [self] in
      WorkerThread.prepare()
      do {
        try fetch(name, interruption)
        post(.installation(set: name, .installed))
        then()
      } catch is Interrupted {
        post(.installation(set: name, .cancelled))
      } catch {
        post(.installation(set: name, .failed("\(error)")))
      }
    }
  }

  func cancel() { running.withLock { $0?.interrupt() } }

  private func fetch(_ name: String, _ interruption: Interruption) throws {
    guard let folder = DataFolder.standard else { throw DownloadError.noDataFolder }
    var last = ContinuousClock.now
    try Installation(of: try publishedSet(named: name), into: folder).run(interruption) {
      phase, done, total in
      // Bytes come thousands of times a second; a screen shows ten.
      guard done == total || ContinuousClock.now - last > .milliseconds(100) else { return }
      last = .now
      let verb = phase.split(separator: " ").first.map(String.init) ?? phase
      post(.installation(set: name, .running(phase: verb, completed: done, total: total)))
    }
  }
}
