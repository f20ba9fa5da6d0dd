internal import Networks
internal import Tensors

/// Piecewise linear activations, and the operators that do nothing to a network in use.
enum Activations {
  static let builders: [String: Builder] = [
    "Relu": { call, builder in try apply(Rectifier(slope: 0), call, &builder) },
    "LeakyRelu": { call, builder in
      try apply(Rectifier(slope: try call.attributes.float("alpha", default: 0.01)), call, &builder)
    },
    "PRelu": parametric,
    "Clip": clip,
    "Abs": { call, builder in try apply(AbsoluteValue(), call, &builder) },
    "Neg": { call, builder in try apply(Affine(scale: -1, shift: 0), call, &builder) },
    "HardSigmoid": hardSigmoid,
    "HardSwish": hardSwish,
    "Identity": { call, _ in [try call.edge(0)] },
    "Dropout": { call, builder in
      let isTraining =
        call.opset < 7
        ? call.attributes.integer("is_test", default: 0) == 0 && call.outputCount > 1
        : call.has(2) ? try call.value(2, "modes").booleans.first == true : false
      if isTraining { builder.remark(.trainingMode) }
      let x = try call.edge(0)
      let mask = Value(shape: x.shape!, elements: .boolean([Bool](repeating: true, count: x.shape!.count)))
      return call.outputCount > 1 ? [x, .known(mask)] : [x]
    },
    "Cast": cast,
    "CastLike": { call, _ in
      guard call.has(1), try call.edge(1).value?.isFloat ?? true else {
        throw call.missing("a type other than floats")
      }
      return [try call.edge(0)]
    },
  ]

  static func apply(
    _ operation: any Operation, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    [try builder.add(operation, of: [try call.edge(0)], for: call)]
  }

  @Sendable private static func parametric(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    let shape = try call.shape(0)
    if try call.edge(1).value == nil {
      // max(x, 0) + s·min(x, 0)
      let x = try call.edge(0)
      let above = try builder.add(Rectifier(slope: 0), of: [x], for: call)
      let below = try builder.add(Clamp(lower: nil, upper: 0), of: [x], for: call)
      let slanted = try builder.add(Multiplication(), of: [below, try call.edge(1)], for: call)
      return [try builder.add(Addition(), of: [above, slanted], for: call)]
    }
    var slopes = try call.weights(1, "slopes")
    if call.opset < 7, slopes.shape.rank == 1, shape.rank > 2, slopes.shape.count == shape[1] {
      slopes = slopes.reshaped(to: Shape([slopes.shape.count] + [Int](repeating: 1, count: shape.rank - 2)))
    }
    if slopes.shape.count == 1 {
      return try apply(Rectifier(slope: slopes.elements[0]), call, &builder)
    }
    return try apply(ParametricRectifier(slopes: slopes), call, &builder)
  }

  /// min and max are attributes before opset 11 and inputs since; either may be left out.
  @Sendable private static func clip(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    var limits: [Float?] = [nil, nil]
    for (i, name) in ["min", "max"].enumerated() {
      if call.has(i + 1) {
        limits[i] = try call.value(i + 1, "limits").scalar
        if limits[i] == nil { throw call.bad("\(name) is not one number") }
      } else if call.opset < 11, call.attributes.has(name) {
        limits[i] = try call.attributes.float(name, default: 0)
      }
    }
    let lower = limits[0].flatMap { $0 <= -Float.greatestFiniteMagnitude ? nil : $0 }
    let upper = limits[1].flatMap { $0 >= Float.greatestFiniteMagnitude ? nil : $0 }
    guard lower?.isNaN != true, upper?.isNaN != true else {
      throw call.bad("a limit is not a number")
    }
    if lower == nil, upper == nil { return [try call.edge(0)] }
    // ONNX gives the upper limit where the lower one lies above it.
    let low = if let lower, let upper { min(lower, upper) } else { lower }
    return try apply(Clamp(lower: low, upper: upper), call, &builder)
  }

  /// max(0, min(1, αx + β)).
  @Sendable private static func hardSigmoid(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    let alpha = try call.attributes.float("alpha", default: 0.2)
    let beta = try call.attributes.float("beta", default: 0.5)
    let line = try builder.add(Affine(scale: alpha, shift: beta), of: [try call.edge(0)], for: call)
    return [try builder.add(Clamp(lower: 0, upper: 1), of: [line], for: call)]
  }

  /// x·max(0, min(1, x/6 + 1/2)).
  @Sendable private static func hardSwish(_ call: OperatorCall, _ builder: inout GraphBuilder)
    throws
    -> [Edge]
  {
    [try builder.add(HardSwish(), of: [try call.edge(0)], for: call)]
  }

  /// Between the kinds of floats, all of which are 32-bit floats here, and to flags: |x| > 0.
  @Sendable private static func cast(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let type = try call.castType()
    if type.kind == .boolean {
      let size = try builder.add(AbsoluteValue(), of: [try call.edge(0)], for: call)
      let zero = Edge.known(Value(Tensor(zeros: [])))
      return [try builder.add(Comparison(isStrict: true), of: [size, zero], for: call)]
    }
    guard type.kind == .float else { throw call.missing("elements of type \(type) that depend on the image") }
    return [try call.edge(0)]
  }
}
