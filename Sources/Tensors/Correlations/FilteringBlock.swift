internal import CKernels

/// A block of tiles on its way through a minimal filtering.
///
/// Inputs lie by point, group, channel and tile, those of few channels by group, channel, point and tile; sums by
/// point, tile and output, those of few outputs by group, point, output and tile. Of few channels only the inputs are
/// stored, of few outputs only the sums. Tiles that fill a part of a vector only leave the rest of it to those of the
/// next channels.
struct FilteringBlock {
  let tiles: Int
  let filtering: MinimalFiltering
  let kernels: Kernels
  let arrangement: FilteringArrangement
  /// Elements of one group of tiles in a channel.
  let lanes: Int
  /// Channels that share a vector.
  let channelsTogether: Int
  /// Elements from one group, point and channel of the inputs to the next.
  let (group, inputPoint, inputChannel): (Int, Int, Int)
  let inputCount: Int
  let sumPitch: Int
  let sumPoint: Int

  init(_ filtering: MinimalFiltering, tiles: Int) {
    self.tiles = tiles
    self.filtering = filtering
    (kernels, arrangement) = (filtering.kernels, filtering.arrangement)
    let (depth, points) = (filtering.bank.depth, filtering.points)
    lanes = Self.lanes(of: tiles, filtering)
    channelsTogether = max(1, kernels.lanes / lanes)
    let groups = (tiles + arrangement.limit - 1) / arrangement.limit
    switch arrangement {
    case .fewInputs:
      (group, inputPoint, inputChannel) = (depth * points * lanes, lanes, points * lanes)
      inputCount = groups * group
      (sumPitch, sumPoint) = (0, 0)
    case .outputs(let breadth, _, _):
      (group, inputPoint, inputChannel) = (depth * lanes, Self.spaced(groups * depth * lanes), lanes)
      inputCount = points * inputPoint
      (sumPitch, sumPoint) = (breadth, Self.spaced(tiles * breadth))
    case .fewOutputs(let rows, _):
      (group, inputPoint, inputChannel, inputCount) = (0, 0, 0, 0)
      (sumPitch, sumPoint) = (lanes, rows * lanes)
    }
  }

  /// As many as there are tiles, rounded up to a power of two, where that is a part of a vector and channels fill it.
  private static func lanes(of tiles: Int, _ filtering: MinimalFiltering) -> Int {
    let (whole, lanes) = (filtering.arrangement.lanes, filtering.kernels.lanes)
    var part = lanes
    while part > 1, tiles <= part / 2 { part /= 2 }
    guard filtering.arrangement.liesByPoint, part < lanes else { return whole }
    return filtering.bank.depth % (lanes / part) == 0 ? part : whole
  }

  /// So many elements and up to a cache line more, an odd number of lines, so that points do not crowd the same sets.
  private static func spaced(_ count: Int) -> Int { 16 * ((count + 15) / 16 | 1) }

  /// Elements that a block needs.
  var count: Int {
    guard case .fewOutputs(_, let lanes) = arrangement else {
      return inputCount + filtering.points * sumPoint
    }
    return (tiles + lanes - 1) / lanes * filtering.points * sumPoint
  }

  func groups(_ count: Int) -> [Range<Int>] {
    switch arrangement {
    case .outputs(_, _, let limit): balanced(count, limit: limit)
    case .fewOutputs(_, let lanes), .fewInputs(_, let lanes):
      stride(from: 0, to: count, by: lanes).map { $0..<min(count, $0 + lanes) }
    }
  }

  /// Bᵀ x B of every channel of these tiles; for few outputs the sums.
  func transformInputs(
    _ padded: UnsafePointer<Float>, _ tiles: Range<Int>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    withCorners(padded, tiles) { g, corners in
      if case .fewOutputs = arrangement {
        sum(corners.baseAddress!, into: scratch + g * filtering.points * sumPoint)
      } else {
        transform(corners, 0..<filtering.planes.channels, into: scratch + g * self.group)
      }
    }
  }

  /// The same for some channels, all that share a vector, where outputs are not few.
  func transformInputs(
    _ padded: UnsafePointer<Float>, _ tiles: Range<Int>, channels: Range<Int>,
    _ scratch: UnsafeMutablePointer<Float>
  ) {
    withCorners(padded, tiles) { g, corners in transform(corners, channels, into: scratch + g * self.group) }
  }

  /// Calls `body` with each group of these tiles, and where they begin in the padded planes.
  private func withCorners(
    _ padded: UnsafePointer<Float>, _ tiles: Range<Int>,
    _ body: (_ group: Int, UnsafeMutableBufferPointer<UnsafePointer<Float>?>) -> Void
  ) {
    let planes = filtering.planes
    withUnsafeTemporaryAllocation(
      of: UnsafePointer<Float>?.self, capacity: max(lanes, kernels.lanes)
    ) { corners in
      for (g, group) in groups(tiles.count).enumerated() {
        for i in corners.indices {
          let tile = min(group.upperBound - 1, group.lowerBound + i % lanes)
          let at = filtering.place(tiles.lowerBound + tile)
          corners[i] =
            padded + at.image * planes.size + i / lanes * planes.step + at.row * planes.pitch + at.column
        }
        body(g, corners)
      }
    }
  }

  /// `corners` come back moved to the first of the channels.
  private func transform(
    _ corners: UnsafeMutableBufferPointer<UnsafePointer<Float>?>, _ channels: Range<Int>,
    into inputs: UnsafeMutablePointer<Float>
  ) {
    let planes = filtering.planes
    var input = filtering_input()
    (input.pitch, input.step) = (planes.pitch, planes.step * channelsTogether)
    (input.point, input.width) = (inputPoint, inputChannel * channelsTogether)
    input.channels = channels.count / channelsTogether
    for lane in corners.indices { corners[lane]! += channels.lowerBound * planes.step }
    for first in stride(from: 0, to: corners.count, by: kernels.lanes) {
      input.tiles = UnsafePointer(corners.baseAddress! + first)
      input.v = inputs + channels.lowerBound * inputChannel + first
      filtering.transform.input(&input)
    }
  }

  private func sum(
    _ corners: UnsafePointer<UnsafePointer<Float>?>, into sums: UnsafeMutablePointer<Float>
  ) {
    let planes = filtering.planes
    var few = filtering_few_outputs()
    few.tiles = corners
    (few.pitch, few.step, few.channels) = (planes.pitch, planes.step, planes.channels)
    (few.outputs, few.sums) = (filtering.bank.rows, sums)
    filtering.filters.withUnsafeBufferPointer {
      few.w = $0.baseAddress
      filtering.transform.fewOutputs(&few)
    }
  }
}

// MARK: - Products

extension FilteringBlock {
  /// Channels that are summed by themselves: in one chain, the products of hundreds would round more than the transforms.
  private static let stepsInOneChain = 64

  /// At every point the sums over channels, for the first `count` tiles, unless they are taken on the way in or out.
  func multiply(_ count: Int, _ scratch: UnsafeMutablePointer<Float>) {
    guard case .outputs = arrangement else { return }
    let groups = groups(count)
    for p in 0..<filtering.points { multiply(point: p, groups, scratch) }
  }

  func multiply(point p: Int, _ groups: [Range<Int>], _ scratch: UnsafeMutablePointer<Float>) {
    let size = filtering.filters.count / filtering.points
    filtering.filters.withUnsafeBufferPointer { filters in
      multiply(
        filters.baseAddress! + p * size, scratch + p * inputPoint, groups,
        into: scratch + inputCount + p * sumPoint)
    }
  }

  private func multiply(
    _ weights: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ groups: [Range<Int>],
    into sums: UnsafeMutablePointer<Float>
  ) {
    let depth = filtering.bank.depth
    withUnsafePointer(to: 0) { origin in
      withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 2) { vectors in
        for panel in filtering.panels {
          for first in stride(from: 0, to: depth, by: Self.stepsInOneChain) {
            vectors[0] = weights + panel.start * depth + first * panel.width
            vectors[1] = vectors[0]! + kernels.lanes
            let taken = Kernels.Wide(
              taps: UnsafeBufferPointer(start: origin, count: 1),
              depth: min(Self.stepsInOneChain, depth - first),
              step: panel.width)
            for (g, group) in groups.enumerated() {
              kernels.product(
                inputs + g * self.group + first * lanes, rows: group.count, step: lanes, taken,
                at: vectors.baseAddress!,
                kernels.form(rows: group.count, vectors: panel.width / kernels.lanes),
                into: sums + group.lowerBound * sumPitch + panel.start, pitch: sumPitch,
                start: first == 0 ? .zero : .sumsInTheEnd, rectifies: false)
            }
          }
        }
      }
    }
  }
}
