internal import Experiments
internal import Synchronization
internal import Tensors

/// Images that were read or drawn lately, so that an analysis that follows another does not wait for them again.
final class ImageCache: Sendable {
  fileprivate struct Key: Hashable {
    let set: String
    let range: Range<Int>
  }

  fileprivate struct State {
    var images: [Key: ImageSet] = [:]
    /// The keys, the latest used last.
    var order: [Key] = []
  }

  private let capacity: Int
  private let state = Mutex(State())

  /// `capacity` is the most pixels that are kept: 256 MB as floats, unless said.
  init(capacity: Int = 64 << 20) { self.capacity = capacity }

  /// The images of a range of a set, made by `make` unless they are still here.
  func images(of set: String, _ range: Range<Int>, make: () throws -> ImageSet) throws -> ImageSet {
    let key = Key(set: set, range: range)
    if let known = state.withLock({ $0.touch(key) }) { return known }
    let made = try make()
    state.withLock { $0.keep(made, for: key, capacity: capacity) }
    return made
  }
}

extension ImageCache.State {
  fileprivate mutating func touch(_ key: ImageCache.Key) -> ImageSet? {
    guard let known = images[key] else { return nil }
    order.removeAll { $0 == key }
    order.append(key)
    return known
  }

  fileprivate mutating func keep(_ made: ImageSet, for key: ImageCache.Key, capacity: Int) {
    if images.updateValue(made, forKey: key) == nil { order.append(key) }
    var pixels = images.values.reduce(0) { $0 + $1.images.shape.count }
    while pixels > capacity, order.count > 1 {
      pixels -= images.removeValue(forKey: order.removeFirst())?.images.shape.count ?? 0
    }
  }
}
