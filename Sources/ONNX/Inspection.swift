public import Networks
internal import ONNXSchema
internal import Tensors

/// What is in a model file, whether it becomes a classifier or not.
public struct Inspection: Encodable, Sendable {
  /// The input that is left for the image once all others have values.
  public struct Input: Encodable, Sendable {
    public var name: String
    /// For one image, as the model takes it; −1 where the model leaves an extent open.
    public var shape: [Int]
    /// nchw, nhwc or flat; nil where the model takes no image.
    public var layout: String?
  }

  /// An output as the model states it.
  public struct Output: Encodable, Sendable {
    public var name: String
    /// With the batch's extent; −1 where the model leaves one open; empty where it states none.
    public var shape: [Int]
  }

  /// One operation of the network, after what needs no image has been folded away.
  public struct Layer: Encodable, Sendable, Equatable {
    public var name: String
    /// The operator, such as `Conv`, with its domain where that is not ONNX's own.
    public var `operator`: String
    /// Of its output, for one image.
    public var shape: [Int]
    /// Trained numbers that its operation holds.
    public var parameters: Int
    public var multiplyAdds: Int
    /// linear, piecewiseLinear or smooth, in what depends on the image.
    public var regularity: String
  }

  /// A use of an operator that there is no operation for.
  public struct Unsupported: Encodable, Sendable, Equatable {
    /// With its domain where that is not ONNX's own.
    public var `operator`: String
    /// The node's name, or the name of its first output where it has none.
    public var node: String
    /// What about the operator is missing, where the operator itself is available.
    public var detail: String?
  }

  /// `ONNX` in all cases.
  public var format: String
  /// The version of ONNX's own operators; 0 where the model states none.
  public var opset: Int
  /// nil where no input is left for the image, several are, or a given value does not suit.
  public var input: Input?
  /// All of them, in the model's order.
  public var outputs: [Output]
  /// Scores that the model gives; nil where it becomes no classifier, as the next ones.
  public var classes: Int?
  /// Numbers in the graph's floating-point initializers; those in integers do not count.
  public var parameters: Int
  public var multiplyAdds: Int?
  /// Nodes by operator; those of subgraphs and functions do not count.
  public var operators: [String: Int]
  /// Whether the logits are linear or piecewise linear in the image; nil where there is no classifier.
  public var piecewiseLinear: Bool?
  /// Whether derivatives pass through the roundings of a quantised network as if they were not there.
  public var straightThrough: Bool?
  /// What the model's own output holds, by ``Head/Kind``; margins are taken on logits in any case.
  public var outputKind: String?
  /// Those that depend on the image, in the order of evaluation; nil where there is no classifier.
  public var layers: [Layer]?
  /// How pixels are read, and where that is known from.
  public var preprocessing: Preprocessing?
  /// What the import misses; empty where it succeeds or fails for another reason.
  public var unsupported: [Unsupported]
  /// Why the model becomes no classifier, in a sentence.
  public var problem: String?
  /// What was done to the model's graph.
  public var remark: String?
}

extension ModelFile {
  /// What is in the file, also where operators are missing; `profile` goes before all that the file and those beside it
  /// say, and `published` names the classes of models that look trained on a well-known set.
  public func inspection(profile: Profile, published: PublishedNames? = nil) -> Inspection {
    let graph = model.graph
    var inspection = Inspection(
      format: "ONNX", opset: opset, input: nil,
      outputs: graph.output.map { .init(name: $0.name, shape: $0.extents.map { $0 ?? -1 }) },
      parameters: statedParameters, operators: [:], unsupported: [])
    for node in graph.node { inspection.operators[node.place.type, default: 0] += 1 }
    let frame = (try? statements(options: profile)).map(Reading.frame) ?? profile
    if let info = try? SideInputs(self, profile: frame).image {
      let image = try? ImageInput(info, profile: frame)
      inspection.input = .init(
        name: info.name, shape: image?.modelShape.extents ?? info.extents.map { $0 ?? -1 },
        layout: image?.arrangement.rawValue)
    }
    do {
      let classifier = try classifier(try statements(options: profile), published).classifier
      try checkCurrent()
      inspection.describe(classifier)
    } catch {
      inspection.problem = "\(error)"
      if case ModelError.unsupported(let missing) = error {
        inspection.unsupported = missing.map {
          .init(operator: $0.place.type, node: $0.place.node, detail: $0.detail)
        }
      }
    }
    return inspection
  }

  /// Numbers in the float weights of the file.
  private var statedParameters: Int {
    let floats = Set([1, 10, 11, 16] as [Int32])
    return model.graph.initializer.reduce(0) { sum, tensor in
      guard floats.contains(tensor.dataType),
        let shape = Shape(checking: tensor.dims.map { Int($0) })
      else {
        return sum
      }
      return sum + shape.count
    }
  }
}

extension Inspection {
  fileprivate mutating func describe(_ classifier: Classifier) {
    let network = classifier.network
    classes = network.classCount
    multiplyAdds = network.multiplyAdds
    piecewiseLinear = network.isPiecewiseLinear
    straightThrough = network.isStraightThrough
    remark = classifier.remark
    outputKind = network.head.kind.rawValue
    preprocessing = classifier.preprocessing
    layers = network.layers.map {
      Layer(
        name: $0.node.name, operator: $0.node.type, shape: $0.shape.extents,
        parameters: $0.node.operation.parameterCount,
        multiplyAdds: $0.multiplyAdds, regularity: "\($0.regularity)")
    }
  }
}
