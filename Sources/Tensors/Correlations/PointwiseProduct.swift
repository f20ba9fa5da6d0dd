internal import CKernels

/// A correlation with one tap, on the place itself: y[o, p] = start[o] + Σ w[o, c] · x[c, p], a product of matrices.
///
/// So many places as lie next to a core are taken from all channels, gated where the source is, and met with every
/// filter before the next: inputs are read once, and the filters stream by.
struct PointwiseProduct {
  private let bank: FilterBank
  private let kernels: Kernels
  private let places: Int
  /// Tile of outputs by tile.
  private let calls: [[Call]]
  private let filters: FilterArray
  /// Elements of a channel that are met together: whole vectors.
  private let width: Int

  /// Elements of a block of inputs: in a core's first cache, and more where filters are too many for its second.
  private static let blockElements = (few: 6 << 10, many: 32 << 10)
  /// Elements of blocks that are taken together: in a core's second cache.
  private static let groupElements = 48 << 10
  private static let filterElements = 128 << 10

  init(_ bank: FilterBank, _ kernels: Kernels, places: Int) {
    self.bank = bank
    self.kernels = kernels
    self.places = places
    let tiles = kernels.tiles(of: bank.rows)
    filters = bank.byTile(tiles)
    let few = bank.rows * bank.depth <= Self.filterElements
    let elements = few ? Self.blockElements.few : Self.blockElements.many
    let vectors = 2 * max(1, min(4, elements / (2 * bank.depth * kernels.lanes)))
    width = min(vectors, (places + kernels.lanes - 1) / kernels.lanes) * kernels.lanes
    calls = tiles.map { [width] in Self.calls($0, vectors: width / kernels.lanes, kernels) }
  }

  /// What one kernel does of a block: some outputs, at the places of some vectors.
  private struct Call {
    let rows: Range<Int>
    let vector: Int
    let kernel: tile_kernel
  }

  private static func calls(_ rows: Range<Int>, vectors: Int, _ kernels: Kernels) -> [Call] {
    var calls: [Call] = []
    var v = 0
    while v < vectors {
      let form = kernels.form(rows: rows.count, vectors: vectors - v)
      calls.append(Call(rows: rows, vector: v, kernel: form.kernels[rows.count - 1]))
      v += form.vectors
    }
    return calls
  }

  /// Channels of one image, each `step` elements behind the one before.
  ///
  /// Or of several behind one gate, each `period` images behind the one before.
  struct Channels {
    let x: UnsafePointer<Float>
    var gate: UnsafePointer<Float>?
    let step: Int
    var count = 1
    var period = 1

    /// Those of image `i` of them, of images of `size` elements.
    subscript(i: Int, size size: Int) -> Channels {
      Channels(x: x + i * period * size, gate: gate, step: step)
    }
  }

  /// y of one image, outputs×places.
  func apply(
    _ channels: Channels, start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let blocks = (places + width - 1) / width
    let near = Self.groupElements / (bank.depth * width)
    let groups = balanced(blocks, limit: max(1, min(Threads.share(of: blocks), near)))
    // Where places are too few for all threads, some outputs a thread, each with a copy of the inputs.
    let shares = calls.shared(among: Threads.spare / groups.count)
    together(over: groups.count * shares.count, work: places * bank.depth * bank.rows) { i in
      apply(
        channels, blocks: groups[i / shares.count], Array(shares[i % shares.count].joined()), start: start,
        rectifies: rectifies, into: y)
    }
  }

  /// Blocks whose inputs are taken together, so that memory is read in longer pieces.
  private func apply(
    _ channels: Channels, blocks: Range<Int>, _ calls: [Call], start: UnsafePointer<Float>?,
    rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let size = bank.depth * width
    let range = blocks.lowerBound * width..<min(places, blocks.upperBound * width)
    withScratch(blocks.count * size + bank.rows * width) { inputs in
      let part = inputs + blocks.count * size
      if range.count % width > 0 { (part - size).update(repeating: 0, count: size) }
      copy_panels(
        channels.x + range.lowerBound, channels.gate.map { $0 + range.lowerBound }, channels.step, bank.depth,
        range.count, width, inputs)
      for (b, first) in stride(from: range.lowerBound, to: range.upperBound, by: width).enumerated() {
        multiply(
          inputs + b * size, first..<min(first + width, places), calls, part: part, start: start,
          rectifies: rectifies, into: y)
      }
    }
  }

  /// Some outputs at the places of a block; `part` has room for the sums of one that is not whole.
  private func multiply(
    _ block: UnsafePointer<Float>, _ range: Range<Int>, _ calls: [Call], part: UnsafeMutablePointer<Float>,
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    let isWhole = range.count == width
    let (sums, pitch) = isWhole ? (y + range.lowerBound, places) : (part, width)
    filters.withUnsafeBufferPointer { filters in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: width / kernels.lanes) {
        vectors in
        for v in vectors.indices { vectors[v] = block + v * kernels.lanes }
        withUnsafePointer(to: 0) { origin in
          let wide = Kernels.Wide(
            taps: UnsafeBufferPointer(start: origin, count: 1), depth: bank.depth, step: width)
          for call in calls {
            let first = call.rows.lowerBound
            kernels.product(
              filters.baseAddress! + first * bank.depth, rows: call.rows.count, wide,
              at: vectors.baseAddress! + call.vector, call.kernel,
              into: sums + first * pitch + call.vector * kernels.lanes, pitch: pitch,
              start: start.map { .row($0 + first) } ?? .zero, rectifies: rectifies)
          }
        }
      }
    }
    if !isWhole {
      let rows = calls[0].rows.lowerBound..<calls[calls.count - 1].rows.upperBound
      copyLines(
        part + rows.lowerBound * width, sourcePitch: width,
        to: y + range.lowerBound + rows.lowerBound * places, targetPitch: places, lines: rows.count,
        width: range.count)
    }
  }
}
