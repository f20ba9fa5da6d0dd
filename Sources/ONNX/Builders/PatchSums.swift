internal import Networks
internal import Tensors

/// `Col2Im`: patches summed where they lie in an image of any number of axes.
enum PatchSums {
  static let builders: [String: Builder] = ["Col2Im": sum]

  @Sendable private static func sum(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let shape = try call.shape(0)
    guard shape.rank == 3, let extents = try call.integers(1, "extents of the image"),
      let kernel = try call.integers(2, "extents of the patches"), extents.count == kernel.count,
      (1...8).contains(kernel.count),
      (extents + kernel).allSatisfy({ $0 > 0 && $0 <= Attributes.largest })
    else { throw call.bad("\(shape) does not match the extents of the image and its patches") }
    let rank = kernel.count
    let pads = try call.attributes.extents("pads", count: 2 * rank, least: 0, default: 0)
    let strides = try call.attributes.extents("strides", count: rank, least: 1, default: 1)
    let dilations = try call.attributes.extents("dilations", count: rank, least: 1, default: 1)
    let places = (0..<rank).map {
      PatchSum.places(
        extent: extents[$0], kernel: kernel[$0], stride: strides[$0], dilation: dilations[$0],
        padding: pads[$0] + pads[$0 + rank])
    }
    let taps = try call.checked(kernel).count
    guard try call.checked(places).count == shape[2], shape[1] % taps == 0 else {
      throw call.bad("\(shape) does not hold patches of \(kernel) at \(places) places")
    }
    _ = try call.checked([shape[0], shape[1] / taps] + extents)
    let operation = PatchSum(
      extents: extents, kernel: kernel, strides: strides, dilations: dilations,
      before: Array(pads[..<rank]), after: Array(pads[rank...]))
    return [try builder.add(operation, of: [try call.edge(0)], for: call)]
  }
}
