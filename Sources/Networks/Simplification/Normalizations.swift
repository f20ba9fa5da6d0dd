internal import Tensors

/// Layer normalisation as exporters write it in seven nodes: c = x − mean(x), c/√(mean(c²) + ε), and a scale and a bias.
extension Simplification {
  mutating func recognizeNormalization(_ i: Int) {
    switch graph.nodes[i].operation {
    case is Division: recognizeStandardization(i)
    case is Multiplication: takeFactor(i)
    case is Addition: takeBias(i)
    default: break
    }
  }

  /// A quotient c/√(mean(c²) + ε) of c = x − mean(x) over the last axes.
  private mutating func recognizeStandardization(_ i: Int) {
    let inputs = graph.nodes[i].inputs
    guard shape(inputs[0]) == shapes[i], let (x, axis) = centred(inputs[0]),
      let (variance, epsilon) = deviation(inputs[1]),
      case .node(let m) = variance, let mean = graph.nodes[m].operation as? Mean,
      firstAxis(mean, shape(graph.nodes[m].inputs[0])) == axis,
      isPower(2, graph.nodes[m].inputs[0], of: inputs[0])
    else { return }
    let extents = Array(shapes[i].extents[axis...])
    graph.nodes[i].operation = LayerNormalization(
      axis: axis, scale: Tensor(repeating: 1, shape: Shape(extents)), bias: nil, epsilon: epsilon)
    read([x], at: i)
  }

  /// x and the first axis of the mean, where the operand is x − mean(x).
  private func centred(_ operand: Operand) -> (Operand, Int)? {
    guard case .node(let j) = operand, graph.nodes[j].operation is Subtraction else { return nil }
    let (x, other) = (graph.nodes[j].inputs[0], graph.nodes[j].inputs[1])
    guard case .node(let m) = other, let mean = graph.nodes[m].operation as? Mean,
      graph.nodes[m].inputs == [x],
      let axis = firstAxis(mean, shape(x))
    else { return nil }
    return (x, axis)
  }

  /// v and ε, where the operand is √(v + ε).
  private func deviation(_ operand: Operand) -> (Operand, Float)? {
    guard case .node(let j) = operand, (graph.nodes[j].operation as? Elementwise)?.function == .sqrt,
      case .node(let k) = graph.nodes[j].inputs[0], let sum = graph.nodes[k].operation as? Affine,
      sum.scale == 1
    else { return nil }
    return (graph.nodes[k].inputs[0], sum.shift)
  }

  /// Where the mean is over all axes from one on, which stay: that one.
  private func firstAxis(_ mean: Mean, _ shape: Shape) -> Int? {
    guard mean.keepsAxes, let axes = try? shape.axes(mean.axes), let first = axes.first, first > 0,
      axes == Array(first..<shape.rank)
    else { return nil }
    return first
  }

  /// A product of a normalisation that has no bias yet and that nobody else reads with a number for each of its elements.
  private mutating func takeFactor(_ i: Int) {
    guard let (j, layer, numbers) = normalization(i), layer.bias == nil else { return }
    graph.nodes[j].operation = LayerNormalization(
      axis: layer.axis, scale: combine(.product, layer.scale, numbers), bias: nil, epsilon: layer.epsilon)
    merge(i, into: j)
  }

  private mutating func takeBias(_ i: Int) {
    guard let (j, layer, numbers) = normalization(i) else { return }
    graph.nodes[j].operation = LayerNormalization(
      axis: layer.axis, scale: layer.scale, bias: layer.bias.map { combine(.sum, $0, numbers) } ?? numbers,
      epsilon: layer.epsilon)
    merge(i, into: j)
  }

  /// A normalisation whose only reader is node i, and the other operand of that, of the shape of its scale.
  private func normalization(_ i: Int) -> (Int, LayerNormalization, Tensor)? {
    let inputs = graph.nodes[i].inputs
    for (value, other) in [(inputs[0], inputs[1]), (inputs[1], inputs[0])] {
      guard case .node(let j) = value, case .constant(let k) = other, readers[j] == 1,
        let layer = graph.nodes[j].operation as? LayerNormalization
      else { continue }
      let numbers = graph.constants[k]
      guard numbers.shape.count == layer.scale.shape.count, numbers.shape.rank <= shapes[i].rank else {
        continue
      }
      let missing = layer.scale.shape.rank - numbers.shape.rank
      let extents =
        [Int](repeating: 1, count: max(0, missing)) + numbers.shape.extents.suffix(layer.scale.shape.rank)
      guard Shape(extents) == layer.scale.shape else { continue }
      return (j, layer, numbers.reshaped(to: layer.scale.shape))
    }
    return nil
  }
}
