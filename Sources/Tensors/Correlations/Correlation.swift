/// A bank of filters that slides over N×C×H×W: y[n, o, p] = Σ w[o, i, u, v] · x[n, i, p·stride + (u, v)·dilation − pad].
///
/// Images are copied into padded planes in which the elements under a tap lie side by side, whatever the stride, and
/// multiplied there by kernels that keep a tile of sums in registers; ``MinimalFiltering`` and ``SparseAdjoint`` take
/// their place where shapes say that they cost less, ``NonzeroProduct`` where the numbers do. Every sum goes over taps,
/// then channels, and of depthwise filters over the columns of taps, in one order whatever the tile, so that a result
/// depends neither on the batch nor on the way it was computed. The adjoint is the same with the filters turned round;
/// behind a stride it is one such correlation for each residue of the input's rows and columns.
public struct Correlation: Sendable {
  /// Kernel, strides, dilations and padding over rows and columns.
  public let window: Window
  /// Groups of filters, each over I/groups channels of its own.
  public let groups: Int
  /// O, I/groups.
  public let outputChannels: Int
  /// I/groups: those that a filter goes over, not all of x.
  public let inputChannels: Int
  /// The filters as O×(I/groups)×kH×kW.
  public let weights: Tensor
  private let kernels: Kernels
  private let ahead: FilterBank
  private let back: [Residue]
  private let sparse: SparseAdjoint?

  /// The part of the adjoint that belongs to rows and columns of one residue modulo the strides.
  private struct Residue: Sendable {
    let down: Int
    let across: Int
    let bank: FilterBank
    let shifts: [Slide.Shift]
  }

  /// Takes weights of O×(I/groups)×kH×kW, and the kernels to use.
  public init(weights: Tensor, window: Window, groups: Int = 1, kernels: Kernels = .best) {
    let s = weights.shape
    precondition(
      s.rank == 4 && [s[2], s[3]] == window.kernel, "filters of \(s) for a window of \(window.kernel)")
    precondition(groups > 0 && s[0] % groups == 0, "\(s[0]) filters in \(groups) groups")
    self.window = window
    self.groups = groups
    self.weights = weights
    self.kernels = kernels
    outputChannels = s[0]
    inputChannels = s[1]
    let taps = window.count
    ahead = FilterBank(
      weights: weights.elements, groups: groups, rows: s[0] / groups, depth: s[1], taps: Array(0..<taps),
      groupStride: s[0] / groups * s[1] * taps, rowStride: s[1] * taps, depthStride: taps)
    back = Self.residues(weights, window, groups)
    sparse = SparseAdjoint(
      outputs: s[0], inputs: s[1], window: window, groups: groups, kernels: kernels)
  }

  private static func residues(_ weights: Tensor, _ window: Window, _ groups: Int) -> [Residue] {
    let (outputs, inputs, taps) = (weights.shape[0] / groups, weights.shape[1], window.count)
    var found: [PaddedPlanes.Phase: [(tap: Int, shift: Slide.Shift)]] = [:]
    for tap in 0..<taps {
      let y = window.offset(0, tap: tap / window.kernel[1])
      let x = window.offset(1, tap: tap % window.kernel[1])
      let (row, column) = (quotient(y, window.strides[0]), quotient(x, window.strides[1]))
      let phase = PaddedPlanes.Phase(
        down: y - row * window.strides[0], across: x - column * window.strides[1])
      found[phase, default: []].append((tap, Slide.Shift(down: -row, across: -column)))
    }
    return found.map { phase, met in
      let bank = FilterBank(
        weights: weights.elements, groups: groups, rows: inputs, depth: outputs, taps: met.map(\.tap),
        groupStride: outputs * inputs * taps, rowStride: taps, depthStride: inputs * taps)
      return Residue(down: phase.down, across: phase.across, bank: bank, shifts: met.map(\.shift))
    }
  }

  private func slide(over s: Shape, pooling: Pooling? = nil) -> Slide {
    let (down, across) = (window.strides[0], window.strides[1])
    let shifts = (0..<window.count).map { tap in
      let y = window.offset(0, tap: tap / window.kernel[1])
      let x = window.offset(1, tap: tap % window.kernel[1])
      let (row, column) = (quotient(y, down), quotient(x, across))
      return Slide.Shift(
        phase: .init(down: y - row * down, across: x - column * across), down: row, across: column)
    }
    return Slide(
      ahead, kernels, shifts: shifts, rows: window.outputExtent(0, input: s[2]),
      columns: window.outputExtent(1, input: s[3]), height: s[2], width: s[3], strides: (down, across),
      pooling: pooling)
  }

  /// y for x of N×I×H×W, plus bias[o] where there is one; negative elements become zero where it `rectifies`.
  public func apply(_ x: Tensor, bias: [Float]? = nil, rectifies: Bool = false) -> Tensor {
    let slide = slide(over: x.shape)
    let shape: Shape = [x.shape[0], outputChannels, slide.rows, slide.columns]
    return Tensor(shape: shape) { out in
      guard let y = out.baseAddress else { return }
      x.elements.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return out.update(repeating: 0) }
        withStart(bias) {
          slide.apply(
            .image(x), count: shape[0], start: $0, rectifies: rectifies,
            into: y)
        }
      }
    }
  }

  /// The largest elements of ``apply(_:bias:rectifies:)`` under the windows of a pooling, with the tap of its window
  /// that each was, where that is wanted.
  public func apply(
    _ x: Tensor, bias: [Float]? = nil, rectifies: Bool, pooling: Pooling, recordsTaps: Bool
  ) -> (maxima: Tensor, taps: [UInt8]) {
    let slide = slide(over: x.shape, pooling: pooling)
    var taps = [UInt8](repeating: 0, count: 0)
    let shape: Shape = [x.shape[0], outputChannels, pooling.outputHeight, pooling.outputWidth]
    if recordsTaps { taps = [UInt8](repeating: 0, count: shape.count) }
    let maxima = Tensor(shape: shape) { out in
      guard let y = out.baseAddress, shape.count > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        taps.withUnsafeMutableBufferPointer { taps in
          withStart(bias) {
            slide.apply(
              .image(x.baseAddress!), count: shape[0], start: $0, rectifies: rectifies, pooling: pooling,
              into: y,
              taps: recordsTaps ? taps.baseAddress : nil)
          }
        }
      }
    }
    return (maxima, taps)
  }

  private func withStart(_ bias: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
    if let bias { bias.withUnsafeBufferPointer { body($0.baseAddress) } } else { body(nil) }
  }
}

/// x/y, rounded down.
private func quotient(_ x: Int, _ y: Int) -> Int { x >= 0 ? x / y : -((y - 1 - x) / y) }

// MARK: - Adjoint

extension Correlation {
  /// What stands between a correlation and the cotangents that come back to it.
  public enum Gate: Sendable {
    /// A rectifier, by its output.
    case rectifier(Tensor)
    /// A maximum over windows, by the taps that it recorded, behind a rectifier where its output is given.
    case maximum(Pooling, taps: [UInt8], rectified: Tensor?)

    /// Images of the batch it belongs to, of whose cotangents several batches may come back, one behind the other.
    func period(_ channels: Int) -> Int {
      switch self {
      case .rectifier(let y): y.count
      case .maximum(let pooling, let taps, _):
        taps.count / (channels * pooling.outputHeight * pooling.outputWidth)
      }
    }
  }

  /// x̄ = Aᵀȳ for x of `shape`, where apply(x) = A·x; behind a gate x̄ = Aᵀ·Gᵀȳ.
  ///
  /// Of a gate's batch ȳ may hold several cotangents, one batch behind the other.
  public func adjoint(_ yBar: Tensor, through gate: Gate? = nil, to shape: Shape) -> Tensor {
    let (height, width) = (
      window.outputExtent(0, input: shape[2]), window.outputExtent(1, input: shape[3])
    )
    return Tensor(shape: shape) { out in
      guard let xBar = out.baseAddress else { return }
      if yBar.elements.isEmpty { return out.update(repeating: 0) }
      withSource(yBar, gate) { source in
        if case .pooled(let yBar, let gate, let taps, let pooling, let period) = source, let sparse,
          isCheaper(sparse, behind: pooling, shape)
        {
          sparse.apply(
            weights.elements, .init(yBar: yBar, gate: gate, taps: taps, pooling: pooling, period: period),
            count: shape[0], height: shape[2], width: shape[3], into: xBar)
        } else if window.strides == [1, 1] {
          residue(back[0], shape, height, width).apply(
            source, count: shape[0], start: nil, rectifies: false, into: xBar)
        } else {
          out.update(repeating: 0)
          for part in back { spread(part, of: source, over: shape, height: height, width: width, into: xBar) }
        }
      }
    }
  }

  /// Whether the sums over what passes a maximum alone cost less than others.
  private func isCheaper(_ sparse: SparseAdjoint, behind pooling: Pooling, _ shape: Shape) -> Bool {
    guard let grid = TapGrid(back[0].shifts) else { return false }
    let others = kernels.cheapest(
      grid, back[0].bank, rows: shape[2], columns: shape[3], pooling: nil)
    return sparse.pays(behind: pooling, insteadOf: others.cost)
  }

  private func withSource(_ yBar: Tensor, _ gate: Gate?, _ body: (PlaneSource) -> Void) {
    yBar.elements.withUnsafeBufferPointer { yBar in
      let yBar = yBar.baseAddress!
      let period = gate?.period(outputChannels) ?? 1
      switch gate {
      case nil: body(.image(yBar))
      case .rectifier(let y)?:
        y.elements.withUnsafeBufferPointer { body(.gated(yBar, by: $0.baseAddress!, period: period)) }
      case .maximum(let pooling, let taps, let y)?:
        taps.withUnsafeBufferPointer { taps in
          (y?.elements ?? []).withUnsafeBufferPointer {
            body(
              .pooled(
                yBar, by: y == nil ? nil : $0.baseAddress, taps: taps.baseAddress!, pooling, period: period))
          }
        }
      }
    }
  }

  private func residue(_ part: Residue, _ shape: Shape, _ height: Int, _ width: Int) -> Slide {
    let rows = (shape[2] - part.down + window.strides[0] - 1) / window.strides[0]
    let columns = (shape[3] - part.across + window.strides[1] - 1) / window.strides[1]
    return Slide(
      part.bank, kernels, shifts: part.shifts, rows: max(0, rows), columns: max(0, columns), height: height,
      width: width)
  }

  private func spread(
    _ part: Residue, of source: PlaneSource, over shape: Shape, height: Int, width: Int,
    into xBar: UnsafeMutablePointer<Float>
  ) {
    let slide = residue(part, shape, height, width)
    guard slide.places > 0 else { return }
    withScratch(shape[0] * shape[1] * slide.places) { scratch in
      slide.apply(source, count: shape[0], start: nil, rectifies: false, into: scratch)
      for p in 0..<shape[0] * shape[1] {
        for i in 0..<slide.rows {
          let line = scratch + p * slide.places + i * slide.columns
          let target = xBar + (p * shape[2] + i * window.strides[0] + part.down) * shape[3] + part.across
          for j in 0..<slide.columns { target[j &* window.strides[1]] = line[j] }
        }
      }
    }
  }
}
