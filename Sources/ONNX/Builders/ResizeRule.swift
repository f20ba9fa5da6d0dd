internal import Tensors

/// How one axis is resized.
struct ResizedAxis {
  let index: Int
  let input: Int
  let output: Int
  let scale: Float
  /// Start and end of the part of the input that is cropped and resized, in units of the input.
  let region: (Float, Float)

  var isResized: Bool { input != output || scale != 1 }
}

/// Where an output element lies among the input's, and how it is made of its neighbours there.
///
/// Source: ONNX `Resize`, opset 19; the cubic kernel is that of Keys, IEEE TASSP 29, 1981.
struct ResizeRule {
  private enum Kernel { case nearest, linear, cubic }

  private let call: OperatorCall
  private let kernel: Kernel
  private let coordinates: String
  private let nearestMode: String
  private let isAntialiased: Bool
  private let excludesOutside: Bool
  private let steepness: Float
  /// The value of what lies outside the region.
  let extrapolation: Float

  init(_ call: OperatorCall, mode: String) throws {
    self.call = call
    let isOld = call.place.type == "Upsample" || call.opset < 11
    kernel =
      switch mode {
      case "nearest": .nearest
      case "linear", "bilinear": .linear
      case "cubic": .cubic
      default: throw call.missing("mode \(mode)")
      }
    let attributes = call.attributes
    coordinates = attributes.string(
      "coordinate_transformation_mode", default: isOld ? "asymmetric" : "half_pixel")
    nearestMode = attributes.string("nearest_mode", default: isOld ? "floor" : "round_prefer_floor")
    isAntialiased = attributes.integer("antialias", default: 0) != 0
    excludesOutside = attributes.integer("exclude_outside", default: 0) != 0
    steepness = try attributes.float("cubic_coeff_a", default: -0.75)
    extrapolation = try attributes.float("extrapolation_value", default: 0)
  }

  var usesRegion: Bool { coordinates == "tf_crop_and_resize" }

  private func position(_ i: Int, _ axis: ResizedAxis) throws -> Float {
    let (x, last) = (Float(i), Float(axis.input - 1))
    // The last column by the scale, which need not be a whole one.
    let extent = Float(axis.input) * axis.scale
    switch coordinates {
    case "asymmetric": return x / axis.scale
    case "half_pixel": return (x + 0.5) / axis.scale - 0.5
    case "pytorch_half_pixel": return axis.output > 1 ? (x + 0.5) / axis.scale - 0.5 : -0.5
    case "half_pixel_symmetric":
      let offset = Float(axis.input) / 2 * (1 - Float(axis.output) / extent)
      return offset + (x + 0.5) / axis.scale - 0.5
    case "align_corners": return extent == 1 || axis.output == 1 && extent <= 1 ? 0 : x * last / (extent - 1)
    case "tf_crop_and_resize":
      let (start, end) = axis.region
      if axis.output == 1 { return (start + end) / 2 * last }
      return start * last + x * (end - start) * last / Float(axis.output - 1)
    default: throw call.missing("coordinates by \(coordinates)")
    }
  }

  func isOutside(_ i: Int, _ axis: ResizedAxis) throws -> Bool {
    guard usesRegion else { return false }
    let x = try position(i, axis)
    return x < 0 || x > Float(axis.input - 1)
  }

  func nearest(_ i: Int, _ axis: ResizedAxis) throws -> Int {
    let x = try position(i, axis)
    let rounded: Float =
      switch nearestMode {
      case "round_prefer_floor": (x - 0.5).rounded(.up)
      case "round_prefer_ceil": (x + 0.5).rounded(.down)
      case "floor": x.rounded(.down)
      case "ceil": x.rounded(.up)
      default: throw call.missing("nearest_mode \(nearestMode)")
      }
    return min(max(Int(saturating: rounded), 0), axis.input - 1)
  }

  /// The input elements that make up output element i, with their weights; those outside stand for the outermost.
  func weights(_ i: Int, _ axis: ResizedAxis) throws -> [(Int, Float)] {
    if try isOutside(i, axis) { return [] }
    let x = min(max(try position(i, axis), -Float(1 << 24)), Float(1 << 24))
    let base = x.rounded(.down)
    let stretch = isAntialiased ? min(axis.scale, 1) : 1
    let reach = Int(saturating: ((kernel == .cubic ? 2 : 1) / stretch).rounded(.up))
    var taps: [(Int, Float)] = (1 - reach...reach).compactMap { k in
      let weight = value((Float(k) - (x - base)) * stretch)
      return weight == 0 ? nil : (Int(saturating: base) + k, weight)
    }
    if excludesOutside { taps.removeAll { $0.0 < 0 || $0.0 >= axis.input } }
    let sum = taps.reduce(0) { $0 + $1.1 }
    return (isAntialiased || excludesOutside) && sum != 0 ? taps.map { ($0.0, $0.1 / sum) } : taps
  }

  /// The kernel at a distance.
  private func value(_ x: Float) -> Float {
    let (d, a) = (abs(x), steepness)
    if kernel == .linear { return max(0, 1 - d) }
    if d <= 1 { return ((a + 2) * d - (a + 3)) * d * d + 1 }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0
  }
}
