internal import Networks
internal import Tensors

/// The trained arrays of one direction of a recurrence with G gates and states of H numbers.
struct RecurrentWeights {
  /// W, (G·H)×I.
  let input: Tensor
  let inputBias: [Float]?
  /// R, (G·H)×H.
  private let recurrent: Tensor
  private let recurrentBias: [Float]?
  /// H.
  let size: Int

  /// Those of every direction.
  static func all(_ call: OperatorCall, gates: Int, directions: Int) throws -> [RecurrentWeights] {
    let (w, r) = (try call.weights(1, "weights"), try call.weights(2, "weights of the state"))
    let sequence = try call.shape(0)
    let size = r.shape.rank == 3 ? r.shape[2] : 0
    guard size > 0, r.shape == [directions, gates * size, size],
      w.shape == [directions, gates * size, sequence[2]],
      call.attributes.integer("hidden_size", default: size) == size
    else { throw call.bad("weights of \(w.shape) and \(r.shape) do not take \(sequence)") }
    let bias = call.has(3) ? try call.weights(3, "biases") : nil
    guard bias == nil || bias!.shape == [directions, 2 * gates * size] else {
      throw call.bad("biases of \(bias!.shape) do not fit weights of \(r.shape)")
    }
    return (0..<directions).map { d in
      let both = bias.map { Array($0.elements[d * 2 * gates * size..<(d + 1) * 2 * gates * size]) }
      return RecurrentWeights(
        input: w.entry(d).reshaped(to: [gates * size, sequence[2]]),
        inputBias: both.map { Array($0[..<(gates * size)]) },
        recurrent: r.entry(d).reshaped(to: [gates * size, size]),
        recurrentBias: both.map { Array($0[(gates * size)...]) }, size: size)
    }
  }

  /// h·Rᵀ + b of some of the gates.
  func recurrence(gates: Range<Int>) -> Dense {
    let rows = gates.lowerBound * size..<gates.upperBound * size
    let weights = Array(recurrent.elements[rows.lowerBound * size..<rows.upperBound * size])
    return Dense(
      weights: Tensor(shape: [rows.count, size], elements: weights),
      bias: recurrentBias.map { Array($0[rows]) })
  }

  /// What the gates i, o and f of a direction take of the memory.
  func peepholes(_ call: OperatorCall, direction: Int) throws -> [Tensor]? {
    guard call.has(7) else { return nil }
    let all = try call.weights(7, "peepholes")
    guard all.shape.rank == 2, direction < all.shape[0], all.shape[1] == 3 * size else {
      throw call.bad("peepholes of \(all.shape) do not fit states of \(size) numbers")
    }
    let own = all.entry(direction).elements
    return (0..<3).map { Tensor(shape: [1, 1, 1, size], elements: Array(own[$0 * size..<($0 + 1) * size])) }
  }
}

/// What a cell applies to the sum of a gate, clipped before where the node says so, or to its memory, never clipped.
struct RecurrentActivation {
  private let parts: [any Operation]

  /// Those of one direction, by their names or else the defaults.
  static func all(_ call: OperatorCall, defaults: [String], direction: Int) throws -> [RecurrentActivation] {
    let names = call.attributes.strings("activations") ?? []
    let start = names.isEmpty ? 0 : direction * defaults.count
    guard names.isEmpty || names.count >= start + defaults.count else {
      throw call.bad("has \(names.count) activations; a direction takes \(defaults.count)")
    }
    var constants = Constants(
      alphas: call.attributes.floats("activation_alpha") ?? [],
      betas: call.attributes.floats("activation_beta") ?? [])
    let every = try (names.isEmpty ? defaults : names).map { try parts($0, &constants, call) }
    let clip = try call.attributes.float("clip", default: 0)
    guard clip >= 0 else { throw call.bad("clip is \(clip), not zero or more") }
    let first: [any Operation] = clip > 0 ? [Clamp(lower: -clip, upper: clip)] : []
    let own = every[start..<start + defaults.count]
    return own.enumerated().map { RecurrentActivation(parts: $0 < 2 ? first + $1 : $1) }
  }

  /// The numbers that activations take, in the order of those that take any.
  private struct Constants {
    var alphas: [Float]
    var betas: [Float]

    mutating func alpha(_ value: Float) -> Float { alphas.isEmpty ? value : alphas.removeFirst() }
    mutating func beta(_ value: Float) -> Float { betas.isEmpty ? value : betas.removeFirst() }
  }

  private static func parts(
    _ name: String, _ constants: inout Constants, _ call: OperatorCall
  ) throws -> [any Operation] {
    switch name.lowercased() {
    case "sigmoid": return [Elementwise(.sigmoid)]
    case "tanh": return [Elementwise(.tanh)]
    case "relu": return [Rectifier(slope: 0)]
    case "softsign": return [Elementwise(.softsign)]
    case "softplus": return [Elementwise(.softplus(beta: 1))]
    case "elu": return [Elementwise(.elu(alpha: constants.alpha(1)))]
    case "leakyrelu": return [Rectifier(slope: constants.alpha(0.01))]
    case "affine": return [Affine(scale: constants.alpha(1), shift: constants.beta(0))]
    case "scaledtanh":
      let (alpha, beta) = (constants.alpha(1), constants.beta(1))
      return [Affine(scale: beta, shift: 0), Elementwise(.tanh), Affine(scale: alpha, shift: 0)]
    case "hardsigmoid":
      return [Affine(scale: constants.alpha(0.2), shift: constants.beta(0.5)), Clamp(lower: 0, upper: 1)]
    default: throw call.missing("the activation '\(name)'")
    }
  }

  func apply(_ x: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder) throws -> Edge {
    try parts.reduce(x) { try builder.add($1, of: [$0], for: call) }
  }
}
