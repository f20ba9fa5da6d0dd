import Experiments
import Foundation
import Images
import Networks
import ONNX
import ONNXSchema
import SwiftProtobuf
import Tensors
import TestSupport
import Testing

@testable import Laboratory

/// Models that leave the size of their images open.
@Suite("Open sizes")
struct OpenSizeTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// n×3×h×w → means of the channels, or of what a dense layer for 48 numbers makes of them.
  private func model(pools: Bool) throws -> String {
    func node(_ type: String, _ inputs: [String], _ output: String) -> Onnx_NodeProto {
      var node = Onnx_NodeProto()
      (node.opType, node.input, node.output) = (type, inputs, [output])
      return node
    }
    func value(_ name: String, _ extents: [Int64?]) -> Onnx_ValueInfoProto {
      var value = Onnx_ValueInfoProto()
      value.name = name
      value.type.tensorType.elemType = 1
      for (i, extent) in extents.enumerated() {
        var dimension = Onnx_TensorShapeProto.Dimension()
        if let extent { dimension.dimValue = extent } else { dimension.dimParam = "d\(i)" }
        value.type.tensorType.shape.dim.append(dimension)
      }
      return value
    }
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var opset = Onnx_OperatorSetIdProto()
    opset.version = 13
    model.opsetImport = [opset]
    model.graph.input = [value("x", [nil, 3, nil, nil])]
    model.graph.output = [value("y", [nil, 3])]
    var weights = Onnx_TensorProto()
    (weights.name, weights.dims, weights.dataType) = ("w", [48, 3], 1)
    weights.floatData = (0..<144).map { Float($0 % 5) - 2 }
    model.graph.initializer = [weights]
    model.graph.node =
      pools
      ? [node("GlobalAveragePool", ["x"], "p"), node("Flatten", ["p"], "y")]
      : [node("Flatten", ["x"], "f"), node("MatMul", ["f", "w"], "y")]
    let path = "\(folder.path)/\(pools ? "pools" : "dense").onnx"
    try model.serializedData().write(to: URL(filePath: path))
    return path
  }

  private func pictures(_ name: String, _ sizes: [(Int, Int)]) throws -> String {
    let root = "\(folder.path)/\(name)"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    for (i, (height, width)) in sizes.enumerated() {
      let bytes = [UInt8](repeating: UInt8(40 * i + 10), count: 3 * height * width)
      try PNG.write(
        Images.Picture(width: width, height: height, channels: 3, bytes: bytes), to: "\(root)/\(i).png")
    }
    return root
  }

  @Test("are those of the images, where these all have one, and that is said")
  func taken() throws {
    let images = try pictures("even", [(5, 7), (5, 7)])
    let pair = try OpenPair(path: try model(pools: true), options: Profile(), images: images)
    #expect(pair.model.imageShape == [3, 5, 7])
    #expect(pair.model.preprocessing.size.source == .images)
    #expect(pair.model.lines.contains("size: 5×7, that of the images: the model leaves it open"))
    #expect(try pair.model.images(of: pair.set, 0..<2).count == 2)
  }

  @Test("are asked for where the images differ, or where the range does not")
  func differing() throws {
    let (images, model) = (try pictures("odd", [(5, 7), (6, 7), (6, 7)]), try model(pools: true))
    let error = #expect(throws: (any Error).self) {
      try OpenPair(path: model, options: Profile(), images: images)
    }
    #expect("\(error!)".contains("differ in size") && "\(error!)".contains("--resize"))
    let pair = try OpenPair(path: model, options: Profile(), images: images, range: 1..<3)
    #expect(pair.model.imageShape == [3, 6, 7])
    #expect(throws: (any Error).self) { try pair.model.images(of: pair.set, 0..<3) }
  }

  @Test("that the network does not take end in a sentence with the way out")
  func refused() throws {
    let (images, model) = (try pictures("even", [(5, 7)]), try model(pools: false))
    let error = #expect(throws: Refusal.self) {
      try OpenPair(path: model, options: Profile(), images: images)
    }
    let sentence = "\(error!.description)"
    #expect(sentence.contains("--resize HxW") && sentence.contains("5×7") && sentence.count <= 300)
    let own = try OpenPair(
      path: model, options: Profile(resize: .exactly(height: 4, width: 4)), images: images)
    #expect(own.model.imageShape == [3, 4, 4])
  }

  @Test("yield to what a person, or a file beside the model, says")
  func overruled() throws {
    let images = try pictures("even", [(5, 7)])
    let pair = try OpenPair(
      path: try model(pools: true), options: Profile(resize: .exactly(height: 3, width: 2)), images: images)
    #expect(pair.model.imageShape == [3, 3, 2])
    #expect(pair.model.preprocessing.size.source == .option)
  }
}
