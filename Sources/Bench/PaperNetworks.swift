package import Networks
internal import Tensors

/// The paper's four CIFAR-10 architectures with seeded random weights: what there is to measure without trained files.
///
/// Weights are normal with variance 2/inputs, so that activations keep their size; batch normalisation is folded away,
/// as it is when a model file is opened.
package enum PaperNetwork: String, CaseIterable {
  case lenet, nin
  case vgg16 = "vgg-16"
  case resnet18 = "resnet-18"

  /// The architecture by its name, hyphens and case aside.
  package init?(named name: String) {
    let plain = name.lowercased().filter { $0 != "-" }
    guard let found = Self.allCases.first(where: { $0.rawValue.filter { $0 != "-" } == plain }) else {
      return nil
    }
    self = found
  }

  /// The network for images of `extent`×`extent`; LeNet and VGG-16 take 32×32 alone.
  package func network(seed: UInt64, extent: Int = 32) throws -> Network {
    var builder = GrowingGraph(seed: seed, extent: extent)
    switch self {
    case .lenet: builder.lenet()
    case .nin: builder.nin()
    case .vgg16: builder.vgg16()
    case .resnet18: builder.resnet18()
    }
    return try Network(builder.graph)
  }
}

/// A graph that grows layer by layer.
private struct GrowingGraph {
  var graph: Graph
  private var generator: SeededGenerator
  private var channels = 3

  init(seed: UInt64, extent: Int) {
    graph = Graph(imageShape: [1, 3, extent, extent])
    generator = SeededGenerator(seed: seed)
    let deviation: [Float] = [0.247, 0.2435, 0.2616]
    let scale = deviation.map { 1 / $0 }
    graph.append(
      Rescaling(scale: scale, shift: zip([0.4914, 0.4822, 0.4465], scale).map { -$0 * $1 }, order: nil),
      of: [.image])
  }

  private mutating func weights(_ shape: Shape) -> Tensor {
    let deviation = (2 / Float(shape.entry.count)).squareRoot()
    return Tensor(shape: shape, elements: generator.gaussianVector(shape.count).map { deviation * $0 })
  }

  private mutating func convolve(_ outputs: Int, _ kernel: Int, stride: Int = 1, of input: Operand? = nil) {
    let pad = [kernel / 2, kernel / 2]
    let window = Window(kernel: [kernel, kernel], strides: [stride, stride], before: pad, after: pad)
    let layer = Convolution(
      weights: weights([outputs, channels, kernel, kernel]), bias: [Float](repeating: 0.01, count: outputs),
      window: window)
    graph.append(layer, of: [input ?? graph.output], type: "Conv")
    channels = outputs
  }

  private mutating func rectify() { graph.append(Rectifier(), of: [graph.output], type: "Relu") }

  private mutating func pool(_ kernel: Int, stride: Int, pad: Int = 0, means: Bool = false) {
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride], before: [pad, pad], after: [pad, pad])
    let pool: any Operation =
      means ? AveragePool(window: window, countsPadding: true) : MaxPool(window: window)
    graph.append(pool, of: [graph.output])
  }

  private mutating func dense(_ outputs: Int, of inputs: Int) {
    let layer = Dense(weights: weights([outputs, inputs]), bias: [Float](repeating: 0.01, count: outputs))
    graph.append(layer, of: [graph.output], type: "Gemm")
  }

  private mutating func flatten(_ count: Int) {
    graph.append(Reshape(entry: [count]), of: [graph.output], type: "Flatten")
  }

  private mutating func average() {
    graph.append(Mean(axes: [2, 3], keepsAxes: false), of: [graph.output], type: "GlobalAveragePool")
  }

  mutating func lenet() {
    for _ in 0..<2 {
      convolve(64, 5)
      rectify()
      pool(2, stride: 2)
    }
    flatten(4096)
    for (outputs, inputs) in [(384, 4096), (192, 384)] {
      dense(outputs, of: inputs)
      rectify()
    }
    dense(10, of: 192)
  }

  mutating func nin() {
    let blocks = [
      [(192, 5), (160, 1), (96, 1)], [(192, 5), (192, 1), (192, 1)], [(192, 3), (192, 1), (10, 1)],
    ]
    for (b, block) in blocks.enumerated() {
      for (outputs, kernel) in block {
        convolve(outputs, kernel)
        if outputs != 10 { rectify() }
      }
      if b < 2 { pool(3, stride: 2, pad: 1, means: b == 1) }
    }
    average()
  }

  mutating func vgg16() {
    for (outputs, layers) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
      for _ in 0..<layers {
        convolve(outputs, 3)
        rectify()
      }
      pool(2, stride: 2)
    }
    flatten(512)
    dense(10, of: 512)
  }

  mutating func resnet18() {
    convolve(64, 3)
    rectify()
    for (outputs, stride) in [(64, 1), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1)] {
      residual(outputs, stride)
    }
    average()
    dense(10, of: 512)
  }

  private mutating func residual(_ outputs: Int, _ stride: Int) {
    let (input, inputs) = (graph.output, channels)
    convolve(outputs, 3, stride: stride)
    rectify()
    convolve(outputs, 3)
    let ahead = graph.output
    var aside = input
    if stride != 1 || inputs != outputs {
      channels = inputs
      convolve(outputs, 1, stride: stride, of: input)
      aside = graph.output
    }
    graph.append(Addition(), of: [ahead, aside], type: "Add")
    rectify()
  }
}
