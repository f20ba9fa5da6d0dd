/// Small pictures of the images of the set, asked for as they come into sight; those far from it are let go.
struct Thumbnails: Sendable {
  /// A thousand pictures of 32×32 are 3 MB.
  private static let capacity = 1000

  private var states: [Int: Availability<Thumbnail>] = [:]

  subscript(image: Int) -> Thumbnail? { states[image]?.value }

  /// Whether all that were asked for have come, or will not.
  var areSettled: Bool { !states.values.contains(where: \.isAsked) }

  /// Whether an image has no picture because it cannot be read.
  func isBroken(_ image: Int) -> Bool { states[image]?.failure != nil }

  /// The range to ask for so that these images get their pictures, with some more behind them; nil where none is missing.
  mutating func ask(for range: Range<Int>, more: Int = 0, of count: Int) -> Range<Int>? {
    let missing = range.filter { states[$0] == nil }
    guard let first = missing.first, let last = missing.last else { return nil }
    let wanted = first..<min(count, last + 1 + more)
    for image in wanted where states[image] == nil { states[image] = .asked }
    return wanted
  }

  /// Takes the answer to what was asked for: an image without a picture cannot be read.
  mutating func take(_ pictures: [Int: Thumbnail], of range: Range<Int>, count: Int) {
    for image in range.clamped(to: 0..<count) {
      states[image] = pictures[image].map { .there($0) } ?? .failed("cannot be read")
    }
  }

  /// Lets pictures go that are far from all that is in sight.
  mutating func forget(farFrom ranges: [Range<Int>]) {
    guard states.count > Self.capacity else { return }
    func distance(_ image: Int) -> Int {
      ranges.map { max($0.lowerBound - image, image - $0.upperBound + 1, 0) }.min() ?? 0
    }
    let kept = Set(
      states.keys.sorted { (distance($0), $0) < (distance($1), $1) }.prefix(Self.capacity * 3 / 5))
    states = states.filter { kept.contains($0.key) || $0.value.isAsked || distance($0.key) == 0 }
  }
}
