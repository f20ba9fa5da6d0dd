internal import Networks
internal import Tensors

/// `RNN`, `GRU` and `LSTM` with trained weights, written out step by step.
///
/// Sequences are 1×T×B×… and states 1×1×B×H here. Cost: one product with the input's weights for all steps, and one
/// with the state's for each.
enum Recurrences {
  static let builders: [String: Builder] = [
    "RNN": { try run($0, &$1, gates: 1) { try SimpleCell($0, $1, $2) } },
    "GRU": { try run($0, &$1, gates: 3) { try GatedCell($0, $1, $2) } },
    "LSTM": { try run($0, &$1, gates: 4) { try MemoryCell($0, $1, $2) } },
  ]

  typealias MakeCell = (_ weights: RecurrentWeights, _ direction: Int, _ call: OperatorCall) throws
    -> any RecurrentCell

  /// What one direction gives: a state for every step, and the last one.
  private struct Pass {
    var steps: [Edge]
    var last: RecurrentState
  }

  private static func run(
    _ call: OperatorCall, _ builder: inout GraphBuilder, gates: Int, _ makeCell: MakeCell
  ) throws -> [Edge] {
    let isBatchFirst = call.attributes.integer("layout", default: 0) != 0
    let sequence = try sequence(call, isBatchFirst, &builder)
    let directions = try directions(call)
    let weights = try RecurrentWeights.all(call, gates: gates, directions: directions.count)
    let (length, batch) = (sequence.shape![1], sequence.shape![2])
    let masks = try masks(call, length: length, batch: batch)
    var passes: [Pass] = []
    for (d, isReverse) in directions.enumerated() {
      let cell = try makeCell(weights[d], d, call)
      let input = Dense(weights: weights[d].input, bias: weights[d].inputBias)
      let driven = try builder.add(input, of: [sequence], for: call)
      let start = RecurrentState(
        hidden: try initial(
          5, direction: d, batch: batch, size: weights[d].size, isBatchFirst: isBatchFirst, call, &builder),
        memory: gates == 4
          ? try initial(
            6, direction: d, batch: batch, size: weights[d].size, isBatchFirst: isBatchFirst, call, &builder)
          : nil)
      let order = isReverse ? Array((0..<length).reversed()) : Array(0..<length)
      passes.append(try walk(driven, in: order, from: start, by: cell, masks: masks, call, &builder))
    }
    return try outputs(passes, isBatchFirst, call, &builder)
  }

  /// The input as 1×T×B×I.
  private static func sequence(
    _ call: OperatorCall, _ isBatchFirst: Bool, _ builder: inout GraphBuilder
  ) throws -> Edge {
    var x = try call.edge(0)
    guard x.shape!.rank == 3, x.shape!.count > 0 else {
      throw call.bad("takes a sequence of three axes, not \(x.shape!)")
    }
    if isBatchFirst { x = try builder.transpose(x, [1, 0, 2], for: call) }
    guard x.shape![0] <= 4096 else { throw call.missing("\(x.shape![0]) steps") }
    return try builder.reshape(x, to: Shape([1] + x.shape!.extents), for: call)
  }

  /// Whether each direction runs from the end.
  private static func directions(_ call: OperatorCall) throws -> [Bool] {
    switch call.attributes.string("direction", default: "forward") {
    case "forward": [false]
    case "reverse": [true]
    case "bidirectional": [false, true]
    case let other: throw call.bad("direction '\(other)' is unknown")
    }
  }

  /// For every step 1 for the sequences that still run and 0 for those that have ended; nil where all run throughout.
  private static func masks(_ call: OperatorCall, length: Int, batch: Int) throws -> [Tensor]? {
    guard let lengths = try call.integers(4, "lengths") else { return nil }
    guard lengths.count == batch, lengths.allSatisfy({ $0 >= 0 && $0 <= length }) else {
      throw call.bad("lengths \(lengths.prefix(8)) do not fit \(batch) sequences of \(length) steps")
    }
    if lengths.allSatisfy({ $0 == length }) { return nil }
    return (0..<length).map { t in
      Tensor(shape: [1, 1, batch, 1], elements: lengths.map { t < $0 ? 1 : 0 })
    }
  }

  /// The state of input i before the first step of a direction, zeros where it is left out.
  private static func initial(
    _ i: Int, direction: Int, batch: Int, size: Int, isBatchFirst: Bool, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    guard call.has(i) else { return .known(Value(Tensor(zeros: [1, 1, batch, size]))) }
    var state = try call.edge(i)
    guard state.shape!.rank == 3 else { throw call.bad("its state of \(state.shape!) does not have 3 axes") }
    if isBatchFirst { state = try builder.transpose(state, [1, 0, 2], for: call) }
    let s = state.shape!
    guard direction < s[0], s[1] == batch, s[2] == size else {
      throw call.bad("states of \(s) do not fit \(batch) sequences of \(size) numbers")
    }
    let whole = try builder.reshape(state, to: Shape([1] + s.extents), for: call)
    return try slice(whole, axis: 1, direction..<direction + 1, call, &builder)
  }

  private static func walk(
    _ driven: Edge, in order: [Int], from start: RecurrentState, by cell: any RecurrentCell, masks: [Tensor]?,
    _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Pass {
    var pass = Pass(steps: [Edge](repeating: .unknown, count: order.count), last: start)
    for t in order {
      let input = try slice(driven, axis: 1, t..<t + 1, call, &builder)
      var next = try cell.step(input, pass.last, call, &builder)
      pass.steps[t] = next.hidden
      if let mask = masks?[t] {
        let runs = Edge.known(Value(mask))
        pass.steps[t] = try builder.add(Multiplication(), of: [next.hidden, runs], for: call)
        next.hidden = try kept(pass.last.hidden, or: next.hidden, by: mask, call, &builder)
        if let memory = next.memory {
          next.memory = try kept(pass.last.memory!, or: memory, by: mask, call, &builder)
        }
      }
      pass.last = next
    }
    return pass
  }

  /// m·new + (1 − m)·old.
  private static func kept(
    _ old: Edge, or new: Edge, by mask: Tensor, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let ended = Affine(scale: -1, shift: 1).forward([mask])
    let a = try builder.add(Multiplication(), of: [new, .known(Value(mask))], for: call)
    let b = try builder.add(Multiplication(), of: [old, .known(Value(ended))], for: call)
    return try builder.add(Addition(), of: [a, b], for: call)
  }

  /// T×D×B×H and the last states D×B×H, or B×T×D×H and B×D×H.
  private static func outputs(
    _ passes: [Pass], _ isBatchFirst: Bool, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> [Edge] {
    let runs = try passes.map { pass in
      let run = try joined(pass.steps, 1, call, &builder)
      let s = run.shape!
      return try builder.reshape(run, to: [1, s[1], 1, s[2], s[3]], for: call)
    }
    let all = try joined(runs, 2, call, &builder)
    var results = [try builder.reshape(all, to: Shape(Array(all.shape!.extents.dropFirst())), for: call)]
    let memories = passes.compactMap(\.last.memory)
    for states in [passes.map(\.last.hidden), memories] where !states.isEmpty {
      let last = try joined(states, 1, call, &builder)
      results.append(try builder.reshape(last, to: Shape(Array(last.shape!.extents.dropFirst())), for: call))
    }
    guard isBatchFirst else { return results }
    return try results.map {
      try builder.transpose($0, $0.shape!.rank == 4 ? [2, 0, 1, 3] : [1, 0, 2], for: call)
    }
  }

  private static func joined(
    _ parts: [Edge], _ axis: Int, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    if parts.count == 1 { return parts[0] }
    return try builder.add(Concatenation(axis: axis), of: parts, for: call)
  }

  static func slice(
    _ edge: Edge, axis: Int, _ range: Range<Int>, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    let ranges = SliceRanges(
      axes: [axis], starts: [range.lowerBound], ends: [range.upperBound], steps: [1], in: edge.shape!)
    return try Slices.slice(edge, ranges, call, &builder)
  }
}
