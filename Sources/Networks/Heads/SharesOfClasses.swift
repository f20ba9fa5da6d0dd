internal import Tensors

// Outputs that are probabilities without being a function of one row of logits: averages of several networks' shares,
// calibrated scores, votes.
extension Graph {
  /// log p in the place of probabilities p of `width` classes that nothing lies before to take margins on; nil where the
  /// output is no such thing.
  ///
  /// softmax(log p) = p where the shares sum to 1, so that the model's own probabilities stay, and log p does not saturate
  /// as p does. One number p of several sigmoids becomes (0, log p − log(1 − p)).
  func separatingShares(_ shapes: [Shape], width: Int) -> (graph: Graph, head: Head)? {
    var bounds = ValueBounds(graph: self, shapes: shapes)
    let range = bounds.of(output)
    guard range.lower >= -1e-5, width > 1 ? areShares() : range.upper <= 1 + 1e-5 else { return nil }
    var graph = ending(in: unshaped(output))
    let p = graph.output
    let logarithm = graph.appendLogarithm(of: p)
    var softmax = Graph(imageShape: [1, max(2, width)])
    softmax.append(Softmax(axis: 1), of: [.image])
    guard width == 1 else { return (graph, Head(kind: .probabilities, function: softmax)) }
    let rest = graph.append(Affine(scale: -1, shift: 1), of: [p])
    let opposite = graph.appendLogarithm(of: rest)
    let z = graph.append(Subtraction(), of: [logarithm, opposite])
    guard let own = try? graph.outputShapes(batch: 1) else { return nil }
    let pair = graph.twoClasses(z, own, rises: true, at: 0)
    return (pair, Head(kind: .probabilities, isBinary: true, function: softmax))
  }

  private mutating func appendLogarithm(of value: Operand) -> Operand {
    let bounded = append(Clamp(lower: .leastNormalMagnitude, upper: nil), of: [value])
    return append(Elementwise(.log), of: [bounded])
  }

  /// Whether the rows of some images sum to 1 and are not all the same; the first that does not ends the trial.
  private func areShares() -> Bool {
    var random = SeededGenerator(seed: 1)
    var rows: Set<[Float]> = []
    // Dark, grey, bright, and far from any picture: scores that are cut off there must not all be cut off.
    for scale: Float in [0, 0.3, 1, 255, -255, -255, -255] {
      let noise = random.gaussianVector(imageShape.count).map { scale < 0 ? $0 * scale : abs($0) * scale }
      let row = value(at: Tensor(shape: imageShape, elements: noise)).elements
      guard abs(row.reduce(0, +) - 1) < 1e-4 else { return false }
      rows.insert(row)
    }
    return rows.count > 1
  }
}
