internal import CKernels

/// A block of tiles on its way through a minimal filtering.
///
/// Inputs lie by point, group, channel and tile, those of few channels by group, channel, point and tile; sums by
/// point, tile and output, or by point, output and tile.
struct FilteringBlock {
  let tiles: Int
  let filtering: MinimalFiltering
  let kernels: Kernels
  let arrangement: FilteringArrangement
  /// Elements from one group, point and channel of the inputs to the next.
  let (group, inputPoint, inputChannel): (Int, Int, Int)
  let inputCount: Int
  let sumPitch: Int
  let sumPoint: Int

  init(_ filtering: MinimalFiltering, tiles: Int) {
    self.tiles = tiles
    self.filtering = filtering
    (kernels, arrangement) = (filtering.kernels, filtering.arrangement)
    let (depth, points, lanes) = (filtering.bank.depth, filtering.points, arrangement.lanes)
    let groups = (tiles + arrangement.limit - 1) / arrangement.limit
    switch arrangement {
    case .few:
      (group, inputPoint, inputChannel) = (depth * points * lanes, lanes, points * lanes)
      inputCount = groups * group
      (sumPitch, sumPoint) = (0, 0)
    case .outputs(let breadth, _, _):
      (group, inputPoint, inputChannel) = (depth * lanes, Self.spaced(groups * depth * lanes), lanes)
      inputCount = points * inputPoint
      (sumPitch, sumPoint) = (breadth, Self.spaced(tiles * breadth))
    case .tiles(let rows, _):
      (group, inputPoint, inputChannel) = (depth * lanes, Self.spaced(groups * depth * lanes), lanes)
      inputCount = points * inputPoint
      (sumPitch, sumPoint) = (groups * lanes, Self.spaced(rows * groups * lanes))
    }
  }

  /// So many elements and up to a cache line more, an odd number of lines, so that points do not crowd the same sets.
  private static func spaced(_ count: Int) -> Int { 16 * ((count + 15) / 16 | 1) }

  /// Elements that a block needs.
  var count: Int { inputCount + filtering.points * sumPoint }

  func groups(_ count: Int) -> [Range<Int>] {
    switch arrangement {
    case .outputs(_, _, let limit): balanced(count, limit: limit)
    case .tiles(_, let lanes), .few(_, let lanes):
      stride(from: 0, to: count, by: lanes).map { $0..<min(count, $0 + lanes) }
    }
  }

  /// Bᵀ x B of every channel of these tiles.
  func transformInputs(
    _ padded: UnsafePointer<Float>, _ tiles: Range<Int>, _ inputs: UnsafeMutablePointer<Float>
  ) {
    let (planes, lanes) = (filtering.planes, arrangement.lanes)
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: lanes) { corners in
      for (g, group) in groups(tiles.count).enumerated() {
        for lane in 0..<lanes {
          let at = filtering.place(tiles.lowerBound + min(group.upperBound - 1, group.lowerBound + lane))
          corners[lane] = padded + at.image * planes.size + at.row * planes.pitch + at.column
        }
        for first in stride(from: 0, to: lanes, by: kernels.lanes) {
          var input = filtering_input()
          input.tiles = UnsafePointer(corners.baseAddress! + first)
          (input.pitch, input.step, input.channels) = (planes.pitch, planes.step, planes.channels)
          input.v = inputs + g * self.group + first
          (input.point, input.width) = (inputPoint, inputChannel)
          filtering.transform.input(&input)
        }
      }
    }
  }
}

// MARK: - Products

extension FilteringBlock {
  /// At every point the sums over channels, for the first `count` tiles; those of few channels are taken on the way out.
  func multiply(_ count: Int, _ scratch: UnsafeMutablePointer<Float>) {
    if case .few = arrangement { return }
    let groups = groups(count)
    let size = filtering.filters.count / filtering.points
    withUnsafeTemporaryAllocation(of: UnsafePointer<Float>?.self, capacity: 8) { vectors in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 1) { taps in
        taps[0] = 0
        let wide = Wide(taps: UnsafeBufferPointer(taps), vectors: vectors.baseAddress!)
        filtering.filters.withUnsafeBufferPointer { filters in
          for p in 0..<filtering.points {
            let weights = filters.baseAddress! + p * size
            let inputs = scratch + p * inputPoint
            let sums = scratch + inputCount + p * sumPoint
            switch arrangement {
            case .outputs: multiplyByOutputs(weights, inputs, groups, wide, into: sums)
            case .tiles: multiplyByTiles(weights, inputs, groups.count, wide, into: sums)
            case .few: break
            }
          }
        }
      }
    }
  }

  /// Room in which the kernels learn where the wide factor lies.
  private struct Wide {
    let taps: UnsafeBufferPointer<Int>
    let vectors: UnsafeMutablePointer<UnsafePointer<Float>?>
  }

  private func multiplyByOutputs(
    _ weights: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ groups: [Range<Int>], _ wide: Wide,
    into sums: UnsafeMutablePointer<Float>
  ) {
    let depth = filtering.bank.depth
    for panel in filtering.panels {
      wide.vectors[0] = weights + panel.start * depth
      wide.vectors[1] = weights + panel.start * depth + kernels.lanes
      for (g, group) in groups.enumerated() {
        kernels.product(
          inputs + g * self.group, rows: group.count, step: arrangement.lanes,
          .init(taps: wide.taps, depth: depth, step: panel.width), at: wide.vectors,
          kernels.form(rows: group.count, vectors: panel.width / kernels.lanes),
          into: sums + group.lowerBound * sumPitch + panel.start, pitch: sumPitch, start: .zero,
          rectifies: false)
      }
    }
  }

  private func multiplyByTiles(
    _ weights: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, _ groups: Int, _ wide: Wide,
    into sums: UnsafeMutablePointer<Float>
  ) {
    var g = 0
    while g < groups {
      let form = kernels.form(rows: arrangement.breadth, vectors: groups - g)
      for j in 0..<form.vectors { wide.vectors[j] = inputs + (g + j) * group }
      kernels.product(
        weights, rows: arrangement.breadth,
        .init(taps: wide.taps, depth: filtering.bank.depth, step: arrangement.lanes), at: wide.vectors, form,
        into: sums + g * arrangement.lanes, pitch: sumPitch, start: .zero, rectifies: false)
      g += form.vectors
    }
  }
}
