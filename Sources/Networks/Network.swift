public import Tensors

/// A checked graph of differentiable operations: image ↦ logits.
///
/// Evaluations are of one *tile* of images at a time through the whole network, so that activations stay in the
/// processor's cache, and of several tiles on several threads. No operation's result for an image depends on the others
/// of its tile, and so no result depends on the number of threads.
public struct Network: Sendable {
  /// The graph as it was given; evaluations go by one in which neighbouring operations are made one.
  public let graph: Graph
  /// Shape of one record, 1×C×H×W.
  public var imageShape: Shape { graph.imageShape }
  /// Number of logits K.
  public let classCount: Int
  /// What makes probabilities of the logits.
  public let head: Head
  /// How many images go through the network together: 1 where the graph mixes the entries of a batch, fewer where
  /// an image's values are large.
  public let tile: Int
  /// Elements of the largest value on the way of one image, and of all of them.
  let extent: (largest: Int, all: Int)
  private let cost: Int
  /// The graph as it is evaluated: neighbouring operations that are cheaper together are one.
  let plan: Graph
  /// Whether the output of each of the plan's nodes depends on the image.
  let varies: [Bool]
  /// Whether the plan's operations treat the entries of a batch one by one.
  public let keepsBatchesApart: Bool
  /// For each node of the plan, the nodes whose values nobody needs after it.
  private let lastUses: [[Int]]
  private let stages: [Stage]
  /// Set by whoever may want a running evaluation to stop; see ``interruptible(by:)``.
  public var interruption: Interruption?

  /// Images that share one pass over the weights: many where each of them costs little.
  static let preferredTile = (least: 16, most: 56)
  /// Multiply-adds of a forward pass over a tile, where that leaves the choice.
  private static let tileWork = 2_000_000_000
  /// Cotangents so few that they go back together, their operations divided among threads.
  private static let fewTogether = 4
  /// Multiply-adds of an image from which on one part for each thread does: parts share their passes over the weights,
  /// and threads that are done help with the operations of the others.
  private static let dividedCost = 100_000_000
  /// Multiply-adds between two looks at the interruption: some 70 ms of a fast core.
  private static let passWork = 8_000_000_000
  /// Cotangents of each image for which a tile leaves room: those of one image share the gates that they come through,
  /// and what is listed behind them; more images share their passes over the weights.
  private static let preferredCotangents = 4
  /// Elements of one value of a tile that still lie near a core.
  private static let tileElements = 4 << 20

  public init(_ graph: Graph, head: Head = .none) throws(ShapeError) {
    self.graph = graph
    self.head = head
    let shapes = try graph.outputShapes(batch: 1)
    plan = graph.viewed().fused()
    varies = plan.varies
    lastUses = plan.lastUses
    stages = plan.stages()
    let output = graph.shape(of: graph.output, nodes: shapes, batch: 1)
    guard output.count > 0, output.rank > 0 else { throw ShapeError("the network's output is \(output)") }
    classCount = output.count
    keepsBatchesApart = plan.keepsBatchesApart(varies)
    let counts = try plan.outputShapes(batch: 1).map(\.count) + [graph.imageShape.count]
    extent = (max(1, counts.max()!), counts.reduce(0, +))
    cost = plan.multiplyAdds
    let preferred = max(
      Self.preferredTile.least, min(Self.preferredTile.most, Self.tileWork / max(1, cost)))
    tile = keepsBatchesApart ? max(1, min(preferred, Self.tileElements / extent.largest)) : 1
  }

  /// The same network, whose evaluations throw ``Interrupted`` soon after `interruption` is set.
  public func interruptible(by interruption: Interruption?) -> Network {
    var network = self
    network.interruption = interruption
    return network
  }
}

// MARK: - Evaluation

extension Network {
  /// f(x): N×C×H×W → N×K.
  ///
  /// - Throws: ``NonFiniteLogits`` at the first image that has such, unless those are allowed.
  public func logits(_ x: Tensor, allowingNonFinite: Bool = false) throws -> Tensor {
    try Tensor(
      concatenating: mapTiles(of: x) { tile, range in
        let logits = evaluate(tile)
        if !allowingNonFinite { try logits.checkLogits(from: range.lowerBound) }
        return logits
      })
  }

  /// k(x) = argmax f(x), the first of equals.
  public func labels(_ x: Tensor) throws -> [Int] { try logits(x).argmaxOfEntries }

  /// body(tile, its indices in x) for one tile of the batch after the other, on several threads.
  ///
  /// Tiles are smaller where the body lets several points of each image through the network together, or several
  /// cotangents back.
  public func mapTiles<R: Sendable>(
    of x: Tensor, pointsOfEach points: Int = 1, cotangentsOfEach cotangents: Int = 1,
    _ body: @Sendable (_ tile: Tensor, _ range: Range<Int>) throws -> R
  ) throws -> [R] {
    precondition(x.shape.entry == imageShape.entry, "images of \(x.shape) for a network of \(imageShape)")
    let together = points * max(1, min(cotangents, Self.preferredCotangents))
    let size = max(1, tileSize(forBatchOf: together * x.count) / together)
    let parts = (x.count + size - 1) / size
    return try parallel(over: parts, interruption: interruption) { i in
      let range = i * x.count / parts..<(i + 1) * x.count / parts
      return try body(x[range], range)
    }
  }

  /// Batches go by tiles, or by what the memory bound leaves of them, in equal parts, as many for each thread so that
  /// all finish together.
  func tileSize(forBatchOf count: Int) -> Int {
    let elements = Memory.bound / (4 * Threads.count * (extent.all + 4 * extent.largest))
    let tile = max(1, min(tile, elements))
    let multiple = Threads.spare * (cost < Self.dividedCost ? 2 : 1)
    let parts = multiple * ((count + multiple * tile - 1) / (multiple * tile))
    return max(1, (count + parts - 1) / max(1, parts))
  }

  /// How many batches of `count` cotangents go back together.
  ///
  /// Their values should lie near a core, an interruption between them be noticed soon, and every spare thread have
  /// some of the `batches`.
  func batchesTogether(count: Int, of batches: Int) -> Int {
    let elements = min(Self.tileElements, Memory.bound / (16 * Threads.count)) / extent.largest
    let near = min(elements, Self.passWork / max(1, cost)) / max(1, count)
    if count * batches <= Self.fewTogether { return max(1, min(near, batches)) }
    return max(1, min(near, Threads.share(of: batches)))
  }

  /// One pass over the graph, values dropped as soon as nobody needs them.
  func evaluate(_ x: Tensor) -> Tensor {
    let y = stages.reduce(x) { value, stage in
      if !keepsBatchesApart || value.count <= stage.images { return evaluate(stage.nodes, value) }
      let parts = (value.count + stage.images - 1) / stage.images
      return Tensor(
        concatenating: (0..<parts).map { i in
          evaluate(stage.nodes, value[i * value.count / parts..<(i + 1) * value.count / parts])
        })
    }
    return y.reshaped(to: [x.count, classCount])
  }

  /// The last value of these nodes, for which `x` is the value before them.
  private func evaluate(_ nodes: Range<Int>, _ x: Tensor) -> Tensor {
    var values = [Tensor?](repeating: nil, count: plan.nodes.count)
    if nodes.lowerBound > 0 { values[nodes.lowerBound - 1] = x }
    for i in nodes {
      values[i] = plan.nodes[i].operation.forward(plan.nodes[i].inputs.map { value($0, x, values) })
      for last in lastUses[i] { values[last] = nil }
    }
    return value(nodes.upperBound == plan.nodes.count ? plan.output : .node(nodes.upperBound - 1), x, values)
  }

  func value(_ operand: Operand, _ x: Tensor, _ values: [Tensor?]) -> Tensor {
    switch operand {
    case .image: x
    case .constant(let i): plan.constants[i]
    case .node(let i): values[i]!
    }
  }
}

extension Tensor {
  /// The index of the largest element of each entry, the first of equals.
  public var argmaxOfEntries: [Int] {
    (0..<count).map { n in
      let row = entryElements(n)
      return row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) }! - row.startIndex
    }
  }
}

// MARK: - Facts

extension Network {
  /// The least smooth of: linear, piecewise linear, smooth; a network is smooth as soon as one operation bends.
  public var regularity: Regularity {
    let varies = graph.varies
    return graph.nodes.indices.filter { varies[$0] }.map { i in
      let node = graph.nodes[i]
      return node.operation.regularity(varying: node.inputs.map { $0.depends(on: varies) })
    }.max() ?? .linear
  }

  /// Whether the exact Hessian of a margin is zero almost everywhere, so that exact products say nothing.
  public var isPiecewiseLinear: Bool { regularity < .smooth }

  /// Whether there are operations with kinks, whose bending exact Hessian products do not see.
  public var hasKinks: Bool {
    let varies = graph.varies
    return graph.nodes.indices.contains { i in
      let node = graph.nodes[i]
      return varies[i] && node.operation.hasKinks(varying: node.inputs.map { $0.depends(on: varies) })
    }
  }

  /// Whether derivatives pass through roundings as if they were not there: those of a quantised network do.
  public var isStraightThrough: Bool {
    zip(graph.nodes, graph.varies).contains { $0.operation.isStraightThrough && $1 }
  }

  /// The same as a sentence for a result that rests on derivatives; nil where they are those of the function itself.
  public var straightThroughRemark: String? {
    isStraightThrough ? "derivatives pass straight through the rounding of quantised values" : nil
  }

  public var parameterCount: Int { graph.nodes.reduce(0) { $0 + $1.operation.parameterCount } }

  /// Multiply-adds of one image forward.
  public var multiplyAdds: Int { cost }

  /// Multiply-adds from which a pass is a sizeable part of a second: what needs thousands of them has to wait or do with
  /// fewer.
  public static let dearPass = 1_000_000_000

  /// The network with ReLU → softplus_β and max → log-sum-exp_β: smooth, linear in its Hessian, but another function.
  public func softened(beta: Float) -> Network {
    var graph = graph
    for i in graph.nodes.indices { graph.nodes[i].operation = graph.nodes[i].operation.softened(beta: beta) }
    var network = try! Network(graph, head: head)  // softening keeps every shape
    network.interruption = interruption
    return network
  }
}
