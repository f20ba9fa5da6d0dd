internal import Foundation
internal import Synchronization

/// Where a long run keeps its place, so that one that was cancelled goes on from there.
///
/// What is kept has to make the run that goes on give the very outcome of one that was never stopped.
final class Checkpoint: Sendable {
  private let store: ResultStore
  private let key: String
  private let path: String
  /// When the place is to be kept again.
  private let due: Mutex<Double>

  init(store: ResultStore, key: String, path: String) {
    self.store = store
    self.key = key
    self.path = path
    due = Mutex(ProcessInfo.processInfo.systemUptime + store.keepingInterval)
  }

  /// The place that was kept last; nil where there is none or it is damaged.
  func place<Place: StoredOutcome>(_ type: Place.Type) -> Place? {
    StoreEntry.read(type, key: key, from: path)
  }

  /// Keeps the place, if the last time is some while ago or the run is about to stop.
  ///
  /// Large places are kept less often, so that at most a twentieth of the time goes into it.
  func keep(stopping: Bool, _ place: () -> some StoredOutcome) {
    due.withLock { due in
      let begin = ProcessInfo.processInfo.systemUptime
      guard stopping || begin >= due else { return }
      store.write(place(), key: key, to: path)
      let end = ProcessInfo.processInfo.systemUptime
      due = end + max(store.keepingInterval, 20 * (end - begin))
    }
  }

  /// Forgets the place: the run is over.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}
