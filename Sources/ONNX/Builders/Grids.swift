internal import Networks
internal import Tensors

/// Images read at the places of a grid, and the grids of affine maps: spatial transformers.
enum Grids {
  static let builders: [String: Builder] = ["GridSample": sample, "AffineGrid": affine]

  @Sendable private static func sample(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let (shape, grid) = (try call.shape(0), try call.shape(1))
    guard shape.rank == 4 else { throw call.missing("images of \(shape)") }
    let mode = call.attributes.string("mode", default: "linear")
    let interpolations: [String: GridSample.Interpolation] = [
      "bilinear": .linear, "linear": .linear, "nearest": .nearest, "bicubic": .cubic, "cubic": .cubic,
    ]
    guard let interpolation = interpolations[mode] else { throw call.bad("mode '\(mode)' is unknown") }
    let around = call.attributes.string("padding_mode", default: "zeros")
    let paddings: [String: GridSample.Padding] = [
      "zeros": .zeros, "border": .border, "reflection": .reflection,
    ]
    guard let padding = paddings[around] else { throw call.bad("padding_mode '\(around)' is unknown") }
    guard grid.rank == 4, grid[3] == 2 else { throw call.bad("a grid of \(grid) does not fit \(shape)") }
    let alignsCorners = call.attributes.integer("align_corners", default: 0) != 0
    let operation = GridSample(interpolation, padding: padding, alignsCorners: alignsCorners)
    return [try builder.add(operation, of: [try call.edge(0), try call.edge(1)], for: call)]
  }

  /// θ·(x, y, 1) at the centres of the pixels, N×2×3 → N×H×W×2; in three dimensions N×3×4 → N×D×H×W×3.
  @Sendable private static func affine(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let shape = try call.shape(0)
    guard let size = try call.integers(1, "sizes"), (4...5).contains(size.count),
      shape.extents == [size[0], size.count - 2, size.count - 1]
        || shape.extents == [1, size.count - 2, size.count - 1]
    else { throw call.bad("an affine map of \(shape) does not fit its sizes") }
    let extents = Array(size[2...])
    let dimensions = extents.count
    let places = try call.checked(extents)
    guard places.count > 0 else { throw call.bad("its grid of \(places) is empty") }
    _ = try call.checked([places.count, dimensions + 1])
    let alignsCorners = call.attributes.integer("align_corners", default: 0) != 0
    let strides = places.strides
    var base: [Float] = []
    for i in 0..<places.count {
      for axis in (0..<dimensions).reversed() {
        let (k, n) = (Float(i / strides[axis] % extents[axis]), Float(extents[axis]))
        base.append(alignsCorners ? (n > 1 ? 2 * k / (n - 1) - 1 : 0) : (2 * k + 1) / n - 1)
      }
      base.append(1)
    }
    let centres = Tensor(shape: [places.count, dimensions + 1], elements: base)
    let rows = try builder.add(Dense(weights: centres, bias: nil), of: [try call.edge(0)], for: call)
    let turned = try builder.transposeMatrix(rows, for: call)
    return [try builder.reshape(turned, to: Shape([shape[0]] + extents + [dimensions]), for: call)]
  }
}
