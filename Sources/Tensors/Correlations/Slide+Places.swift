// MARK: - One tap, on the place itself

extension Slide {
  /// Image by image, two that are alike, or all that are behind one gate: over what is not zero where that leaves enough
  /// out.
  ///
  /// `target` says where an image's sums go, for neighbours at once, and `finish` learns when they are there.
  func slideByPlace(
    _ source: PlaneSource, count: Int, start: UnsafePointer<Float>?, rectifies: Bool,
    target: (_ image: Int) -> UnsafeMutablePointer<Float>, finish: (_ image: Int) -> Void
  ) {
    let size = bank.depth * places
    let products = PointwiseProducts(
      bank, kernels, places: places, start: start, rectifies: rectifies)
    switch source {
    case .image(let x):
      products.takeInTurn(count, target, finish) { .init(x: x + $0 * size, step: places) }
    case .gated(let x, let gate, let period) where period == count:
      products.takeInTurn(count, target, finish) {
        .init(x: x + $0 * size, gate: gate + $0 * size, step: places)
      }
    case .gated(let x, let gate, let period):
      for n in 0..<period {
        let own = PointwiseProduct.Channels(
          x: x + n * size, gate: gate + n * size, step: places, count: count / period, period: period)
        products.take(own, first: n, target, finish)
      }
    case .pooled:
      withScratch(planes.size) { padded in
        for n in 0..<count {
          planes.fill(padded, from: source, entries: n..<n + 1, new: n == 0)
          products.take(.init(x: padded, step: planes.step), first: n, target, finish)
        }
      }
    }
  }
}

/// The two ways to the same sums, of which the numbers choose.
///
/// Each has a copy of the filters as it reads them, made when it is first taken.
private final class PointwiseProducts {
  private lazy var dense = PointwiseProduct(bank, kernels, places: places)
  private let nonzero: NonzeroProduct?
  private let bank: FilterBank
  private let kernels: Kernels
  private let places: Int
  private let start: UnsafePointer<Float>?
  private let rectifies: Bool

  init(
    _ bank: FilterBank, _ kernels: Kernels, places: Int, start: UnsafePointer<Float>?, rectifies: Bool
  ) {
    nonzero = NonzeroProduct(bank, kernels, places: places)
    (self.bank, self.kernels, self.places) = (bank, kernels, places)
    (self.start, self.rectifies) = (start, rectifies)
  }

  typealias Target = (_ image: Int) -> UnsafeMutablePointer<Float>

  /// Images one after the other, or two at once that are mostly zero in the same places, as where one is the other moved
  /// a little.
  func takeInTurn(
    _ count: Int, _ target: Target, _ finish: (Int) -> Void,
    of channels: (Int) -> PointwiseProduct.Channels
  ) {
    var n = 0
    while n < count {
      let own = channels(n)
      let share = nonzero?.share(of: own) ?? 1
      if n + 1 < count, takeTwins(own, channels(n + 1), share: share, into: target(n), target(n + 1)) {
        finish(n)
        finish(n + 1)
        n += 2
      } else {
        take(own, share: share, first: n, target, finish)
        n += 1
      }
    }
  }

  /// Whether two images have fewer channels to list together than each of them has for two neighbours; then their sums.
  private func takeTwins(
    _ own: PointwiseProduct.Channels, _ twin: PointwiseProduct.Channels, share: Double,
    into y: UnsafeMutablePointer<Float>, _ other: UnsafeMutablePointer<Float>
  ) -> Bool {
    guard let nonzero, nonzero.pays(listed: share) else { return false }
    let listed = nonzero.share(of: own, twin: twin)
    guard listed < NonzeroProduct.neighbours(share), nonzero.pays(listed: listed) else { return false }
    nonzero.apply(own, twin: twin, start: start, rectifies: rectifies, into: y, pitch: other - y)
    return true
  }

  /// All that are behind one gate, `period` apart; of which a share was found not to be zero.
  func take(
    _ channels: PointwiseProduct.Channels, share found: Double? = nil, first: Int, _ target: Target,
    _ finish: (Int) -> Void
  ) {
    let share = found ?? nonzero?.share(of: channels) ?? 1
    let listed = channels.count == 1 ? NonzeroProduct.neighbours(share) : share
    if let nonzero, nonzero.pays(listed: listed) {
      nonzero.apply(channels, start: start, rectifies: rectifies, into: target(first))
    } else {
      for i in 0..<channels.count {
        let y = target(first + i * channels.period)
        dense.apply(channels[i, size: bank.depth * places], start: start, rectifies: rectifies, into: y)
      }
    }
    for i in 0..<channels.count { finish(first + i * channels.period) }
  }
}
