internal import Synchronization

/// What was found before, by what it was found from.
///
/// The same picture is drawn in every frame, and finding its cells or pixels takes milliseconds. Callable from any
/// thread.
final class RecentMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  /// Values used since the last turn, and those used only before it: a value in use is never forgotten.
  private struct Values {
    var recent: [Key: Value] = [:]
    var older: [Key: Value] = [:]

    mutating func find(_ key: Key) -> Value? {
      if let value = recent[key] { return value }
      return older.removeValue(forKey: key)
    }
  }

  private let capacity: Int
  private let known = Mutex(Values())

  /// Keeps at most twice `capacity` values.
  init(capacity: Int) { self.capacity = capacity }

  /// The value of `key`, found now where it is not known.
  func value(of key: Key, _ find: () -> Value) -> Value {
    let value = known.withLock { $0.find(key) } ?? find()
    known.withLock { values in
      if values.recent[key] == nil, values.recent.count >= capacity {
        (values.older, values.recent) = (values.recent, [:])
      }
      values.recent[key] = value
    }
    return value
  }
}
