internal import CanonicalJSON
internal import Foundation
internal import Laboratory
internal import Networks
internal import Tensors

/// A network in a folder, as `Assets/bench/torch_rates.py` reads it: layers with what they read and their numbers.
struct TorchNetwork {
  private struct Place: Encodable {
    let start: Int
    let shape: [Int]
  }

  private struct Layer: Encodable {
    var kind: String
    var inputs: [Int]
    var arrays: [String: Place] = [:]
    var kernel: [Int]?
    var strides: [Int]?
    var dilations: [Int]?
    var padding: [Int]?
    var groups: Int?
    var entry: [Int]?
    var axes: [Int]?
    var keeps: Bool?
  }

  private struct Plan: Encodable {
    let image: [Int]
    /// Images that may go together at most.
    let batch: Int
    let layers: [Layer]
  }

  private var layers: [Layer] = []
  private var numbers: [Float] = []
  private let graph: Graph

  /// Takes the layers that it knows; refuses the others by name.
  init(_ network: Network) throws {
    graph = network.graph
    for node in graph.nodes {
      var layer = try layer(node)
      layer.inputs = try node.inputs.map {
        switch $0 {
        case .image: -1
        case .node(let i): i
        case .constant: throw Self.refusal(node)
        }
      }
      layers.append(layer)
    }
    guard case .node(graph.nodes.count - 1) = graph.output else {
      throw Refusal(.badData, "the network's output is not its last layer: run bench without --against")
    }
  }

  private static func refusal(_ node: Node) -> Refusal {
    Refusal(
      .badData,
      "PyTorch's side of bench does not know \(node.type) '\(node.name)': run bench without --against")
  }

  private mutating func layer(_ node: Node) throws -> Layer {
    switch node.operation {
    case let c as Convolution:
      var layer = Layer(kind: "convolution", inputs: [], groups: c.groups)
      take(c.window, &layer)
      layer.arrays["weights"] = place(c.weights.elements, c.weights.shape.extents)
      if let bias = c.bias { layer.arrays["bias"] = place(bias, [bias.count]) }
      return layer
    case let d as Dense:
      var layer = Layer(kind: "dense", inputs: [])
      layer.arrays["weights"] = place(d.weights.elements, d.weights.shape.extents)
      if let bias = d.bias { layer.arrays["bias"] = place(bias, [bias.count]) }
      return layer
    case let pool as MaxPool where !pool.roundsUp && pool.window.dilations == [1, 1]:
      return pooling("maximum", pool.window)
    case let pool as AveragePool where !pool.roundsUp && pool.countsPadding:
      return pooling("average", pool.window)
    case let r as Rectifier where r.slope == 0: return Layer(kind: "rectifier", inputs: [])
    case let r as Rescaling where r.order == nil: return affine(r.scale, r.shift)
    case let a as ChannelAffine: return affine(a.scale, a.shift)
    case let a as Affine: return affine([a.scale], [a.shift])
    case is Addition: return Layer(kind: "sum", inputs: [])
    case let m as Mean: return Layer(kind: "mean", inputs: [], axes: m.axes, keeps: m.keepsAxes)
    case let r as Reshape: return Layer(kind: "flatten", inputs: [], entry: try entry(r, node))
    default: throw Self.refusal(node)
    }
  }

  private func entry(_ reshape: Reshape, _ node: Node) throws -> [Int] {
    guard let shapes = try? graph.outputShapes(batch: 2),
      let i = graph.nodes.firstIndex(where: { $0.name == node.name && $0.operation is Reshape }),
      shapes[i].rank > 0, shapes[i][0] == 2
    else { throw Self.refusal(node) }
    return Array(shapes[i].extents.dropFirst())
  }

  private func take(_ window: Window, _ layer: inout Layer) {
    layer.kernel = window.kernel
    layer.strides = window.strides
    layer.dilations = window.dilations
    layer.padding = window.before + window.after
  }

  private func pooling(_ kind: String, _ window: Window) -> Layer {
    var layer = Layer(kind: kind, inputs: [])
    take(window, &layer)
    return layer
  }

  private mutating func affine(_ scale: [Float], _ shift: [Float]) -> Layer {
    var layer = Layer(kind: "affine", inputs: [])
    layer.arrays["scale"] = place(scale, [scale.count])
    layer.arrays["shift"] = place(shift, [shift.count])
    return layer
  }

  private mutating func place(_ array: [Float], _ shape: [Int]) -> Place {
    defer { numbers += array }
    return Place(start: numbers.count, shape: shape)
  }

  /// Writes the three files.
  func write(to folder: URL, images: Tensor, batch: Int) throws {
    let plan = Plan(image: Array(images.shape.extents.dropFirst()), batch: batch, layers: layers)
    try CanonicalJSON.encoder.encode(plan).write(to: folder.appending(path: "network.json"))
    try Self.bytes(numbers).write(to: folder.appending(path: "numbers.f32"))
    try Self.bytes(images.elements).write(to: folder.appending(path: "images.f32"))
  }

  private static func bytes(_ array: [Float]) -> Data { array.withUnsafeBytes { Data($0) } }
}
