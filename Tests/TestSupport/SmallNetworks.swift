public import Networks
public import Tensors

/// Networks whose derivatives are known, or which are small enough to differentiate by differences.
public enum SmallNetworks {
  /// f(x) = W·x + b on any image shape; W is K×d.
  public static func linear(weights: Tensor, bias: [Float], imageShape: Shape? = nil) -> Network {
    let shape = imageShape ?? [1, 1, 1, weights.shape[1]]
    var graph = Graph(imageShape: shape)
    let flat = graph.append(Reshape(entry: [shape.count]), of: [.image])
    graph.append(Dense(weights: weights, bias: bias), of: [flat])
    return network(graph)
  }

  /// f₀ = R² − |y|², f₁ = 0: the region of class 0 is the ball of radius R about the origin.
  public static func ball(dimension d: Int, radius: Float, imageShape: Shape? = nil) -> Network {
    let hessian = Tensor(shape: [d, d]) { out in
      for i in 0..<d * d { out[i] = i / d == i % d ? -2 : 0 }
    }
    return quadratic(
      hessian: hessian, gradient: [Float](repeating: 0, count: d), constant: radius * radius,
      imageShape: imageShape)
  }

  /// f₀ = c + ⟨g, y⟩ + ½⟨y, Hy⟩ with symmetric H, f₁ = 0.
  public static func quadratic(
    hessian: Tensor, gradient: [Float], constant: Float = 0, imageShape: Shape? = nil
  ) -> Network {
    let shape = imageShape ?? [1, 1, 1, gradient.count]
    var graph = Graph(imageShape: shape)
    let flat = graph.append(Reshape(entry: [shape.count]), of: [.image])
    graph.append(Quadratic(hessian: hessian, gradient: gradient, constant: constant), of: [flat])
    return network(graph)
  }

  /// Two smooth convolutions with an average pooling between, a dense layer: 1×2×6×6 → 4 logits.
  public static func smooth(seed: UInt64, classCount: Int = 4) -> Network {
    var random = SeededGenerator(seed: seed)
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let first = graph.append(convolution(4, 2, 3, padding: 1, &random), of: [.image])
    let bent = graph.append(Elementwise(.tanh), of: [first])
    let pooled = graph.append(AveragePool(window: Window(kernel: [2, 2], strides: [2, 2])), of: [bent])
    let second = graph.append(convolution(5, 4, 3, padding: 1, &random), of: [pooled])
    let soft = graph.append(Elementwise(.softplus(beta: 1)), of: [second])
    finish(&graph, soft, features: 45, classCount, &random)
    return network(graph)
  }

  /// The same with rectifiers and a maximum pooling.
  public static func rectified(seed: UInt64, classCount: Int = 4) -> Network {
    var random = SeededGenerator(seed: seed)
    var graph = Graph(imageShape: [1, 2, 6, 6])
    let first = graph.append(convolution(4, 2, 3, padding: 1, &random), of: [.image])
    let bent = graph.append(Rectifier(), of: [first])
    let pooled = graph.append(MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), of: [bent])
    let second = graph.append(convolution(5, 4, 3, padding: 1, &random), of: [pooled])
    let kinked = graph.append(Rectifier(), of: [second])
    finish(&graph, kinked, features: 45, classCount, &random)
    return network(graph)
  }

  private static func finish(
    _ graph: inout Graph, _ operand: Operand, features: Int, _ classCount: Int,
    _ random: inout SeededGenerator
  ) {
    let flat = graph.append(Reshape(entry: [features]), of: [operand])
    let weights = scaled(random.gaussianVector(classCount * features), by: 1 / Float(features).squareRoot())
    let dense = Dense(
      weights: Tensor(shape: [classCount, features], elements: weights),
      bias: random.gaussianVector(classCount))
    graph.append(dense, of: [flat])
  }

  /// A convolution with random filters of the size that keeps the variance.
  public static func convolution(
    _ outputs: Int, _ inputs: Int, _ kernel: Int, padding: Int, _ random: inout SeededGenerator
  ) -> Convolution {
    let fan = inputs * kernel * kernel
    let weights = scaled(random.gaussianVector(outputs * fan), by: (2 / Float(fan)).squareRoot())
    return Convolution(
      weights: Tensor(shape: [outputs, inputs, kernel, kernel], elements: weights),
      bias: scaled(random.gaussianVector(outputs), by: 0.1),
      window: Window(
        kernel: [kernel, kernel], before: [padding, padding], after: [padding, padding]))
  }

  private static func network(_ graph: Graph) -> Network {
    do { return try Network(graph) } catch { preconditionFailure("\(error)") }
  }
}

/// y₀ = c + ⟨g, x⟩ + ½⟨x, Hx⟩ and y₁ = 0 for each row x: N×d → N×2.
struct Quadratic: Operation {
  let hessian: Tensor
  let gradient: [Float]
  let constant: Float

  var regularity: Regularity { .smooth }

  func outputShape(_ inputs: [Shape]) throws(ShapeError) -> Shape { [inputs[0][0], 2] }

  func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    let bent = bend(x)
    return rows(
      (0..<x.count).map { n in
        let point = Array(x.entryElements(n))
        return constant + Float(dot(gradient, point) + 0.5 * dot(point, Array(bent.entryElements(n))))
      })
  }

  func pushforward(_ tangents: [Tensor?], at point: Point) -> Tensor {
    let slopes = slopes(point.inputs[0])
    return rows(
      (0..<slopes.count).map { n in
        Float(dot(Array(slopes.entryElements(n)), Array(tangents[0]!.entryElements(n))))
      })
  }

  func pullback(_ cotangent: Tensor, at point: Point) -> [Tensor?] {
    [slopes(point.inputs[0]).scalingEntries(by: firsts(cotangent))]
  }

  func curvature(of cotangent: Tensor, along tangents: [Tensor?], at point: Point) -> [Tensor?]? {
    tangents[0].map { [bend($0).scalingEntries(by: firsts(cotangent))] }
  }

  private func bend(_ x: Tensor) -> Tensor { Dense(weights: hessian, bias: nil).forward([x]) }

  private func slopes(_ x: Tensor) -> Tensor { bend(x).addingToEach(1, gradient) }

  private func firsts(_ y: Tensor) -> [Float] { (0..<y.count).map { y.elements[2 * $0] } }

  private func rows(_ values: [Float]) -> Tensor {
    Tensor(shape: [values.count, 2], elements: values.flatMap { [$0, 0] })
  }
}
