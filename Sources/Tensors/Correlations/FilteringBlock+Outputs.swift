internal import CKernels

extension FilteringBlock {
  /// Outputs in vectors; all of them as one where they are few.
  var outputVectors: Int {
    arrangement.takesOutputsTogether ? 1 : (filtering.bank.rows + kernels.lanes - 1) / kernels.lanes
  }

  /// Aᵀ s A of these tiles for some vectors of outputs, to where `target` says that the places of an image's outputs
  /// are.
  func transformOutputs(
    _ tiles: Range<Int>, vectors: Range<Int>, _ scratch: UnsafePointer<Float>, _ starts: [Float],
    _ rectifies: Bool, target: (_ image: Int) -> UnsafeMutablePointer<Float>
  ) {
    let sums = scratch + inputCount
    let outputs = vectors.map { $0 * kernels.lanes }
    withOutput(starts, rectifies) { output, starts, targets in
      switch arrangement {
      case .fewInputs: storeFewInputs(tiles, outputs, of: scratch, starts: starts, output, to: target)
      case .outputs:
        for first in outputs {
          store(outputsFrom: first, tiles, sums: sums, starts: starts, &output, targets, to: target)
        }
      case .fewOutputs: storeFewOutputs(tiles, sums: sums, starts: starts, &output, targets, to: target)
      }
    }
  }

  private typealias Targets = UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>?>

  private func withOutput(
    _ starts: [Float], _ rectifies: Bool,
    _ body: (inout filtering_output, _ starts: UnsafePointer<Float>, Targets) -> Void
  ) {
    var output = filtering_output()
    (output.point, output.rectifies, output.pitch) = (sumPoint, rectifies ? 1 : 0, filtering.columns)
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: kernels.lanes) { targets in
      output.targets = UnsafePointer(targets.baseAddress!)
      starts.withUnsafeBufferPointer { body(&output, $0.baseAddress!, targets) }
    }
  }

  private func store(
    outputsFrom first: Int, _ tiles: Range<Int>, sums: UnsafePointer<Float>, starts: UnsafePointer<Float>,
    _ output: inout filtering_output, _ targets: Targets, to target: (Int) -> UnsafeMutablePointer<Float>
  ) {
    output.start = starts + first
    for tile in tiles {
      aim(&output, targets, at: tile, output: first, target)
      output.sums = sums + (tile - tiles.lowerBound) * sumPitch + first
      filtering.transform.output(&output)
    }
  }

  /// The sums of few channels on their way out, two tiles at a time.
  private func storeFewInputs(
    _ tiles: Range<Int>, _ outputs: [Int], of inputs: UnsafePointer<Float>, starts: UnsafePointer<Float>,
    _ output: filtering_output, to target: (Int) -> UnsafeMutablePointer<Float>
  ) {
    var few = filtering_few_inputs()
    few.channels = filtering.bank.depth
    let lanes = kernels.lanes
    withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>?.self, capacity: 2 * lanes) { targets in
      let halves = (Targets(rebasing: targets[..<lanes]), Targets(rebasing: targets[lanes...]))
      (few.outputs.0, few.outputs.1) = (output, output)
      few.outputs.0.targets = UnsafePointer(halves.0.baseAddress!)
      few.outputs.1.targets = UnsafePointer(halves.1.baseAddress!)
      filtering.filters.withUnsafeBufferPointer { filters in
        for first in outputs {
          few.w = filters.baseAddress! + first * filtering.bank.depth * filtering.points
          (few.outputs.0.start, few.outputs.1.start) = (starts + first, starts + first)
          for t in stride(from: 0, to: tiles.count, by: 2) {
            let input = inputs + t / lanes * group + t % lanes
            few.v = (input, input + 1)
            aim(&few.outputs.0, halves.0, at: tiles.lowerBound + t, output: first, target)
            if t + 1 < tiles.count {
              aim(&few.outputs.1, halves.1, at: tiles.lowerBound + t + 1, output: first, target)
            } else {
              few.outputs.1.count = 0
            }
            filtering.transform.fewInputs(&few)
          }
        }
      }
    }
  }

  /// Where the places of one tile go, for as many outputs as there are lanes.
  private func aim(
    _ output: inout filtering_output, _ targets: Targets, at tile: Int, output first: Int,
    _ target: (Int) -> UnsafeMutablePointer<Float>
  ) {
    let (at, m) = (filtering.place(tile), filtering.transform.m)
    let corner = target(at.image) + first * filtering.places + at.row * filtering.columns + at.column
    output.count = min(kernels.lanes, filtering.bank.rows - first)
    output.rows = min(m, filtering.rows - at.row)
    output.columns = min(m, filtering.columns - at.column)
    for lane in 0..<output.count { targets[lane] = corner + lane * filtering.places }
  }

  /// Tiles are whole here.
  private func storeFewOutputs(
    _ tiles: Range<Int>, sums: UnsafePointer<Float>, starts: UnsafePointer<Float>,
    _ output: inout filtering_output, _ targets: Targets, to target: (Int) -> UnsafeMutablePointer<Float>
  ) {
    (output.rows, output.columns) = (filtering.transform.m, filtering.transform.m)
    for (g, group) in groups(tiles.count).enumerated() {
      output.count = group.count
      for o in 0..<filtering.bank.rows {
        for lane in 0..<group.count {
          let at = filtering.place(tiles.lowerBound + group.lowerBound + lane)
          targets[lane] =
            target(at.image) + o * filtering.places + at.row * filtering.columns + at.column
        }
        output.sums = sums + g * filtering.points * sumPoint + o * sumPitch
        output.start = starts + o * kernels.lanes
        filtering.transform.output(&output)
      }
    }
  }
}
