import Networks
import Tensors

/// F = ½ (x − c)ᵀ A (x − c) + bᵀ(x − c) + e with diagonal A as the second of two logits, 0 as the first; scaled by `scale`.
struct Quadric: Networks.Operation {
  let diagonal: [Float]
  let linear: [Float]
  let constant: Float
  var scale: Float = 1

  var regularity: Regularity { .smooth }

  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { [inputs[0][0], 2] }

  func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    let values = (0..<x.count).flatMap { n -> [Float] in
      [0, scale * (constant + Float(dot(half(x, n), Array(x.entryElements(n)))))]
    }
    return Tensor(shape: [x.count, 2], elements: values)
  }

  /// The vector ½·A·x + b.
  private func half(_ x: Tensor, _ n: Int) -> [Float] {
    zip(zip(diagonal, x.entryElements(n)), linear).map { 0.5 * $0.0 * $0.1 + $1 }
  }

  private func gradient(_ x: Tensor, _ n: Int) -> [Float] {
    zip(zip(diagonal, x.entryElements(n)), linear).map { scale * ($0.0 * $0.1 + $1) }
  }

  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let x = point.inputs[0]
    let values = (0..<x.count).flatMap { n -> [Float] in
      [0, Float(dot(gradient(x, n), Array(tangents[0]!.entryElements(n))))]
    }
    return Tensor(shape: [x.count, 2], elements: values)
  }

  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    let x = point.inputs[0]
    let elements = (0..<x.count).flatMap { scaled(gradient(x, $0), by: cotangent.elements[2 * $0 + 1]) }
    return [Tensor(shape: x.shape, elements: elements)]
  }

  func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    let v = tangents[0]!
    let elements = (0..<v.count).flatMap { n -> [Float] in
      zip(diagonal, v.entryElements(n)).map { scale * $0 * $1 * cotangent.elements[2 * n + 1] }
    }
    return [Tensor(shape: v.shape, elements: elements)]
  }
}

enum TestNetworks {
  static func shape(_ dimension: Int) -> Shape { [1, 1, 1, dimension] }

  /// Class 0 inside the ball of this radius around the origin, class 1 outside: F = |x|² − R².
  static func ball(_ radius: Float, dimension: Int, scale: Float = 1) throws -> Network {
    try quadric(
      [Float](repeating: 2, count: dimension), [Float](repeating: 0, count: dimension), -radius * radius,
      scale: scale)
  }

  /// F = ½ xᵀAx + bᵀx + e.
  static func quadric(
    _ diagonal: [Float], _ linear: [Float], _ constant: Float, scale: Float = 1
  ) throws -> Network {
    var graph = Graph(imageShape: shape(diagonal.count))
    graph.append(
      Quadric(diagonal: diagonal, linear: linear, constant: constant, scale: scale), of: [.image])
    return try Network(graph)
  }

  /// f = W·x + b.
  static func linear(_ weights: Tensor, bias: [Float]) throws -> Network {
    var graph = Graph(imageShape: shape(weights.shape[1]))
    graph.append(Dense(weights: weights, bias: bias), of: [.image])
    return try Network(graph)
  }

  /// A linear classifier with random weights and biases.
  static func randomLinear(classes: Int, dimension: Int, seed: UInt64 = 1) throws -> Network {
    var generator = SeededGenerator(seed: seed)
    let weights = Tensor(
      shape: [classes, dimension], elements: generator.gaussianVector(classes * dimension))
    return try linear(weights, bias: scaled(generator.gaussianVector(classes), by: 0.5))
  }

  /// F = t − 1 + slope·(ramp(s) − width), ramp rising from 0 to 2·width over |s| ≤ width: flat but for one small facet.
  static func facet(slope: Float, width: Float) throws -> Network {
    var graph = Graph(imageShape: shape(2))
    let first = Tensor(shape: [4, 2], elements: [1, 0, 1, 0, 0, 1, 0, -1])
    let hidden = graph.append(Dense(weights: first, bias: [width, -width, 0, 0]), of: [.image])
    let active = graph.append(Rectifier(), of: [hidden])
    let second = Tensor(shape: [2, 4], elements: [0, 0, 0, 0, slope, -slope, 1, -1])
    graph.append(Dense(weights: second, bias: [0, -1 - slope * width]), of: [active])
    return try Network(graph)
  }

  /// Two dense layers with a rectifier between them, random weights.
  static func rectified(
    classes: Int = 5, dimension: Int = 12, hidden: Int = 30, seed: UInt64 = 1
  ) throws -> Network {
    var generator = SeededGenerator(seed: seed)
    var graph = Graph(imageShape: shape(dimension))
    let first = Tensor(shape: [hidden, dimension], elements: generator.gaussianVector(hidden * dimension))
    let hidden = graph.append(Dense(weights: first, bias: generator.gaussianVector(hidden)), of: [.image])
    let active = graph.append(Rectifier(), of: [hidden])
    let count = first.shape[0]
    let second = Tensor(shape: [classes, count], elements: generator.gaussianVector(classes * count))
    graph.append(Dense(weights: second, bias: generator.gaussianVector(classes)), of: [active])
    return try Network(graph)
  }

  static func images(_ count: Int, dimension: Int, scale: Float = 1, seed: UInt64 = 5) -> Tensor {
    var generator = SeededGenerator(seed: seed)
    return Tensor(
      shape: shape(dimension).batch(of: count),
      elements: scaled(generator.gaussianVector(count * dimension), by: scale))
  }
}
