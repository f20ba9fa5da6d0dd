internal import CKernels

/// A window over the planes of N×C×H×W, as a pooling slides it.
public struct Pooling: Sendable {
  /// Kernel, strides, dilations and padding.
  public let window: Window
  let height: Int
  let width: Int
  let outputHeight: Int
  let outputWidth: Int
  private let down: [Range<Int>]
  private let across: [Range<Int>]

  /// Takes rows and columns of a plane, and whether a last, partly outside place counts.
  public init(_ window: Window, height: Int, width: Int, roundsUp: Bool) {
    self.window = window
    self.height = height
    self.width = width
    let oH = window.outputExtent(0, input: height, roundingUp: roundsUp)
    let oW = window.outputExtent(1, input: width, roundingUp: roundsUp)
    outputHeight = oH
    outputWidth = oW
    down = (0..<oH).map { window.taps(0, place: $0, input: height) }
    across = (0..<oW).map { window.taps(1, place: $0, input: width) }
  }

  private var planeSize: Int { height * width }
  private var places: Int { outputHeight * outputWidth }
  /// Whether the windows are whole blocks of 2×2.
  var halves: Bool {
    window.kernel == [2, 2] && window.strides == [2, 2] && window.dilations == [1, 1]
      && window.before == [0, 0]
      && height >= 2 * outputHeight && width >= 2 * outputWidth
  }

  private func output(_ shape: Shape) -> Shape { [shape[0], shape[1], outputHeight, outputWidth] }

  /// The largest element under the window, at every place.
  public func maxima(_ x: Tensor) -> Tensor {
    Tensor(shape: output(x.shape)) { out in
      guard let y = out.baseAddress, out.count > 0 else { return }
      x.elements.withUnsafeBufferPointer {
        maxima($0.baseAddress!, planes: out.count / places, into: y, taps: nil)
      }
    }
  }

  /// The same for so many planes, and where `taps` is given, which tap of its window each maximum is.
  ///
  /// The first of equals in reading order; a window of more than 255 taps has none to give.
  func maxima(
    _ x: UnsafePointer<Float>, planes: Int, into y: UnsafeMutablePointer<Float>,
    taps: UnsafeMutablePointer<UInt8>?
  ) {
    let parts = balanced(planes, limit: 8)
    together(over: parts.count, work: planes * planeSize * Self.workOfElement) { part in
      var shape = shape
      for p in parts[part] {
        pool_plane(&shape, x + p * planeSize, y + p * places, taps.map { $0 + p * places })
      }
    }
  }

  /// The multiply-adds that an element's comparison takes as long as.
  private static let workOfElement = 16

  /// The same for the kernels.
  var shape: pool {
    var shape = pool()
    (shape.height, shape.width) = (height, width)
    (shape.output_height, shape.output_width) = (outputHeight, outputWidth)
    shape.kernel = (window.kernel[0], window.kernel[1])
    shape.strides = (window.strides[0], window.strides[1])
    shape.dilations = (window.dilations[0], window.dilations[1])
    shape.before = (window.before[0], window.before[1])
    return shape
  }

  /// Where in its plane the first of the largest elements under the window lies, for every place of every plane.
  public func arguments(of x: Tensor) -> [Int32] {
    let planes = x.shape[0] * x.shape[1]
    return [Int32](unsafeUninitializedCapacity: planes * places) { out, count in
      count = planes * places
      guard count > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        for p in 0..<planes {
          arguments(x.baseAddress! + p * planeSize, into: out.baseAddress! + p * places)
        }
      }
    }
  }

  private func arguments(_ plane: UnsafePointer<Float>, into arguments: UnsafeMutablePointer<Int32>) {
    if halves { return halvedArguments(plane, into: arguments) }
    let (dy, dx) = (window.dilations[0] * width, window.dilations[1])
    forEachPlace { place, down, across, corner in
      var largest = -Float.infinity
      var argument = max(0, corner + down.lowerBound * dy + across.lowerBound * dx)
      for u in down {
        for v in across where plane[corner + u * dy + v * dx] > largest {
          argument = corner + u * dy + v * dx
          largest = plane[argument]
        }
      }
      arguments[place] = Int32(argument)
    }
  }

  private func halvedArguments(_ plane: UnsafePointer<Float>, into arguments: UnsafeMutablePointer<Int32>) {
    for i in 0..<outputHeight {
      let (a, b) = (plane + 2 * i * width, plane + (2 * i + 1) * width)
      for j in 0..<outputWidth {
        let (p, q) = (a[2 &* j], a[2 &* j &+ 1])
        let (r, s) = (b[2 &* j], b[2 &* j &+ 1])
        let top = q > p ? q : p
        let bottom = s > r ? s : r
        let offset = bottom > top ? (s > r ? width &+ 1 : width) : (q > p ? 1 : 0)
        arguments[i &* outputWidth &+ j] = Int32(truncatingIfNeeded: 2 &* i &* width &+ 2 &* j &+ offset)
      }
    }
  }

  /// The elements at these arguments.
  public func pick(_ x: Tensor, at arguments: [Int32]) -> Tensor {
    Tensor(shape: output(x.shape)) { out in
      x.elements.withUnsafeBufferPointer { x in
        for p in 0..<(places > 0 ? out.count / places : 0) {
          for i in p * places..<(p + 1) * places { out[i] = x[p * planeSize + Int(arguments[i])] }
        }
      }
    }
  }

  /// The elements at these taps of the windows, the first tap for places that recorded none.
  public func pick(_ x: Tensor, taps: [UInt8]) -> Tensor {
    Tensor(shape: output(x.shape)) { out in
      x.elements.withUnsafeBufferPointer { x in
        for p in 0..<(places > 0 ? out.count / places : 0) {
          forEachPlace { place, down, across, corner in
            let tap = taps[p * places + place] == 255 ? 0 : Int(taps[p * places + place])
            let (u, v) = (tap / window.kernel[1], tap % window.kernel[1])
            let y = u * window.dilations[0] * width + v * window.dilations[1]
            out[p * places + place] = x[p * planeSize + corner + y]
          }
        }
      }
    }
  }

  /// The adjoint of ``pick(_:at:)``.
  public func place(_ y: Tensor, at arguments: [Int32], in shape: Shape) -> Tensor {
    Tensor(shape: shape) { out in
      out.update(repeating: 0)
      y.elements.withUnsafeBufferPointer { y in
        for p in 0..<(places > 0 ? y.count / places : 0) {
          for i in p * places..<(p + 1) * places { out[p * planeSize + Int(arguments[i])] += y[i] }
        }
      }
    }
  }

  /// body(place, vertical taps, horizontal taps, offset of the first tap), for every place of a plane.
  @inline(__always)
  private func forEachPlace(
    _ body: (_ place: Int, _ down: Range<Int>, _ across: Range<Int>, _ corner: Int) -> Void
  ) {
    for i in 0..<outputHeight {
      let row = (i * window.strides[0] - window.before[0]) * width
      for j in 0..<outputWidth {
        body(i * outputWidth + j, down[i], across[j], row + j * window.strides[1] - window.before[1])
      }
    }
  }
}

// MARK: - Means

extension Pooling {
  /// The mean under the window, at every place; the padding counts as zeros, or not at all.
  public func means(_ x: Tensor, countingPadding: Bool) -> Tensor {
    let shares = shares(countingPadding)
    var shape = shape
    return Tensor(shape: output(x.shape)) { out in
      guard let y = out.baseAddress, places > 0 else { return }
      x.elements.withUnsafeBufferPointer { x in
        for p in 0..<out.count / places {
          mean_plane(&shape, x.baseAddress! + p * planeSize, shares, y + p * places)
        }
      }
    }
  }

  /// The adjoint of ``means(_:countingPadding:)``.
  public func spread(_ y: Tensor, to shape: Shape, countingPadding: Bool) -> Tensor {
    let shares = shares(countingPadding)
    var window = self.shape
    return Tensor(shape: shape) { out in
      guard places > 0, y.elements.count > 0 else { return out.update(repeating: 0) }
      y.elements.withUnsafeBufferPointer { y in
        for p in 0..<y.count / places {
          spread_plane(&window, y.baseAddress! + p * places, shares, out.baseAddress! + p * planeSize)
        }
      }
    }
  }

  /// One over the number of taps that count, for every place.
  private func shares(_ countingPadding: Bool) -> [Float] {
    (0..<outputHeight).flatMap { i in
      (0..<outputWidth).map { j in
        let down = countingPadding ? window.tapsWithPadding(0, place: i, input: height) : down[i].count
        let across = countingPadding ? window.tapsWithPadding(1, place: j, input: width) : across[j].count
        return 1 / Float(max(1, down * across))
      }
    }
  }
}

// MARK: - Weights

extension Pooling {
  /// Runs over the planes and places with the input indices under the window, for operations that weigh them all.
  public func forEachPlace(planes: Int, _ body: (_ output: Int, _ inputs: UnsafeBufferPointer<Int>) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: window.count) { inputs in
      for p in 0..<planes {
        forEachPlace { place, down, across, corner in
          var n = 0
          for u in down {
            for v in across {
              inputs[n] = p * planeSize + corner + u * window.dilations[0] * width + v * window.dilations[1]
              n += 1
            }
          }
          body(p * places + place, UnsafeBufferPointer(rebasing: inputs[0..<n]))
        }
      }
    }
  }
}
