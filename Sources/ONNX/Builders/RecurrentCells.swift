internal import Networks
internal import Tensors

/// What a recurrence carries from step to step, 1×1×B×H each.
struct RecurrentState {
  var hidden: Edge
  /// Only where the cell has one.
  var memory: Edge?
}

/// One step of a recurrence.
protocol RecurrentCell {
  /// The next state; `input` is x·Wᵀ + b of all gates, 1×1×B×(G·H).
  func step(
    _ input: Edge, _ state: RecurrentState, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> RecurrentState
}

/// h′ = f(x·Wᵀ + h·Rᵀ + b).
struct SimpleCell: RecurrentCell {
  private let recurrent: Dense
  private let f: RecurrentActivation

  init(_ weights: RecurrentWeights, _ direction: Int, _ call: OperatorCall) throws {
    recurrent = weights.recurrence(gates: 0..<1)
    f = try RecurrentActivation.all(call, defaults: ["Tanh"], direction: direction)[0]
  }

  func step(
    _ input: Edge, _ state: RecurrentState, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> RecurrentState {
    let back = try builder.add(recurrent, of: [state.hidden], for: call)
    let sum = try builder.add(Addition(), of: [input, back], for: call)
    return RecurrentState(hidden: try f.apply(sum, call, &builder))
  }
}

/// z, r = f(x·Wᵀ + h·Rᵀ + b), c = g(x·W_cᵀ + (r∘h)·R_cᵀ + b_c), h′ = (1 − z)∘c + z∘h.
///
/// With `linear_before_reset` r multiplies h·R_cᵀ + b instead of h. Source: Cho et al., EMNLP 2014.
struct GatedCell: RecurrentCell {
  private let gates: Dense
  private let candidate: Dense
  private let (f, g): (RecurrentActivation, RecurrentActivation)
  private let resetsLast: Bool
  private let size: Int

  init(_ weights: RecurrentWeights, _ direction: Int, _ call: OperatorCall) throws {
    gates = weights.recurrence(gates: 0..<2)
    candidate = weights.recurrence(gates: 2..<3)
    let all = try RecurrentActivation.all(call, defaults: ["Sigmoid", "Tanh"], direction: direction)
    (f, g) = (all[0], all[1])
    resetsLast = call.attributes.integer("linear_before_reset", default: 0) != 0
    size = weights.size
  }

  func step(
    _ input: Edge, _ state: RecurrentState, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> RecurrentState {
    let h = state.hidden
    let ahead = try Recurrences.slice(input, axis: 3, 0..<2 * size, call, &builder)
    let back = try builder.add(gates, of: [h], for: call)
    let sum = try builder.add(Addition(), of: [ahead, back], for: call)
    let open = try f.apply(sum, call, &builder)
    let update = try Recurrences.slice(open, axis: 3, 0..<size, call, &builder)
    let reset = try Recurrences.slice(open, axis: 3, size..<2 * size, call, &builder)
    let fresh = try Recurrences.slice(input, axis: 3, 2 * size..<3 * size, call, &builder)
    let echo: Edge
    if resetsLast {
      let whole = try builder.add(candidate, of: [h], for: call)
      echo = try builder.add(Multiplication(), of: [reset, whole], for: call)
    } else {
      let part = try builder.add(Multiplication(), of: [reset, h], for: call)
      echo = try builder.add(candidate, of: [part], for: call)
    }
    let proposal = try g.apply(try builder.add(Addition(), of: [fresh, echo], for: call), call, &builder)
    // (1 − z)∘c + z∘h = c + z∘(h − c)
    let change = try builder.add(Subtraction(), of: [h, proposal], for: call)
    let share = try builder.add(Multiplication(), of: [update, change], for: call)
    return RecurrentState(hidden: try builder.add(Addition(), of: [proposal, share], for: call))
  }
}

/// i, o, f = σ(x·Wᵀ + h·Rᵀ + p∘c + b), c′ = f∘c + i∘g(…), h′ = o∘k(c′), the gate o looking at c′.
///
/// Source: Hochreiter and Schmidhuber, Neural Computation 1997; peepholes p: Gers et al., JMLR 2002.
struct MemoryCell: RecurrentCell {
  private let recurrent: Dense
  /// Of the gates i, o and f.
  private let peepholes: [Tensor]?
  private let (f, g, k): (RecurrentActivation, RecurrentActivation, RecurrentActivation)
  private let couplesGates: Bool
  private let size: Int

  init(_ weights: RecurrentWeights, _ direction: Int, _ call: OperatorCall) throws {
    recurrent = weights.recurrence(gates: 0..<4)
    size = weights.size
    peepholes = try weights.peepholes(call, direction: direction)
    let all = try RecurrentActivation.all(
      call, defaults: ["Sigmoid", "Tanh", "Tanh"], direction: direction)
    (f, g, k) = (all[0], all[1], all[2])
    couplesGates = call.attributes.integer("input_forget", default: 0) != 0
  }

  func step(
    _ input: Edge, _ state: RecurrentState, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> RecurrentState {
    guard let memory = state.memory else { throw call.bad("its memory is missing") }
    let back = try builder.add(recurrent, of: [state.hidden], for: call)
    let sum = try builder.add(Addition(), of: [input, back], for: call)
    let i = try f.apply(try gate(0, of: sum, memory: memory, call, &builder), call, &builder)
    let forget =
      couplesGates
      ? try builder.add(Affine(scale: -1, shift: 1), of: [i], for: call)
      : try f.apply(try gate(2, of: sum, memory: memory, call, &builder), call, &builder)
    let fresh = try Recurrences.slice(sum, axis: 3, 3 * size..<4 * size, call, &builder)
    let proposal = try g.apply(fresh, call, &builder)
    let kept = try builder.add(Multiplication(), of: [forget, memory], for: call)
    let added = try builder.add(Multiplication(), of: [i, proposal], for: call)
    let next = try builder.add(Addition(), of: [kept, added], for: call)
    let o = try f.apply(try gate(1, of: sum, memory: next, call, &builder), call, &builder)
    let shown = try k.apply(next, call, &builder)
    let hidden = try builder.add(Multiplication(), of: [o, shown], for: call)
    return RecurrentState(hidden: hidden, memory: next)
  }

  private func gate(
    _ index: Int, of sum: Edge, memory: Edge, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let own = try Recurrences.slice(sum, axis: 3, index * size..<(index + 1) * size, call, &builder)
    guard let peepholes else { return own }
    let seen = try builder.add(Multiplication(), of: [memory, .known(Value(peepholes[index]))], for: call)
    return try builder.add(Addition(), of: [own, seen], for: call)
  }
}
