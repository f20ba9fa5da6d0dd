internal import Networks
internal import Tensors

/// Maxima and means over windows and over whole images.
enum Pooling {
  static let builders: [String: Builder] = [
    "MaxPool": { call, builder in
      let (window, roundsUp) = try window(call)
      return try Activations.apply(MaxPool(window: window, roundsUp: roundsUp), call, &builder)
    },
    "AveragePool": { call, builder in
      let (window, roundsUp) = try window(call)
      let counts = call.attributes.integer("count_include_pad", default: 0) != 0
      let operation = AveragePool(window: window, roundsUp: roundsUp, countsPadding: counts)
      return try Activations.apply(operation, call, &builder)
    },
    "GlobalAveragePool": { call, builder in
      let rank = try call.shape(0).rank
      guard rank > 2 else { throw call.bad("takes images, not \(try call.shape(0))") }
      return try Activations.apply(Mean(axes: Array(2..<rank), keepsAxes: true), call, &builder)
    },
    "GlobalMaxPool": { call, builder in
      guard try call.shape(0).rank == 4 else {
        throw call.missing("an input of \(try call.shape(0))")
      }
      return try Activations.apply(GlobalMaxPool(), call, &builder)
    },
  ]

  private static func window(_ call: OperatorCall) throws -> (Window, roundsUp: Bool) {
    let shape = try call.shape(0)
    guard shape.rank == 4 else { throw call.missing("an input of \(shape)") }
    guard let kernel = call.attributes.integers("kernel_shape") else {
      throw call.bad("kernel_shape is missing")
    }
    guard call.attributes.integer("storage_order", default: 0) == 0 else {
      throw call.missing("column order")
    }
    let window = try call.window(kernel: kernel, on: shape)
    for axis in 0..<2 where max(window.before[axis], window.after[axis]) >= window.reach(axis) {
      throw call.bad("pads \(window.before + window.after) reach beyond the kernel \(kernel)")
    }
    return (window, call.attributes.integer("ceil_mode", default: 0) != 0)
  }
}
