internal import Foundation
internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import TestSupport
internal import Testing

@testable internal import ONNX

/// Which output holds the scores, and what lies between them and a decision.
@Suite("Outputs and decisions")
struct DecisionTests {
  /// x (3×8×8) → features 'f' of 5 numbers → scores 'z' of 3, then these nodes.
  private static func model(_ tail: [Onnx_NodeProto], outputs: [String], weights: [Onnx_TensorProto] = [])
    -> Onnx_ModelProto
  {
    var model = BadGraph.model(
      [
        .make("Flatten", ["x"], "flat"), .make("MatMul", ["flat", "w1"], "a"), .make("Relu", ["a"], "f"),
        .make("MatMul", ["f", "w2"], "z"), .make("MatMul", ["f", "w3"], "one"),
      ] + tail,
      weights: [
        .random("w1", [192, 5], seed: 1), .random("w2", [5, 3], seed: 2), .random("w3", [5, 1], seed: 3),
      ] + weights)
    model.graph.output = outputs.map { .named($0) }
    return model
  }

  private static func classifier(_ model: Onnx_ModelProto, _ profile: Profile = Profile()) throws
    -> Classifier
  {
    try ModelFile(bytes: try model.serializedData(), path: "small.onnx").classifier(profile: profile)
  }

  /// The largest three of six scores and their places, in the ways in which exports end with them.
  private static let tops: [(name: String, end: [Onnx_NodeProto])] = [
    ("values", []),
    ("shares of the values", [.make("Softmax", ["v"], "y")]),
    (
      "places joined to values",
      [.make("Cast", ["i"], "c", [.int("to", 1)]), .make("Concat", ["v", "c"], "y", [.int("axis", 1)])]
    ),
    ("scores at the places", [.make("GatherElements", ["z", "i"], "y", [.int("axis", 1)])]),
  ]

  @Test("of the largest scores and their places the scores are taken", arguments: tops)
  func top(name: String, end: [Onnx_NodeProto]) throws {
    var pick = Onnx_NodeProto.make("TopK", ["z", "k"], "v")
    pick.output = [end.isEmpty ? "y" : "v", "i"]
    let weights: [Onnx_TensorProto] = [
      .integers("k", [3]), .numbers("w", [192, 6]) { Float($0 * 13 % 17) / 17 - 0.5 },
    ]
    let classifier = try Self.classifier(
      BadGraph.model(
        [.make("Flatten", ["x"], "f"), .make("MatMul", ["f", "w"], "z"), pick] + end, weights: weights))
    let plain = try Self.classifier(
      BadGraph.model([.make("Flatten", ["x"], "f"), .make("MatMul", ["f", "w"], "y")], weights: weights))
    #expect(try classifier.network.logits(Self.images) == plain.network.logits(Self.images))
    #expect(classifier.remark?.contains("TopK") == true)
  }

  private static let images = randomTensor([4, 3, 8, 8], seed: 9)
  private static let scores = try! classifier(model([], outputs: ["z"])).network.logits(images)

  struct Choice: Sendable, CustomStringConvertible {
    let description: String
    let nodes: [Onnx_NodeProto]
    let outputs: [String]
    var weights: [Onnx_TensorProto] = []
  }

  private static let choices: [Choice] = [
    Choice(description: "features before the scores", nodes: [], outputs: ["f", "z"]),
    Choice(description: "features behind the scores in the list", nodes: [], outputs: ["z", "f"]),
    Choice(
      description: "a branch that is deeper",
      nodes: [.make("Tanh", ["z"], "t"), .make("Exp", ["t"], "aux_logits")],
      outputs: ["aux_logits", "z"]),
    Choice(
      description: "one number beside the scores", nodes: [.make("Sigmoid", ["one"], "probability")],
      outputs: ["probability", "z"]),
    Choice(
      description: "a named output that is less deep",
      nodes: [.make("Identity", ["z"], "logits"), .make("MatMul", ["z", "w4"], "decoded")],
      outputs: ["decoded", "logits"], weights: [.random("w4", [3, 7], seed: 4)]),
    Choice(
      description: "features called so, of rank 2 and deep",
      nodes: [.make("MatMul", ["z", "w4"], "embedding")], outputs: ["embedding", "z"],
      weights: [.random("w4", [3, 7], seed: 4)]),
    Choice(
      description: "ArgMax", nodes: [.make("ArgMax", ["z"], "y", [.int("axis", 1)])], outputs: ["y"]),
    Choice(
      description: "ArgMax of a softmax, cast and squeezed",
      nodes: [
        .make("Softmax", ["z"], "p"), .make("ArgMax", ["p"], "a1", [.int("axis", 1), .int("keepdims", 0)]),
        .make("Cast", ["a1"], "y", [.int("to", 6)]),
      ], outputs: ["y"]),
    Choice(
      description: "the names of a table",
      nodes: [
        .make("ArgMax", ["z"], "a1", [.int("axis", 1)]),
        .make("ArrayFeatureExtractor", ["table", "a1"], "y", domain: "ai.onnx.ml"),
      ], outputs: ["y"], weights: [.strings("table", ["ant", "bee", "cow"])]),
    Choice(
      description: "the numbers of a table",
      nodes: [.make("ArgMax", ["z"], "a1", [.int("axis", 1)]), .make("Gather", ["table", "a1"], "y")],
      outputs: ["y"], weights: [.integers("table", [3, 5, 9])]),
    Choice(
      description: "TopK",
      nodes: [
        {
          var node = Onnx_NodeProto.make("TopK", ["z", "k"], "values")
          node.output = ["values", "indices"]
          return node
        }()
      ], outputs: ["values", "indices"], weights: [.integers("k", [1])]),
    Choice(
      description: "ZipMap beside a label",
      nodes: [
        .make("Softmax", ["z"], "p"),
        .make(
          "ZipMap", ["p"], "maps", [.strings("classlabels_strings", ["ant", "bee", "cow"])],
          domain: "ai.onnx.ml"),
      ], outputs: ["maps"]),
  ]

  @Test("the scores are found, whatever is beside or behind them", arguments: choices.indices)
  func scores(index: Int) throws {
    let choice = Self.choices[index]
    let model = Self.model(choice.nodes, outputs: choice.outputs, weights: choice.weights)
    let classifier = try Self.classifier(model)
    let logits = try classifier.network.logits(Self.images)
    #expect(near(logits, Self.scores, 1e-5), "\(choice)")
    #expect(choice.outputs == ["z"] || classifier.remark != nil)
    if choice.description.contains("names") || choice.description.contains("ZipMap") {
      #expect(classifier.classNames == ["ant", "bee", "cow"])
    }
    if choice.description.contains("numbers of a table") {
      #expect(classifier.classNames == ["3", "5", "9"])
    }
  }

  @Test("as many scores as there are names decide, and a named output goes before all")
  func namesDecide() throws {
    let model = Self.model(
      [.make("MatMul", ["z", "w4"], "logits")], outputs: ["logits", "z"],
      weights: [.random("w4", [3, 7], seed: 4)])
    #expect(try Self.classifier(model).network.classCount == 7)
    #expect(try Self.classifier(model, Profile(classes: ["a", "b", "c"])).network.classCount == 3)
    #expect(try Self.classifier(model, Profile(output: "z")).network.classCount == 3)
  }

  @Test(
    "one number decides between two classes, by itself, a threshold or a sign",
    arguments: ["one", "Sigmoid", "Greater", "Less", "Round"])
  func oneNumber(kind: String) throws {
    let threshold = Onnx_TensorProto.values("half", [], [0.5])
    let nodes: [Onnx_NodeProto] =
      switch kind {
      case "Sigmoid": [.make("Sigmoid", ["one"], "y")]
      case "Greater":
        [
          .make("Sigmoid", ["one"], "p"), .make("Greater", ["p", "half"], "b"),
          .make("Cast", ["b"], "y", [.int("to", 7)]),
        ]
      case "Less": [.make("Sigmoid", ["one"], "p"), .make("Less", ["half", "p"], "y")]
      case "Round": [.make("Sigmoid", ["one"], "p"), .make("Round", ["p"], "y")]
      default: [.make("Identity", ["one"], "y")]
      }
    let one = try Self.classifier(Self.model([], outputs: ["one"])).network.logits(Self.images)
    let classifier = try Self.classifier(
      Self.model(nodes, outputs: ["y"], weights: [threshold]), Profile(classes: ["no", "yes"]))
    #expect(classifier.network.classCount == 2 && classifier.classNames == ["no", "yes"])
    #expect(near(try classifier.network.logits(Self.images), one, 1e-4))
    #expect(one.elements.enumerated().allSatisfy { $0 % 2 == 1 || $1 == 0 })
  }

  @Test("trees are refused for what they are")
  func trees() throws {
    let model = Self.model(
      [.make("TreeEnsembleClassifier", ["flat"], "y", domain: "ai.onnx.ml")], outputs: ["y"])
    let error = #expect(throws: ModelError.self) { try Self.classifier(model) }
    #expect("\(error!)".contains("gradient is zero almost everywhere"))
  }
}

// MARK: - ONNX-ML

/// Linear models and support vectors, against their formulas in double precision.
@Suite("Models of features")
struct FeatureModelTests {
  private static let size = 12
  private static let vectors = randomTensor([7, size], seed: 1).elements
  private static let images = randomTensor([5, 3, 2, 2], seed: 2)

  private static func classifier(
    _ type: String, _ attributes: [Onnx_AttributeProto], before: [Onnx_NodeProto] = []
  ) throws -> Classifier {
    var node = Onnx_NodeProto.make(
      type, [before.last?.output[0] ?? "flat"], "label", attributes, domain: "ai.onnx.ml")
    node.output = ["label", "scores"]
    var model = BadGraph.model([.make("Flatten", ["x"], "flat")] + before + [node])
    for (i, extent) in ([1, 3, 2, 2] as [Int64]).enumerated() {
      model.graph.input[0].type.tensorType.shape.dim[i].dimValue = extent
    }
    model.graph.output = [.named("label"), .named("scores")]
    return try ModelFile(bytes: try model.serializedData(), path: "small.onnx").classifier(profile: Profile())
  }

  private static let kernels: [String: @Sendable ([Float], ArraySlice<Float>) -> Double] = [
    "LINEAR": { x, s in product(x, s) }, "POLY": { x, s in pow(0.3 * product(x, s) + 0.7, 3) },
    "SIGMOID": { x, s in tanh(0.3 * product(x, s) + 0.7) },
    "RBF": { x, s in exp(-0.3 * zip(x, s).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }) },
  ]

  private static func product(_ x: [Float], _ s: ArraySlice<Float>) -> Double {
    zip(x, s).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
  }

  @Test(
    "a class's score is the smallest of its decisions against the others",
    arguments: ["LINEAR", "POLY", "SIGMOID", "RBF"])
  func votes(kernel: String) throws {
    let coefficients = randomTensor([2, 7], seed: 3).elements
    let offsets: [Float] = [0.1, -0.2, 0.3]
    let classifier = try Self.classifier(
      "SVMClassifier",
      [
        .ints("classlabels_ints", [0, 1, 2]), .ints("vectors_per_class", [2, 3, 2]),
        .floats("coefficients", coefficients), .floats("support_vectors", Self.vectors),
        .floats("rho", offsets),
        .floats("kernel_params", [0.3, 0.7, 3]), .string("kernel_type", kernel),
      ])
    let logits = try classifier.network.logits(Self.images)
    let classes = [0, 0, 1, 1, 1, 2, 2]
    for n in 0..<5 {
      let x = Array(Self.images.entryElements(n))
      let k = (0..<7).map { Self.kernels[kernel]!(x, Self.vectors[$0 * Self.size..<($0 + 1) * Self.size]) }
      var decisions = [[Double]](repeating: [.infinity, .infinity, .infinity], count: 3)
      for (p, (i, j)) in [(0, 1), (0, 2), (1, 2)].enumerated() {
        var d = Double(offsets[p])
        for m in 0..<7 where classes[m] == i { d += Double(coefficients[(j - 1) * 7 + m]) * k[m] }
        for m in 0..<7 where classes[m] == j { d += Double(coefficients[i * 7 + m]) * k[m] }
        (decisions[i][j], decisions[j][i]) = (d, -d)
      }
      let expected = decisions.map { Float($0.min()!) }
      #expect(near(Array(logits.entryElements(n)), expected, 1e-5))
    }
  }

  @Test(
    "probabilities that Platt's method fits to scores are left out, and that is said",
    arguments: [false, true])
  func platt(isFitted: Bool) throws {
    let fit: [Onnx_AttributeProto] = isFitted ? [.floats("prob_a", [-1.2]), .floats("prob_b", [0.1])] : []
    let classifier = try Self.classifier(
      "SVMClassifier",
      [
        .ints("classlabels_ints", [0, 1]), .ints("vectors_per_class", [4, 3]),
        .floats("coefficients", randomTensor([7], seed: 3).elements),
        .floats("support_vectors", Self.vectors),
        .floats("rho", [0.1]), .floats("kernel_params", [0.1, 0, 3]), .string("kernel_type", "RBF"),
      ] + fit)
    #expect(classifier.remark?.contains("Platt's method") == isFitted)
    #expect(!classifier.network.head.hasProbabilities)
  }

  @Test("a gradient of a radial kernel is that of the difference quotient")
  func gradient() throws {
    let classifier = try Self.classifier(
      "SVMClassifier",
      [
        .ints("classlabels_ints", [0, 1]), .ints("vectors_per_class", [4, 3]),
        .floats("coefficients", randomTensor([7], seed: 3).elements),
        .floats("support_vectors", Self.vectors),
        .floats("rho", [0.1]), .floats("kernel_params", [0.1, 0, 3]), .string("kernel_type", "RBF"),
      ])
    let margin = Margin.pair(own: [0], other: [1])
    let (x, v) = (Self.images.entry(0), randomTensor([1, 3, 2, 2], seed: 5))
    let gradient = try classifier.network.gradients(of: margin, at: x).gradients
    let ahead = try classifier.network.values(of: margin, at: x.adding(0.01, v))[0]
    let behind = try classifier.network.values(of: margin, at: x.adding(-0.01, v))[0]
    #expect(near(gradient.dot(v), Double(ahead - behind) / 0.02, 1e-3))
  }

  @Test(
    "scaled features and a linear classifier, with each transformation of its scores",
    arguments: ["NONE", "SOFTMAX", "LOGISTIC"])
  func linear(transformation: String) throws {
    let (weights, bias) = (
      randomTensor([3, Self.size], seed: 4).elements, [Float](arrayLiteral: 0.5, 0, -0.5)
    )
    let classifier = try Self.classifier(
      "LinearClassifier",
      [
        .strings("classlabels_strings", ["ant", "bee", "cow"]), .floats("coefficients", weights),
        .floats("intercepts", bias), .string("post_transform", transformation),
      ],
      before: [
        .make(
          "Scaler", ["flat"], "scaled", [.floats("offset", [0.5]), .floats("scale", [2])],
          domain: "ai.onnx.ml")
      ])
    #expect(classifier.classNames == ["ant", "bee", "cow"])
    let logits = try classifier.network.logits(Self.images)
    for n in 0..<5 {
      let x = Self.images.entryElements(n).map { 2 * ($0 - 0.5) }
      let expected = (0..<3).map { k in
        Float(Self.product(x, weights[k * Self.size..<(k + 1) * Self.size])) + bias[k]
      }
      #expect(near(Array(logits.entryElements(n)), expected))
    }
  }

  @Test(
    "two classes of one decision function z have the logits (0, z), and the model's own probabilities",
    arguments: ["NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO"], [false, true])
  func decisionFunction(transformation: String, isWrittenTwice: Bool) throws {
    let row = randomTensor([Self.size], seed: 4).elements
    let (weights, bias) = isWrittenTwice ? (row.map(-) + row, [-0.3, 0.3]) : (row, [0.3 as Float])
    let classifier = try Self.classifier(
      "LinearClassifier",
      [
        .ints("classlabels_ints", [0, 1]), .floats("coefficients", weights), .floats("intercepts", bias),
        .string("post_transform", transformation),
      ])
    let network = classifier.network
    let logits = try network.logits(Self.images)
    let margin = Margin.pair(own: [0, 0, 0, 0, 0], other: [1, 1, 1, 1, 1])
    let gradients = try network.gradients(of: margin, at: Self.images)
    for n in 0..<5 {
      let z = Float(Self.product(Array(Self.images.entryElements(n)), row[...]) + 0.3)
      #expect(near(Array(logits.entryElements(n)), [0, z]))
      #expect(near(Array(gradients.gradients.entryElements(n)), row))
      let p = network.head.probabilities(logits.entry(n))[0]
      let own = 1 / (1 + exp(-Double(z) * (transformation.hasPrefix("SOFTMAX") ? 2 : 1)))
      #expect(near(p[0], 1 - own, 1e-5) && near(p[1], own, 1e-5))
    }
    #expect(classifier.remark?.contains("decides by one number z") == true)
  }

  @Test("two rows of weights that are not opposite keep their two scores")
  func twoRows() throws {
    let weights = randomTensor([2, Self.size], seed: 4).elements
    let classifier = try Self.classifier(
      "LinearClassifier", [.ints("classlabels_ints", [0, 1]), .floats("coefficients", weights)])
    let logits = try classifier.network.logits(Self.images)
    for n in 0..<5 {
      let x = Array(Self.images.entryElements(n))
      let scores = [weights.prefix(Self.size), weights.suffix(Self.size)].map { Float(Self.product(x, $0)) }
      #expect(near(Array(logits.entryElements(n)), scores))
    }
  }

  @Test(
    "features are divided by their sum, their norm or the largest; a row of zeros stays",
    arguments: ["L1", "L2", "MAX"])
  func normalizer(norm: String) throws {
    let identity = (0..<Self.size * Self.size).map { $0 / Self.size == $0 % Self.size ? Float(1) : 0 }
    let classifier = try Self.classifier(
      "LinearClassifier", [.floats("coefficients", identity)],
      before: [.make("Normalizer", ["flat"], "scaled", [.string("norm", norm)], domain: "ai.onnx.ml")])
    let x = Self.images.entryElements(0).map(Double.init)
    let length =
      switch norm {
      case "L1": x.reduce(0) { $0 + abs($1) }
      case "L2": x.reduce(0) { $0 + $1 * $1 }.squareRoot()
      default: x.max()!
      }
    let logits = try classifier.network.logits(Self.images.entry(0))
    #expect(near(logits.elements, x.map { Float($0 / length) }))
    #expect(try classifier.network.logits(Tensor(zeros: [1, 3, 2, 2])).elements.allSatisfy { $0 == 0 })
  }
}

extension Onnx_AttributeProto {
  private static func make(_ name: String, _ type: AttributeType, _ set: (inout Self) -> Void) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type) = (name, type)
    set(&attribute)
    return attribute
  }

  static func floats(_ name: String, _ x: [Float]) -> Self { make(name, .floats) { $0.floats = x } }
  static func string(_ name: String, _ x: String) -> Self { make(name, .string) { $0.s = Data(x.utf8) } }
  static func strings(_ name: String, _ x: [String]) -> Self {
    make(name, .strings) { $0.strings = x.map { Data($0.utf8) } }
  }
}

extension Onnx_TensorProto {
  static func values(_ name: String, _ extents: [Int64], _ x: [Float]) -> Self {
    var tensor = Self()
    (tensor.name, tensor.dataType, tensor.dims, tensor.floatData) = (name, 1, extents, x)
    return tensor
  }

  static func random(_ name: String, _ extents: [Int64], seed: UInt64) -> Self {
    values(name, extents, randomTensor(Shape(extents.map { Int($0) }), seed: seed, deviation: 0.3).elements)
  }

  static func strings(_ name: String, _ x: [String]) -> Self {
    var tensor = Self()
    (tensor.name, tensor.dataType, tensor.dims) = (name, 8, [Int64(x.count)])
    tensor.stringData = x.map { Data($0.utf8) }
    return tensor
  }
}
