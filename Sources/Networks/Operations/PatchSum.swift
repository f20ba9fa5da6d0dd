public import Tensors

/// y = Σ of all patches where they lie in the image, N×(C·k…)×L → N×C×image…: ONNX `Col2Im`.
///
/// Column l of the input holds, for every channel, the patch under the window's place l in row-major order of the
/// places; what lies in the padding is dropped. Any number of axes.
///
/// The adjoint takes the patches of an image. Cost: one addition an element of the input.
public struct PatchSum: LinearOperation {
  /// The image's extents without its channels.
  let extents: [Int]
  /// Taps of a patch.
  let taps: Int
  /// For every tap, then every place: where in the image it lies, −1 in the padding.
  private let targets: [Int]

  /// One number of each array an axis of the image; `before` and `after` are the padding at both ends.
  public init(
    extents: [Int], kernel: [Int], strides: [Int], dilations: [Int], before: [Int], after: [Int]
  ) {
    let all = [kernel, strides, dilations, before, after]
    precondition(all.allSatisfy { $0.count == extents.count }, "one number an axis of \(extents)")
    precondition((kernel + strides + dilations).allSatisfy { $0 > 0 }, "a window of no extent: \(all)")
    self.extents = extents
    taps = kernel.reduce(1, *)
    var (tapOffsets, placeOffsets) = ([[Int]()], [[Int]()])
    for axis in extents.indices {
      let places = Self.places(
        extent: extents[axis], kernel: kernel[axis], stride: strides[axis], dilation: dilations[axis],
        padding: before[axis] + after[axis])
      tapOffsets = tapOffsets.flatMap { head in (0..<kernel[axis]).map { head + [$0 * dilations[axis]] } }
      placeOffsets = placeOffsets.flatMap { head in
        (0..<places).map { head + [$0 * strides[axis] - before[axis]] }
      }
    }
    targets = tapOffsets.flatMap { tap in placeOffsets.map { Self.target(tap, $0, extents) } }
  }

  private static func target(_ tap: [Int], _ place: [Int], _ extents: [Int]) -> Int {
    var target = 0
    for axis in extents.indices {
      let index = tap[axis] + place[axis]
      guard index >= 0, index < extents[axis] else { return -1 }
      target = target * extents[axis] + index
    }
    return target
  }

  /// How often a window fits along an axis of an image with so much padding in all.
  public static func places(extent: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) -> Int {
    let room = extent + padding - dilation * (kernel - 1) - 1
    return room < 0 ? 0 : room / stride + 1
  }

  /// Places of the window.
  var places: Int { targets.count / taps }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let s = inputs[0]
    guard s.rank == 3, s[1] % taps == 0, s[2] == places else {
      throw ShapeError("takes N×(C·\(taps))×\(places), not \(s)")
    }
    return output(s)
  }

  private func output(_ s: Shape) -> Shape { Shape([s[0], s[1] / taps] + extents) }

  public func linear(_ x: Tensor) -> Tensor {
    let plane = extents.reduce(1, *)
    return Tensor(shape: output(x.shape)) { out in
      out.update(repeating: 0)
      x.elements.withUnsafeBufferPointer { x in
        targets.withUnsafeBufferPointer { targets in
          for p in 0..<out.count / plane {
            for (i, target) in targets.enumerated() where target >= 0 {
              out[p * plane + target] += x[p * targets.count + i]
            }
          }
        }
      }
    }
  }

  public func adjoint(_ cotangent: Tensor, to shape: Shape) -> Tensor {
    let plane = extents.reduce(1, *)
    return Tensor(shape: shape) { out in
      cotangent.elements.withUnsafeBufferPointer { y in
        targets.withUnsafeBufferPointer { targets in
          for p in 0..<y.count / plane {
            for (i, target) in targets.enumerated() {
              out[p * targets.count + i] = target < 0 ? 0 : y[p * plane + target]
            }
          }
        }
      }
    }
  }
}
