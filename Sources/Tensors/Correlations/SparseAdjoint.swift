internal import CKernels

/// The adjoint of a stride-1 correlation behind a maximum over windows, from the few elements that pass it.
///
/// x̄[i, y, x] = Σ over the passed (o, p, q) of w[o, i, y + top − p, x + left − q] · ȳ[o, p, q].
///
/// A window passes one element, and a rectifier between not even that: of 2×2 windows some 15 % of the correlation's
/// outputs are left. They are listed by their place, once for all cotangents of an image, and every place of x̄ takes the
/// sum over the places under its taps, with the filters in the vectors: either all inputs, or, where these are few, a
/// row of taps with their inputs, whose sums then overlap from column to column. A sum's order is that of the list, so
/// that a cotangent's result depends on no other.
final class SparseAdjoint: Sendable {
  /// What lies in the vectors.
  enum Lanes { case inputs, rows }

  let window: Window
  let outputs: Int
  let inputs: Int
  let kernels: Kernels
  let lanes: Lanes
  /// Elements of the wide factor at a step: whole vectors.
  let width: Int
  private let filters = FilterArrayOnce()

  /// Elements of filters that lie in a core's second cache: they are met in no order.
  private static let filterElements = 160 << 10

  /// Nil where strides, dilations or groups forbid it, or the filters are too many.
  init?(outputs: Int, inputs: Int, window: Window, groups: Int, kernels: Kernels) {
    guard window.strides == [1, 1], window.dilations == [1, 1], groups == 1,
      outputs * inputs * window.count <= Self.filterElements
    else { return nil }
    func whole(_ count: Int) -> Int { (count + kernels.lanes - 1) / kernels.lanes * kernels.lanes }
    let row = whole(window.kernel[1] * inputs)
    lanes = row < window.kernel[1] * whole(inputs) ? .rows : .inputs
    width = lanes == .rows ? row : whole(inputs)
    self.window = window
    self.outputs = outputs
    self.inputs = inputs
    self.kernels = kernels
  }

  /// Products for each element that passes.
  var costOfElement: Int { width * window.kernel[0] * (lanes == .rows ? 1 : window.kernel[1]) }

  /// Whether that is less than `cost`, the products of all elements, if six windows of ten pass one.
  ///
  /// It depends on no number, so that no result depends on what is computed beside it.
  func pays(behind pooling: Pooling, insteadOf cost: Int) -> Bool {
    let passed = 6 * outputs * pooling.outputHeight * pooling.outputWidth / 10
    return pooling.window.count < 255 && 5 * passed * costOfElement < 4 * cost
  }

  /// How far the steps of what passes lie apart.
  private var sizes: step_sizes {
    switch lanes {
    case .inputs:
      step_sizes(
        channel: Int32(window.count * width), row: Int32(-window.kernel[1] * width), column: Int32(-width))
    case .rows: step_sizes(channel: Int32(window.kernel[0] * width), row: Int32(-width), column: 0)
    }
  }

  /// The filters by output, row of taps, tap and input, filled up to whole vectors.
  private func packed(_ weights: [Float]) -> FilterArray {
    filters.array {
      let (taps, across) = (window.count, window.kernel[1])
      let pitch = lanes == .rows ? width : across * width
      let step = lanes == .rows ? inputs : width
      var packed = [Float](repeating: 0, count: outputs * window.kernel[0] * pitch)
      for o in 0..<outputs {
        for i in 0..<inputs {
          for tap in 0..<taps {
            let line = (o * window.kernel[0] + tap / across) * pitch
            packed[line + tap % across * step + i] = weights[(o * inputs + i) * taps + tap]
          }
        }
      }
      return packed
    }
  }
}

// MARK: - An image

extension SparseAdjoint {
  /// The pooled planes of a batch, of which several batches of cotangents may come back.
  struct Source {
    let yBar: UnsafePointer<Float>
    let gate: UnsafePointer<Float>?
    let taps: UnsafePointer<UInt8>
    let pooling: Pooling
    /// Images of the batch.
    let period: Int

    var places: Int { pooling.outputHeight * pooling.outputWidth }
  }

  /// x̄ of `height`×`width` planes for `count` cotangents, from filters of O×I×kH×kW.
  func apply(
    _ weights: [Float], _ source: Source, count: Int, height: Int, width: Int,
    into xBar: UnsafeMutablePointer<Float>
  ) {
    let packed = packed(weights)
    withRoom(for: source) { passed, marks in
      for n in 0..<source.period {
        let found = list(source, image: n, into: passed, marks)
        let sums = Sums(
          self, packed, source.pooling, passed: passed, found: found, cotangents: count / source.period,
          height: height, width: width)
        sums.take(source, image: n, into: xBar + n * inputs * height * width)
      }
    }
  }

  private func list(
    _ source: Source, image n: Int, into passed: passed, _ marks: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var shape = source.pooling.shape
    let first = n * outputs * source.places
    return list_passed(
      &shape, source.gate.map { $0 + first }, source.taps + first, outputs, sizes,
      kernels.listChannels, passed, marks)
  }

  private func withRoom(
    for source: Source, _ body: (_ passed: passed, _ marks: UnsafeMutablePointer<UInt8>) -> Void
  ) {
    let (elements, pooling) = (outputs * source.places, source.pooling)
    let room = elements + passed_slack
    withUnsafeTemporaryAllocation(of: Int.self, capacity: pooling.height * pooling.width + 1) { starts in
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * room) { numbers in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * elements) { marks in
          let first = numbers.baseAddress!
          body(passed(starts: starts.baseAddress!, elements: first, steps: first + room), marks.baseAddress!)
        }
      }
    }
  }
}
