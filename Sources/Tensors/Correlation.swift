/// A bank of filters that slides over N×C×H×W: y[n, o, p] = Σ w[o, i, u, v] · x[n, i, p·stride + (u, v)·dilation − pad].
///
/// Patches of an image are gathered into a matrix and multiplied by the filters. Three things keep that matrix within
/// the processor's cache and the product large: a window of stride 1 gathers its horizontal taps only and reads the
/// vertical ones as shifts of the same matrix; small images go through one product together; a 1×1 window reads the
/// image itself. The adjoint of a window of stride 1 is the correlation with the filters turned round.
public struct Correlation: Sendable {
  public let window: Window
  public let groups: Int
  /// O, I/groups.
  public let outputChannels: Int
  public let inputChannels: Int
  /// O×kH×(I/groups)×kW.
  let filters: [Float]
  /// I×kH×O×kW, each filter turned by half a turn; empty where the adjoint scatters instead.
  let turned: [Float]

  /// Takes weights of O×(I/groups)×kH×kW.
  public init(weights: Tensor, window: Window, groups: Int = 1) {
    let s = weights.shape
    precondition(
      s.rank == 4 && [s[2], s[3]] == window.kernel, "filters of \(s) for a window of \(window.kernel)")
    precondition(groups > 0 && s[0] % groups == 0, "\(s[0]) filters in \(groups) groups")
    self.window = window
    self.groups = groups
    outputChannels = s[0]
    inputChannels = s[1]
    filters = rearranged(weights.elements, s, order: [0, 2, 1, 3])
    let turns = groups == 1 && window.strides == [1, 1] && s[1] >= 16 && window.count > 1
    turned = turns ? rearranged(weights.elements, s, order: [1, 2, 0, 3], turned: true) : []
  }

  /// The filters as O×(I/groups)×kH×kW.
  public var weights: Tensor {
    let (kH, kW) = (window.kernel[0], window.kernel[1])
    let stored: Shape = [outputChannels, kH, inputChannels, kW]
    return Tensor(
      shape: [outputChannels, inputChannels, kH, kW],
      elements: rearranged(filters, stored, order: [0, 2, 1, 3]))
  }

  /// y for x of N×I×H×W, plus bias[o] where there is one.
  public func apply(_ x: Tensor, bias: [Float]? = nil) -> Tensor {
    let s = x.shape
    let patches = Patches(channels: inputChannels, height: s[2], width: s[3], window: window)
    return Tensor(shape: [s[0], outputChannels, patches.outputHeight, patches.outputWidth]) { out in
      guard let y = out.baseAddress else { return }
      x.elements.withUnsafeBufferPointer { x in
        guard let x = x.baseAddress else { return out.update(repeating: 0) }
        correlate(x, count: s[0], patches, into: y)
      }
      if let bias { addBias(bias, to: y, count: s[0], size: patches.columns) }
    }
  }

  /// x̄ = Aᵀȳ for x of `shape`, where apply(x) = A·x.
  public func adjoint(_ yBar: Tensor, to shape: Shape) -> Tensor {
    if !turned.isEmpty, let back = backwardWindow {
      let patches = Patches(
        channels: outputChannels, height: yBar.shape[2], width: yBar.shape[3], window: back)
      if patches.outputHeight == shape[2], patches.outputWidth == shape[3] {
        return Tensor(shape: shape) { out in
          guard let xBar = out.baseAddress else { return }
          product(of: turned, rows: inputChannels, patches, yBar.elements, count: shape[0], into: xBar)
        }
      }
    }
    return Tensor(shape: shape) { out in
      out.update(repeating: 0)
      guard let xBar = out.baseAddress else { return }
      scatter(
        yBar, Patches(channels: inputChannels, height: shape[2], width: shape[3], window: window),
        addingTo: xBar)
    }
  }

  /// The window that takes ȳ back to x, for filters turned round.
  private var backwardWindow: Window? {
    let before = (0..<2).map { window.reach($0) - 1 - window.before[$0] }
    let after = (0..<2).map { window.reach($0) - 1 - window.after[$0] }
    guard (before + after).allSatisfy({ $0 >= 0 }) else { return nil }
    return Window(kernel: window.kernel, dilations: window.dilations, before: before, after: after)
  }

  private func addBias(_ bias: [Float], to y: UnsafeMutablePointer<Float>, count: Int, size: Int) {
    for n in 0..<count {
      for o in 0..<outputChannels {
        let plane = y + (n * outputChannels + o) * size
        let b = bias[o]
        for i in 0..<size { plane[i] += b }
      }
    }
  }
}

// MARK: - Products

extension Correlation {
  private func correlate(
    _ x: UnsafePointer<Float>, count: Int, _ patches: Patches, into y: UnsafeMutablePointer<Float>
  ) {
    if groups == 1 { return product(of: filters, rows: outputChannels, patches, x, count: count, into: y) }
    let perGroup = outputChannels / groups
    let plane = patches.height * patches.width
    for n in 0..<count {
      for g in 0..<groups {
        let image = x + (n * groups + g) * inputChannels * plane
        let out = y + (n * groups + g) * perGroup * patches.columns
        if inputChannels == 1 {
          slide(image, patches, firstFilter: g * perGroup, count: perGroup, into: out)
        } else {
          filters.withUnsafeBufferPointer {
            let bank = $0.baseAddress! + g * perGroup * patches.rows
            product(of: bank, rows: perGroup, patches, image, count: 1, into: out)
          }
        }
      }
    }
  }

  /// filters·patches for every image, in the way that suits their size.
  private func product(
    of filters: UnsafePointer<Float>, rows: Int, _ patches: Patches, _ x: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    let size = patches.columns
    guard size > 0, rows > 0 else { return }
    let together = min(count, max(1, 256 / size))
    if together > 1 { return productTogether(of: filters, rows, patches, x, count, together, into: y) }
    let shift = ShiftedPatches(patches)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, shift.scratch)) { scratch in
      for n in 0..<count {
        let image = x + n * patches.channels * patches.height * patches.width
        shift.multiply(filters, rows: rows, image, scratch.baseAddress!, into: y + n * rows * size)
      }
    }
  }

  /// The same with the patches of several small images side by side.
  private func productTogether(
    of filters: UnsafePointer<Float>, _ rows: Int, _ patches: Patches, _ x: UnsafePointer<Float>,
    _ count: Int,
    _ together: Int, into y: UnsafeMutablePointer<Float>
  ) {
    let size = patches.columns
    let pitch = together * size
    let plane = patches.channels * patches.height * patches.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (patches.rows + rows) * pitch) { scratch in
      let (matrix, product) = (scratch.baseAddress!, scratch.baseAddress! + patches.rows * pitch)
      for first in stride(from: 0, to: count, by: together) {
        let m = min(together, count - first)
        for j in 0..<m { patches.gather(x + (first + j) * plane, into: matrix + j * size, pitch: pitch) }
        multiply(
          filters, matrix, bPitch: pitch, into: product, cPitch: pitch, rows: rows, columns: m * size,
          inner: patches.rows)
        for j in 0..<m {
          for o in 0..<rows {
            (y + ((first + j) * rows + o) * size).update(from: product + o * pitch + j * size, count: size)
          }
        }
      }
    }
  }

  /// x̄ += scatter(filtersᵀ·ȳ), image by image and group by group.
  private func scatter(_ yBar: Tensor, _ patches: Patches, addingTo xBar: UnsafeMutablePointer<Float>) {
    let perGroup = outputChannels / groups
    let size = patches.columns
    let plane = patches.height * patches.width
    guard size > 0, perGroup > 0 else { return }
    let direct = window.isIdentity
    let together = groups == 1 && !direct ? min(yBar.count, max(1, 256 / size)) : 1
    if together > 1 { return scatterTogether(yBar, patches, together, addingTo: xBar) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: direct ? 1 : max(1, patches.rows * size)) {
      scratch in
      yBar.elements.withUnsafeBufferPointer { yBar in
        filters.withUnsafeBufferPointer { filters in
          for i in 0..<yBar.count / (size * perGroup) {
            let g = i % groups
            let rows = yBar.baseAddress! + i * perGroup * size
            let image = xBar + i * inputChannels * plane
            if inputChannels == 1 && groups > 1 {
              unslide(rows, patches, firstFilter: g * perGroup, count: perGroup, addingTo: image)
              continue
            }
            let bank = filters.baseAddress! + g * perGroup * patches.rows
            let matrix = direct ? image : scratch.baseAddress!
            multiply(
              bank, aTransposed: true, rows, into: matrix, rows: patches.rows, columns: size, inner: perGroup)
            if !direct { patches.scatter(matrix, pitch: size, addingTo: image) }
          }
        }
      }
    }
  }

  private func scatterTogether(
    _ yBar: Tensor, _ patches: Patches, _ together: Int, addingTo xBar: UnsafeMutablePointer<Float>
  ) {
    let (rows, size) = (outputChannels, patches.columns)
    let pitch = together * size
    let plane = patches.channels * patches.height * patches.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (patches.rows + rows) * pitch) { scratch in
      let (matrix, packed) = (scratch.baseAddress!, scratch.baseAddress! + patches.rows * pitch)
      yBar.elements.withUnsafeBufferPointer { yBar in
        for first in stride(from: 0, to: yBar.count / (rows * size), by: together) {
          let m = min(together, yBar.count / (rows * size) - first)
          for j in 0..<m {
            for o in 0..<rows {
              (packed + o * pitch + j * size).update(
                from: yBar.baseAddress! + ((first + j) * rows + o) * size, count: size)
            }
          }
          multiply(
            filters, aTransposed: true, packed, bPitch: pitch, into: matrix, cPitch: pitch,
            rows: patches.rows,
            columns: m * size, inner: rows)
          for j in 0..<m {
            patches.scatter(matrix + j * size, pitch: pitch, addingTo: xBar + (first + j) * plane)
          }
        }
      }
    }
  }
}

// MARK: - One channel a group

extension Correlation {
  /// Depthwise: each filter slides over one plane.
  private func slide(
    _ plane: UnsafePointer<Float>, _ patches: Patches, firstFilter: Int, count: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    y.update(repeating: 0, count: count * patches.columns)
    for o in 0..<count {
      forEachLine(patches, filter: firstFilter + o) { w, places, x, out in
        let (line, source) = (y + o * patches.columns + out, plane + x)
        let stride = window.strides[1]
        if stride == 1 {
          for i in places { line[i] += w * source[i] }
        } else {
          for i in places { line[i] += w * source[i &* stride] }
        }
      }
    }
  }

  private func unslide(
    _ yBar: UnsafePointer<Float>, _ patches: Patches, firstFilter: Int, count: Int,
    addingTo plane: UnsafeMutablePointer<Float>
  ) {
    for o in 0..<count {
      forEachLine(patches, filter: firstFilter + o) { w, places, x, out in
        let (line, source) = (plane + x, yBar + o * patches.columns + out)
        let stride = window.strides[1]
        if stride == 1 {
          for i in places { line[i] += w * source[i] }
        } else {
          for i in places { line[i &* stride] += w * source[i] }
        }
      }
    }
  }

  /// Every tap's weight, with each line of its places: where the line begins in the plane and in the output.
  @inline(__always)
  private func forEachLine(
    _ patches: Patches, filter: Int, _ body: (_ w: Float, _ places: Range<Int>, _ x: Int, _ out: Int) -> Void
  ) {
    for u in 0..<window.kernel[0] {
      let down = window.places(0, tap: u, input: patches.height, output: patches.outputHeight)
      for v in 0..<window.kernel[1] {
        let w = filters[(filter * window.kernel[0] + u) * window.kernel[1] + v]
        let across = window.places(1, tap: v, input: patches.width, output: patches.outputWidth)
        guard !across.isEmpty else { continue }
        for y in down {
          let line = y * window.strides[0] + window.offset(0, tap: u)
          body(w, across, line * patches.width + window.offset(1, tap: v), y * patches.outputWidth)
        }
      }
    }
  }
}

/// The array with its four axes in another order, the last of each pair of window axes reversed where wanted.
private func rearranged(_ w: [Float], _ shape: Shape, order: [Int], turned: Bool = false) -> [Float] {
  let strides = shape.strides
  let e = order.map { shape[$0] }
  let s = order.map { strides[$0] }
  var out: [Float] = []
  out.reserveCapacity(w.count)
  for a in 0..<e[0] {
    for b in 0..<e[1] {
      for c in 0..<e[2] {
        let base = a * s[0] + (turned ? e[1] - 1 - b : b) * s[1] + c * s[2]
        for d in 0..<e[3] { out.append(w[base + (turned ? e[3] - 1 - d : d) * s[3]]) }
      }
    }
  }
  return out
}
