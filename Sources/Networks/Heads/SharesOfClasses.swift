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
    guard isMadeOfShares(output), areShares(width: width) else { return nil }
    var graph = ending(in: unshaped(output))
    func log(of value: Operand) -> Operand {
      let bounded = graph.append(Clamp(lower: .leastNormalMagnitude, upper: nil), of: [value])
      return graph.append(Elementwise(.log), of: [bounded])
    }
    let logarithm = log(of: graph.output)
    guard width == 1 else {
      var softmax = Graph(imageShape: [1, width])
      softmax.append(Softmax(axis: 1), of: [.image])
      return (graph, Head(kind: .probabilities, operators: [], function: softmax))
    }
    guard case .node(let i) = logarithm, case .node(let bounded) = graph.nodes[i].inputs[0] else {
      return nil
    }
    let rest = graph.append(Affine(scale: -1, shift: 1), of: [graph.nodes[bounded].inputs[0]])
    let opposite = log(of: rest)
    let z = graph.append(Subtraction(), of: [logarithm, opposite])
    let pair = graph.twoClasses(z, (try? graph.outputShapes(batch: 1)) ?? shapes, rises: true, at: 0)
    return (pair, Head(kind: .probabilities, isBinary: true))
  }

  /// Whether a value comes from shares and probabilities alone by what averages, weighs and orders numbers.
  private func isMadeOfShares(_ operand: Operand) -> Bool {
    var (left, found) = ([operand], false)
    var seen: Set<Operand> = []
    let varies = self.varies
    while let next = left.popLast() {
      guard next.depends(on: varies), seen.insert(next).inserted else { continue }
      guard case .node(let i) = next else { return false }
      if nodes[i].operation.isNormalizing || nodes[i].operation.isBetweenLimits {
        found = true
      } else if nodes[i].operation.averages {
        left += nodes[i].inputs
      } else {
        return false
      }
    }
    return found
  }

  /// Whether the numbers for some images are shares: between 0 and 1, of sum 1 where they are several, and not all the same.
  private func areShares(width: Int) -> Bool {
    var random = SeededGenerator(seed: 1)
    let rows = [Float(0), 0.3, 1, 255].map { scale in
      let noise = Tensor(
        shape: imageShape, elements: random.gaussianVector(imageShape.count).map { abs($0) * scale })
      return value(at: noise).elements
    }
    return rows.allSatisfy { row in
      row.allSatisfy { (-1e-6...1.00001).contains($0) }
        && (width == 1 || abs(row.reduce(0, +) - 1) < 1e-4)
    } && Set(rows).count > 1
  }
}

extension Operation {
  /// Whether its numbers stay between two limits, as scores cut off at 0 and 1, or are 0 and 1 alone.
  fileprivate var isBetweenLimits: Bool {
    switch self {
    case let clamp as Clamp: clamp.lower != nil && clamp.upper != nil
    case let function as Elementwise: function.function == .reciprocal
    default: self is Step || self is Comparison
    }
  }

  /// Whether it may be a part of an average of numbers: of constants and one value, or of several values.
  fileprivate var averages: Bool {
    switch self {
    case is Mean, is Total, is Addition, is Affine, is ChannelAffine, is Rescaling, is Multiplication,
      is Dense,
      is MatrixProduct, is Clamp:
      true
    default: self is any SelectingOperation || rearranges
    }
  }
}
