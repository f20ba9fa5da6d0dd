internal import Foundation
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import TestSupport
internal import Testing

@testable internal import ONNX

/// Graphs that are well-formed files and make no sense: each is refused in one sentence that names the node.
@Suite("Bad graphs")
struct BadGraphTests {
  @Test("a graph that makes no sense is refused in one sentence", arguments: BadGraph.all)
  func refused(graph: BadGraph) throws {
    let bytes = try graph.model.serializedData()
    let error = #expect(throws: ModelError.self) {
      try ModelFile(bytes: bytes, path: Fixtures.path("bad")).classifier(profile: Profile())
    }
    #expect("\(error!)" == graph.sentence)
  }

  @Test("graphs within graphs end somewhere")
  func nesting() throws {
    // A node (1) with an attribute (5) that is a graph (6), deeper than any library writes.
    var bytes: [UInt8] = []
    for _ in 0..<2000 { bytes = Self.field(1, Self.field(5, Self.field(6, bytes))) }
    bytes = Self.field(7, bytes)
    #expect(throws: ModelError.self) { try ModelFile(bytes: Data(bytes), path: "deep.onnx") }
  }

  @Test("a file of empty parts without end is refused before it fills the memory")
  func manyParts() {
    let empty = [UInt8](repeating: 0, count: 0)
    let node = Self.field(1, empty)
    let nodes = (0..<5_000_000).flatMap { _ in node }
    let error = #expect(throws: ModelError.self) {
      try ModelFile(bytes: Data(Self.field(7, nodes)), path: "bomb.onnx")
    }
    #expect(
      "\(error!)"
        == "bomb.onnx is not an ONNX model: it has more than 4194304 parts, which no trained network has")
  }

  @Test("external data that lead out of the folder by a link are refused")
  func link() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "BadGraphs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appending(path: "w.data"), withDestinationURL: URL(filePath: "/etc/hostname"))
    var tensor = Onnx_TensorProto()
    tensor.name = "w"
    tensor.dims = [2]
    tensor.dataType = 1
    tensor.dataLocation = .external
    var entry = Onnx_StringStringEntryProto()
    (entry.key, entry.value) = ("location", "w.data")
    tensor.externalData = [entry]
    let bytes = try BadGraph.model([.make("Add", ["x", "w"], "y")], weights: [tensor]).serializedData()
    let error = #expect(throws: ModelError.self) {
      try ModelFile(bytes: bytes, path: folder.appending(path: "m.onnx").path)
    }
    #expect("\(error!)" == "tensor 'w' has its data in 'w.data', which leads outside the model's folder")
  }

  /// A field of bytes in the wire format.
  private static func field(_ number: Int, _ content: [UInt8]) -> [UInt8] {
    var (length, rest): ([UInt8], Int) = ([], content.count)
    repeat {
      length.append(UInt8(rest & 0x7f) | (rest >= 0x80 ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return [UInt8(number << 3 | 2)] + length + content
  }
}

/// A model that is refused, and the sentence with which it is.
struct BadGraph: Sendable, CustomStringConvertible {
  let description: String
  let model: Onnx_ModelProto
  let sentence: String

  init(_ description: String, _ nodes: [Onnx_NodeProto], weights: [Onnx_TensorProto] = [], _ sentence: String)
  {
    self.description = description
    model = Self.model(nodes, weights: weights)
    self.sentence = sentence
  }

  private init(_ description: String, model: Onnx_ModelProto, _ sentence: String) {
    self.description = description
    self.model = model
    self.sentence = sentence
  }

  /// x 1×3×8×8 → y.
  static func model(_ nodes: [Onnx_NodeProto], weights: [Onnx_TensorProto] = []) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var opset = Onnx_OperatorSetIdProto()
    opset.version = 17
    model.opsetImport = [opset]
    model.graph.node = nodes
    model.graph.initializer = weights
    var x = Onnx_ValueInfoProto()
    x.name = "x"
    x.type.tensorType.elemType = 1
    x.type.tensorType.shape.dim = ([1, 3, 8, 8] as [Int64]).map { extent in
      var dimension = Onnx_TensorShapeProto.Dimension()
      dimension.dimValue = extent
      return dimension
    }
    var y = Onnx_ValueInfoProto()
    y.name = "y"
    model.graph.input = [x]
    model.graph.output = [y]
    return model
  }

  static let all: [BadGraph] = shapes + attributes + wiring + bodies

  private static let shapes = [
    BadGraph(
      "extents that overflow", [.make("Reshape", ["x", "s"], "y", name: "r")],
      weights: [.integers("s", [4_611_686_018_427_387_904, 4])],
      "Reshape 'r': cannot give an array of 4611686018427387904×4"),
    BadGraph(
      "negative extents", [.make("Reshape", ["x", "s"], "y", name: "r")],
      weights: [.integers("s", [-2, 96])],
      "Reshape 'r': cannot give an array of -2×96"),
    BadGraph(
      "an array without end", [.make("Tile", ["x", "n"], "y", name: "t")],
      weights: [.integers("n", [1, 1 << 20, 1 << 20, 1 << 20])],
      "Tile 't': cannot give an array of 1×3145728×8388608×8388608"),
    BadGraph(
      "a rank that does not fit", [.make("Conv", ["x", "w"], "y", name: "c")],
      weights: [.floats("w", [4, 3, 3])],
      "the model needs operators that are not supported: Conv with filters of 4×3×3 on an input of 1×3×8×8 ('c')"
    ),
    BadGraph(
      "matrices that do not fit", [.make("MatMul", ["x", "w"], "y", name: "m")],
      weights: [.floats("w", [5, 2])],
      "MatMul 'm': 1×3×8×8 and 5×2 do not match"),
    BadGraph(
      "an index beyond the end", [.make("Gather", ["x", "i"], "y", name: "g")],
      weights: [.integers("i", [7])],
      "Gather 'g': an index lies outside axis 0 of 1×3×8×8"),
    BadGraph(
      "a step of the smallest integer", [.make("Slice", ["x", "s", "e", "a", "t"], "y", name: "s")],
      weights: [.integers("s", [0]), .integers("e", [9]), .integers("a", [2]), .integers("t", [.min])],
      "Slice 's': leaves nothing of 1×3×8×8"),
  ]

  private static let attributes = [
    BadGraph(
      "an attribute of the wrong type", [.make("Concat", ["x", "x"], "y", name: "c", [.float("axis", 1)])],
      "Concat 'c': axis is of type float, not int"),
    BadGraph(
      "a stride of zero",
      [.make("MaxPool", ["x"], "y", name: "p", [.ints("kernel_shape", [2, 2]), .ints("strides", [0, 1])])],
      "MaxPool 'p': strides is [0, 1], not 2 numbers of at least 1"),
    BadGraph(
      "a kernel of no axes", [.make("MaxPool", ["x"], "y", name: "p", [.ints("kernel_shape", [])])],
      "MaxPool 'p': its kernel of [] does not fit 1×3×8×8"),
    BadGraph(
      "a number that is none", [.make("LeakyRelu", ["x"], "y", name: "l", [.float("alpha", .nan)])],
      "LeakyRelu 'l': alpha is not a finite number"),
    BadGraph(
      "an axis that is not there", [.make("Softmax", ["x"], "y", name: "s", [.int("axis", 9)])],
      "Softmax 's': axis 9 does not exist in an array of 4 axes"),
    BadGraph(
      "a reference outside a function", [.make("Softmax", ["x"], "y", name: "s", [.reference("axis", "k")])],
      "Softmax 's': axis refers to a function's attribute outside of a function"),
  ]

  private static let wiring = [
    BadGraph(
      "a cycle of two",
      [
        .make("Add", ["x", "b"], "a", name: "p"), .make("Relu", ["a"], "b", name: "q"),
        .make("Relu", ["b"], "y"),
      ],
      "Relu 'q' depends on its own output; an ONNX graph has no cycles"),
    BadGraph(
      "a name that nothing gives", [.make("Add", ["x", "ghost"], "y", name: "a")],
      "Add 'a' takes 'ghost', which nothing in the model gives"),
    BadGraph(
      "two nodes with one output",
      [.make("Relu", ["x"], "y", name: "a"), .make("Neg", ["x"], "y", name: "b")],
      "Neg 'b': gives 'y', which another node gives too"),
    BadGraph("a missing input", [.make("MatMul", ["x"], "y", name: "m")], "MatMul 'm': input 1 is missing"),
  ]

  private static let bodies: [BadGraph] = {
    var calls = model([.make("F", ["x"], "y", name: "call", domain: "own")])
    var function = Onnx_FunctionProto()
    (function.name, function.domain, function.input, function.output) = ("F", "own", ["a"], ["b"])
    function.node = [.make("F", ["a"], "b", name: "again", domain: "own")]
    calls.functions = [function]

    var endless = Onnx_GraphProto()
    endless.input = ["i", "c", "v"].map { .named($0) }
    endless.output = ["c", "v"].map { .named($0) }
    let loop = Onnx_NodeProto.make("Loop", ["", "go", "x"], "y", name: "l", [.graph("body", endless)])
    var flag = Onnx_TensorProto()
    (flag.name, flag.dataType, flag.int32Data) = ("go", 9, [1])
    return [
      BadGraph(
        "a function that calls itself", model: calls,
        "own.F 'again': is nested more than 24 functions or branches deep, or calls itself"),
      BadGraph(
        "a loop without end", model: model([loop], weights: [flag]),
        "Loop 'l': repeats more than 65536 times"),
      BadGraph(
        "a branch without a body", [.make("Relu", ["x"], "z"), .make("If", ["go"], "y", name: "i")],
        weights: [flag],
        "If 'i': then_branch is missing"),
    ]
  }()
}

extension Onnx_NodeProto {
  static func make(
    _ type: String, _ inputs: [String], _ output: String, name: String = "",
    _ attributes: [Onnx_AttributeProto] = [],
    domain: String = ""
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    (node.opType, node.input, node.output, node.name, node.domain) = (type, inputs, [output], name, domain)
    node.attribute = attributes
    return node
  }
}

extension Onnx_AttributeProto {
  private static func make(_ name: String, _ type: AttributeType, _ set: (inout Self) -> Void) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type) = (name, type)
    set(&attribute)
    return attribute
  }

  static func int(_ name: String, _ x: Int64) -> Self { make(name, .int) { $0.i = x } }
  static func float(_ name: String, _ x: Float) -> Self { make(name, .float) { $0.f = x } }
  static func ints(_ name: String, _ x: [Int64]) -> Self { make(name, .ints) { $0.ints = x } }
  static func graph(_ name: String, _ x: Onnx_GraphProto) -> Self { make(name, .graph) { $0.g = x } }
  static func reference(_ name: String, _ other: String) -> Self {
    make(name, .int) { $0.refAttrName = other }
  }
}

extension Onnx_TensorProto {
  static func integers(_ name: String, _ x: [Int64]) -> Self {
    var tensor = Self()
    (tensor.name, tensor.dataType, tensor.dims, tensor.int64Data) = (name, 7, [Int64(x.count)], x)
    return tensor
  }

  static func floats(_ name: String, _ extents: [Int64]) -> Self {
    var tensor = Self()
    (tensor.name, tensor.dataType, tensor.dims) = (name, 1, extents)
    tensor.floatData = [Float](repeating: 0.5, count: Int(extents.reduce(1, *)))
    return tensor
  }
}

extension Onnx_ValueInfoProto {
  static func named(_ name: String) -> Self {
    var info = Self()
    info.name = name
    return info
  }
}
