internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import TestSupport
internal import Testing

@testable internal import ONNX

/// Models for sixteen images at once, whose stated shapes could be meant in several ways.
@Suite("Stated batches")
struct StatedBatchTests {
  /// Attention over 16 rows of an image, of 4 heads of 4, as PyTorch writes it with the sequence first: every extent is
  /// a multiple of the number of images.
  private static let nodes: [Onnx_NodeProto] = [
    .make("Reshape", ["x", "rows"], "n"), .make("Transpose", ["n"], "l", [.ints("perm", [1, 0, 2])]),
    .make("MatMul", ["l", "w"], "q"), .make("Reshape", ["q", "heads"], "h"),
    .make("Transpose", ["h"], "a", [.ints("perm", [1, 0, 2])]),
    .make("Transpose", ["a"], "t", [.ints("perm", [0, 2, 1])]), .make("MatMul", ["a", "t"], "s"),
    .make("Softmax", ["s"], "p", [.int("axis", -1)]), .make("MatMul", ["p", "a"], "o"),
    .make("Transpose", ["o"], "b", [.ints("perm", [1, 0, 2])]), .make("Reshape", ["b", "flat"], "f"),
    .make("MatMul", ["f", "w"], "g"), .make("Reshape", ["g", "sequence"], "c"),
    .make("Transpose", ["c"], "d", [.ints("perm", [1, 0, 2])]),
    .make("ReduceMean", ["d"], "m", [.ints("axes", [1]), .int("keepdims", 0)]),
    .make("MatMul", ["m", "v"], "y"),
  ]

  private static let model = {
    var model = BadGraph.model(
      nodes,
      weights: [
        .integers("rows", [16, 16, 16]), .integers("heads", [16, 64, 4]), .integers("flat", [256, 16]),
        .integers("sequence", [16, 16, 16]), .numbers("w", [16, 16]) { Float($0 * 7 % 11) / 10 - 0.5 },
        .numbers("v", [16, 3]) { Float($0 * 5 % 7) / 3 - 1 },
      ])
    model.graph.input[0].type.tensorType.shape.dim = ([16, 1, 16, 16] as [Int64]).map { extent in
      var dimension = Onnx_TensorShapeProto.Dimension()
      dimension.dimValue = Int64(extent)
      return dimension
    }
    return model
  }()

  @Test("an image has the scores that the graph gives it among sixteen")
  func scores() throws {
    let file = try ModelFile(bytes: try Self.model.serializedData(), path: "sixteen.onnx")
    let images = randomTensor([16, 1, 16, 16], seed: 4)
    let right = try file.evaluate(["x": Value(images)])[0].value.tensor
    let classifier = try file.classifier(profile: Profile())
    #expect(classifier.network.classCount == 3)
    #expect(classifier.remark?.contains("16 images at once") == true)
    let found = try classifier.network.logits(images)
    #expect(near(found.elements, right.elements, 1e-5))
  }

  @Test("images lie behind the same elements in every shape")
  func places() {
    #expect(ImagePlace.all(behind: 1, in: [1, 16, 4]).first == ImagePlace(axis: 0))
    #expect(
      ImagePlace.all(behind: 16, in: [16, 4, 4]) == [ImagePlace(axis: 0, outer: 16), ImagePlace(axis: 1)])
    #expect(ImagePlace.all(behind: 16, in: [64, 4]) == [ImagePlace(axis: 0, outer: 16)])
    #expect(ImagePlace(axis: 1, outer: 2).elements(before: [3, 8, 5]) == 6)
  }
}

/// Products whose factors come transposed with their batches, as ONNX Runtime fuses them.
@Suite("Fused products")
struct FusedProductTests {
  @Test("factors are transposed in their batches first, then in their matrices", arguments: [0, 1], [0, 1])
  func transposed(batch: Int64, matrix: Int64) throws {
    // A of 2×3×4×5 before any transposition that is asked for, B the same; A·A' has to be a product.
    let a = randomTensor([2, 3, 4, 5], seed: 1)
    var right = a
    if batch == 1 { right = Transpose(permutation: [1, 2, 0, 3]).forward([right]) }
    if matrix == 1 { right = Transpose(permutation: [0, 1, 3, 2]).forward([right]) }
    let wide = right.shape
    let b = randomTensor([wide[0], wide[1], wide[3], 2], seed: 2)
    let model = BadGraph.model([
      .make(
        "FusedMatMul", ["x", "b"], "y",
        [.int("transBatchA", batch), .int("transA", matrix), .float("alpha", 0.5)], domain: "com.microsoft")
    ])
    var file = model
    file.graph.input.append(.named("b"))
    let found = try ModelFile(bytes: try file.serializedData(), path: "fused.onnx")
      .evaluate(["x": Value(a), "b": Value(b)])[0].value.tensor
    let (m, k) = (wide[2], wide[3])
    #expect(found.shape == [wide[0], wide[1], m, 2])
    for outer in 0..<wide[0] * wide[1] {
      for i in 0..<m {
        for j in 0..<2 {
          let sum = (0..<k).reduce(Float(0)) {
            $0 + right.elements[(outer * m + i) * k + $1] * b.elements[(outer * k + $1) * 2 + j]
          }
          #expect(abs(found.elements[(outer * m + i) * 2 + j] - 0.5 * sum) < 1e-4)
        }
      }
    }
  }
}
