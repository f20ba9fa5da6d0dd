internal import Networks
internal import Tensors

/// `Conv` on images, with trained filters.
enum Convolutions {
  static let builders: [String: Builder] = ["Conv": convolution]

  @Sendable private static func convolution(
    _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let image = try call.shape(0)
    let weights = try call.weights(1, "filters")
    guard image.rank == 4, weights.shape.rank == 4 else {
      throw call.missing("filters of \(weights.shape) on an input of \(image)")
    }
    let groups = call.attributes.integer("group", default: 1)
    guard groups > 0, weights.shape.count > 0, weights.shape[0] % groups == 0 else {
      throw call.bad("\(groups) groups do not divide filters of \(weights.shape)")
    }
    let (channels, divided) = weights.shape[1].multipliedReportingOverflow(by: groups)
    guard !divided, channels == image[1] else {
      throw call.bad("filters of \(weights.shape) in \(groups) groups do not take \(image)")
    }
    let kernel = Array(weights.shape.extents[2...])
    if let stated = call.attributes.integers("kernel_shape"), stated != kernel {
      throw call.bad("kernel_shape \(stated.prefix(4)) contradicts filters of \(weights.shape)")
    }
    let bias = call.has(2) ? try call.weights(2, "biases").elements : nil
    guard bias == nil || bias!.count == weights.shape[0] else {
      throw call.bad("\(bias!.count) biases for \(weights.shape[0]) filters")
    }
    let window = try call.window(kernel: kernel, on: image)
    let operation = Convolution(weights: weights, bias: bias, window: window, groups: groups)
    return [try builder.add(operation, of: [try call.edge(0)], for: call)]
  }
}

extension OperatorCall {
  /// The window that the attributes `strides`, `dilations`, `pads` and `auto_pad` describe.
  func window(kernel: [Int], on image: Shape) throws -> Window {
    guard kernel.count == 2, kernel.allSatisfy({ $0 > 0 && $0 <= Attributes.largest }) else {
      throw bad("has a kernel of \(kernel.prefix(4))")
    }
    var window = Window(
      kernel: kernel, strides: try attributes.extents("strides", count: 2, least: 1, default: 1),
      dilations: try attributes.extents("dilations", count: 2, least: 1, default: 1))
    switch attributes.string("auto_pad", default: "NOTSET") {
    case "", "NOTSET":
      let pads = try attributes.extents("pads", count: 4, least: 0, default: 0)
      window.before = Array(pads[..<2])
      window.after = Array(pads[2...])
    case "VALID": break
    case "SAME_UPPER": pad(&window, image, moreAtEnd: true)
    case "SAME_LOWER": pad(&window, image, moreAtEnd: false)
    case let other: throw bad("auto_pad '\(other)' is not known")
    }
    return window
  }

  /// Pads so that the output has input / stride places, rounded up.
  private func pad(_ window: inout Window, _ image: Shape, moreAtEnd: Bool) {
    for axis in 0..<2 {
      let input = image[axis + 2]
      let places = (input + window.strides[axis] - 1) / window.strides[axis]
      let total = max(0, (places - 1) * window.strides[axis] + window.reach(axis) - input)
      window.before[axis] = moreAtEnd ? total / 2 : total - total / 2
      window.after[axis] = total - window.before[axis]
    }
  }
}
