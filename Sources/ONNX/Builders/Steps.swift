internal import Networks
internal import Tensors

/// Functions that jump: their derivatives are zero, as PyTorch's are.
enum Steps {
  static let builders: [String: Builder] = [
    "Sign": { try Activations.apply(Step(.sign), $0, &$1) },
    "Floor": { try Activations.apply(Step(.floor), $0, &$1) },
    "Ceil": { try Activations.apply(Step(.ceiling), $0, &$1) },
    "Round": { try Activations.apply(Step(.round), $0, &$1) },
    "Mod": remainder,
  ]

  /// a − b·⌊a/b⌋, or with `fmod` a − b·trunc(a/b), which has the sign of a.
  @Sendable private static func remainder(_ call: OperatorCall, _ builder: inout GraphBuilder) throws
    -> [Edge]
  {
    let (a, b) = try call.operands(&builder)
    let ratio = try builder.add(Division(), of: [a, b], for: call)
    var whole = try builder.add(Step(.floor), of: [ratio], for: call)
    if call.attributes.integer("fmod", default: 0) != 0 {
      let up = try builder.add(Step(.ceiling), of: [ratio], for: call)
      let zero = Edge.known(Value(Tensor(zeros: [])))
      let isNegative = try builder.add(Comparison(isStrict: true), of: [zero, ratio], for: call)
      whole = try builder.add(Choice(), of: [isNegative, up, whole], for: call)
    }
    let multiple = try Arithmetic.product(whole, b, call, &builder)
    return [try builder.add(Subtraction(), of: [a, multiple], for: call)]
  }
}
