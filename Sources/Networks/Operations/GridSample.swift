internal import Glibc
public import Tensors

/// Images x₁ (N×C×H×W) read at the places of a grid x₂ (N×H′×W′×2): `GridSample`, of spatial transformers.
///
/// A grid counts from −1 to 1, across first. y = Σ wᵢ(u)·wⱼ(v)·x₁[j, i] over few taps, linear in the image and smooth
/// between taps in the grid; where a place is moved to the border it stays, and its derivative is zero.
///
/// Source: Jaderberg et al., NeurIPS 2015; the cubic kernel is that of Keys, IEEE TASSP 29, 1981.
public struct GridSample: Operation {
  /// How many pixels make an element: 1, 2×2 or 4×4 around its place.
  public enum Interpolation: Hashable, Sendable {
    case nearest
    case linear
    case cubic
  }

  /// What lies outside the image.
  public enum Padding: Hashable, Sendable {
    case zeros
    case border
    case reflection
  }

  /// How the pixels around a place are weighed, down as across.
  public let interpolation: Interpolation
  /// What is read where a place, or a pixel beside it, lies outside the image.
  public let padding: Padding
  /// Whether ±1 are the centres of the outermost pixels, and not their outer edges.
  public let alignsCorners: Bool

  public init(_ interpolation: Interpolation, padding: Padding = .zeros, alignsCorners: Bool = false) {
    self.interpolation = interpolation
    self.padding = padding
    self.alignsCorners = alignsCorners
  }

  public var regularity: Regularity { interpolation == .nearest ? .piecewiseLinear : .smooth }

  public func regularity(varying: [Bool]) -> Regularity { varying[1] ? regularity : .linear }

  public func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape {
    let (x, grid) = (inputs[0], inputs[1])
    guard x.rank == 4, grid.rank == 4, grid[3] == 2, x.count > 0, grid.count > 0,
      x[0] == grid[0] || x[0] == 1 || grid[0] == 1
    else { throw ShapeError("a grid of \(grid) does not read \(x)") }
    return [max(x[0], grid[0]), x[1], grid[1], grid[2]]
  }

  public func forward(_ inputs: [Tensor]) -> Tensor {
    let (x, places) = (inputs[0], Places(self, inputs))
    return Tensor(shape: places.output) { out in
      places.forEachPlace { o, start, taps in
        for c in 0..<places.channels {
          out[o + c * places.area] = taps.sum { $0.weight * x.elements[start + c * places.plane + $0.place] }
        }
      }
    }
  }

  public func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let (x, places) = (point.inputs[0].elements, Places(self, point.inputs))
    return Tensor(shape: places.output) { out in
      places.forEachPlace { o, start, taps in
        let moved = tangents[1].map { places.direction(o, of: $0) } ?? (0, 0)
        for c in 0..<places.channels {
          let base = start + c * places.plane
          out[o + c * places.area] = taps.sum { tap in
            tap.slope(along: moved) * x[base + tap.place]
              + (tangents[0].map { tap.weight * $0.elements[base + tap.place] } ?? 0)
          }
        }
      }
    }
  }

  public func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let places = Places(self, point.inputs)
    return gather(point, places) { o, start, c, tap, image, grid in
      let (i, yBar) = (start + c * places.plane + tap.place, cotangent.elements[o + c * places.area])
      image?[i] += tap.weight * yBar
      let flow = yBar * point.inputs[0].elements[i]
      grid?[2 * places.gridPlace(o)] += tap.across * flow
      grid?[2 * places.gridPlace(o) + 1] += tap.down * flow
    }
  }

  public func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    guard interpolation != .nearest, point.varies[1] else { return nil }
    let (x, places) = (point.inputs[0].elements, Places(self, point.inputs))
    return gather(point, places) { o, start, c, tap, image, grid in
      let (i, yBar) = (start + c * places.plane + tap.place, cotangent.elements[o + c * places.area])
      let (du, dv) = tangents[1].map { places.direction(o, of: $0) } ?? (0, 0)
      let dx = tangents[0]?.elements[i] ?? 0
      image?[i] += tap.slope(along: (du, dv)) * yBar
      grid?[2 * places.gridPlace(o)] +=
        yBar * (tap.across * dx + (tap.acrossAcross * du + tap.acrossDown * dv) * x[i])
      grid?[2 * places.gridPlace(o) + 1] +=
        yBar * (tap.down * dx + (tap.acrossDown * du + tap.downDown * dv) * x[i])
    }
  }

  private typealias Sums = UnsafeMutableBufferPointer<Float>

  /// Arrays of zeros for the inputs that vary, filled by `add` for each tap of each place and channel.
  private func gather(
    _ point: Point, _ places: Places,
    _ add: (_ output: Int, _ start: Int, _ channel: Int, _ tap: Tap, _ image: Sums?, _ grid: Sums?) -> Void
  ) -> [Tensor?] {
    var sums = point.wanted { Tensor(zeros: point.inputs[$0].shape) }
    var (image, grid) = (sums[0]?.elements ?? [], sums[1]?.elements ?? [])
    sums = [nil, nil]
    image.withUnsafeMutableBufferPointer { image in
      grid.withUnsafeMutableBufferPointer { grid in
        places.forEachPlace { o, start, taps in
          for c in 0..<places.channels {
            for k in 0..<taps.count {
              add(o, start, c, taps[k], point.varies[0] ? image : nil, point.varies[1] ? grid : nil)
            }
          }
        }
      }
    }
    let filled = [image, grid]
    return point.wanted { Tensor(shape: point.inputs[$0].shape, elements: filled[$0]) }
  }
}

// MARK: - Taps

/// A pixel that an output element reads: its place in its plane, its weight, and the weight's derivatives in the grid.
private struct Tap {
  var place = 0
  var (weight, across, down): (Float, Float, Float) = (0, 0, 0)
  var (acrossAcross, acrossDown, downDown): (Float, Float, Float) = (0, 0, 0)

  func slope(along moved: (Float, Float)) -> Float { across * moved.0 + down * moved.1 }
}

/// The taps along one axis: their index, or −1 for none, their weights and the weights' derivatives in the grid.
private struct AxisTaps {
  var count = 0
  var indices = SIMD4<Int32>(repeating: -1)
  var (weights, slopes, bends) = (SIMD4<Float>(), SIMD4<Float>(), SIMD4<Float>())
}

extension UnsafeBufferPointer<Tap> {
  fileprivate func sum(_ term: (Tap) -> Float) -> Float {
    var sum: Float = 0
    for tap in self { sum += term(tap) }
    return sum
  }
}

/// The places of a grid on images.
private struct Places {
  let operation: GridSample
  let output: Shape
  private let image: Shape
  private let grid: Tensor

  init(_ operation: GridSample, _ inputs: [Tensor]) {
    self.operation = operation
    (image, grid) = (inputs[0].shape, inputs[1])
    output = [max(image[0], grid.shape[0]), image[1], grid.shape[1], grid.shape[2]]
  }

  var channels: Int { image[1] }
  var plane: Int { image[2] * image[3] }
  var area: Int { output[2] * output[3] }

  /// Which of the grid's places an output element of the first channel has.
  func gridPlace(_ o: Int) -> Int {
    let entry = o / (channels * area)
    return (grid.shape[0] == 1 ? 0 : entry) * area + o % area
  }

  /// The two numbers of a tangent of the grid there.
  func direction(_ o: Int, of tangent: Tensor) -> (Float, Float) {
    let place = 2 * gridPlace(o)
    return (tangent.elements[place], tangent.elements[place + 1])
  }

  /// body(output element of the first channel, where its image begins, its taps).
  func forEachPlace(_ body: (_ output: Int, _ start: Int, _ taps: UnsafeBufferPointer<Tap>) -> Void) {
    withUnsafeTemporaryAllocation(of: Tap.self, capacity: 16) { taps in
      for entry in 0..<output[0] {
        let start = (image[0] == 1 ? 0 : entry) * channels * plane
        for place in 0..<area {
          let o = entry * channels * area + place
          let count = fill(taps, gridPlace(o))
          body(o, start, UnsafeBufferPointer(rebasing: taps[0..<count]))
        }
      }
    }
  }

  private func fill(_ taps: UnsafeMutableBufferPointer<Tap>, _ place: Int) -> Int {
    let across = axisTaps(grid.elements[2 * place], image[3])
    let down = axisTaps(grid.elements[2 * place + 1], image[2])
    var count = 0
    for j in 0..<down.count where down.indices[j] >= 0 {
      for i in 0..<across.count where across.indices[i] >= 0 {
        var tap = Tap()
        tap.place = Int(down.indices[j]) * image[3] + Int(across.indices[i])
        tap.weight = across.weights[i] * down.weights[j]
        tap.across = across.slopes[i] * down.weights[j]
        tap.down = across.weights[i] * down.slopes[j]
        tap.acrossAcross = across.bends[i] * down.weights[j]
        tap.acrossDown = across.slopes[i] * down.slopes[j]
        tap.downDown = across.weights[i] * down.bends[j]
        taps[count] = tap
        count += 1
      }
    }
    return count
  }
}

// MARK: - Along one axis

extension Places {
  private func axisTaps(_ g: Float, _ extent: Int) -> AxisTaps {
    let half = operation.alignsCorners ? Float(extent - 1) / 2 : Float(extent) / 2
    var (u, slope) = ((g + 1) * half - (operation.alignsCorners ? 0 : 0.5), half)
    if operation.interpolation != .cubic {
      let moved = inside(u, extent)
      (u, slope) = (moved.place, slope * moved.slope)
    }
    // What lies farther outside than any image is wide has the same taps: none, or the outermost pixels.
    u = u.isNaN ? -1 : min(max(u, -Float(1 << 24)), Float(1 << 24))
    var taps = kernel(u)
    let first = Int(saturating: u.rounded(operation.interpolation == .nearest ? .toNearestOrEven : .down))
    for k in 0..<taps.count {
      taps.indices[k] = Int32(index(first + k - (operation.interpolation == .cubic ? 1 : 0), extent))
    }
    taps.slopes *= slope
    taps.bends *= slope * slope
    return taps
  }

  /// The weights around a place, with their first two derivatives in it.
  private func kernel(_ u: Float) -> AxisTaps {
    let t = u - u.rounded(.down)
    var taps = AxisTaps()
    switch operation.interpolation {
    case .nearest: (taps.count, taps.weights[0]) = (1, 1)
    case .linear: (taps.count, taps.weights, taps.slopes) = (2, [1 - t, t, 0, 0], [-1, 1, 0, 0])
    case .cubic:
      taps.count = 4
      for k in 0..<4 {
        // The derivative of the distance |t + 1 − k| is 1 to the right of a tap, −1 to its left.
        let (value, slope, bend) = Self.cubic(abs(t + 1 - Float(k)))
        (taps.weights[k], taps.slopes[k], taps.bends[k]) = (value, k < 2 ? slope : -slope, bend)
      }
    }
    return taps
  }

  /// The kernel of Keys with a = −3/4 at a distance, and its derivatives.
  private static func cubic(_ d: Float) -> (Float, Float, Float) {
    let a: Float = -0.75
    if d <= 1 {
      return (
        ((a + 2) * d - (a + 3)) * d * d + 1, (3 * (a + 2) * d - 2 * (a + 3)) * d,
        6 * (a + 2) * d - 2 * (a + 3)
      )
    }
    return d < 2
      ? (((a * d - 5 * a) * d + 8 * a) * d - 4 * a, (3 * a * d - 10 * a) * d + 8 * a, 6 * a * d - 10 * a)
      : (0, 0, 0)
  }

  /// A place after the padding moved it, and the derivative of that.
  private func inside(_ u: Float, _ extent: Int) -> (place: Float, slope: Float) {
    let last = Float(extent - 1)
    var (place, slope): (Float, Float) = (u, 1)
    if operation.padding == .zeros { return (u, 1) }
    if operation.padding == .reflection { (place, slope) = reflected(u, extent) }
    return place <= 0 ? (0, 0) : place >= last ? (last, 0) : (place, slope)
  }

  /// A place mirrored at the outermost pixels' centres or edges until it lies between them.
  private func reflected(_ u: Float, _ extent: Int) -> (place: Float, slope: Float) {
    let low: Float = operation.alignsCorners ? 0 : -0.5
    let span = operation.alignsCorners ? Float(extent - 1) : Float(extent)
    guard span > 0, u.isFinite else { return (0, 0) }
    let distance = abs(u - low)
    let rest = distance.truncatingRemainder(dividingBy: span)
    let isEven = (distance / span).rounded(.down).truncatingRemainder(dividingBy: 2) == 0
    let sign: Float = (u < low) != isEven ? 1 : -1
    return (isEven ? low + rest : low + span - rest, sign)
  }

  /// The pixel that a tap reads, −1 for none.
  private func index(_ i: Int, _ extent: Int) -> Int {
    if i >= 0, i < extent { return i }
    switch operation.padding {
    case .zeros: return -1
    case .border: return min(max(i, 0), extent - 1)
    case .reflection: return min(max(Int(saturating: reflected(Float(i), extent).place), 0), extent - 1)
    }
  }
}
