internal import Foundation
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import Testing

@testable internal import ONNX

/// Inputs of every number and rank for every operator: each is taken, or refused in a sentence.
@Suite("Operands of every rank")
struct OperandRankTests {
  @Test("no operator traps", arguments: ModelFile.operatorNames)
  func taken(name: String) throws {
    for variant in Variant.all {
      do {
        let bytes = try Self.model(name, variant).serializedData()
        _ = try ModelFile(bytes: bytes, path: "ranks.onnx").classifier(profile: Profile())
      } catch {
        #expect(error is ModelError && "\(error)".count <= 300, "\(error)")
      }
    }
  }

  private enum First: String, CaseIterable {
    case flowing = "f"
    case known = "c"
    case absent = ""
  }

  /// What the node is given.
  private struct Variant {
    /// The first input: of the image, a constant, or left out.
    let first: First
    let rank: Int
    let count: Int
    /// The rank of all other inputs, and whether those hold integers.
    let others: Int
    let isInteger: Bool
    /// Whether the node has attributes that many operators need.
    let isTold: Bool

    static let all: [Variant] = First.allCases.flatMap { first in
      (first == .absent ? 2...3 : 0...6).flatMap { rank in
        [(0, 0), (1, 0), (2, rank), (2, 1), (3, 0), (3, rank), (4, 1), (6, 2), (9, rank)].flatMap {
          count, others in
          (count > 1 ? [false, true] : [false]).flatMap { isInteger in
            [false, true].map { isTold in
              Variant(
                first: first, rank: rank, count: count, others: others, isInteger: isInteger,
                isTold: isTold)
            }
          }
        }
      }
    }
  }

  private static let attributes: [Onnx_AttributeProto] = [
    .int("num_heads", 1), .int("axis", 1), .int("hidden_size", 2), .int("blocksize", 2),
    .int("num_groups", 1),
    .int("groups", 1), .int("size", 3), .int("to", 1), .int("block_size", 1), .int("kv_num_heads", 1),
    .int("q_num_heads", 1), .int("do_rotary", 1), .ints("kernel_shape", [1, 1]), .float("epsilon", 1e-5),
  ]

  /// A node whose first input has a rank, of the image where it is flowing; the others are constants of another rank.
  private static func model(_ name: String, _ variant: Variant) -> Onnx_ModelProto {
    let extents = Self.extents(variant.rank)
    var weights = [tensor("c", variant.rank, isInteger: false)]
    // So many of the image's 192 elements.
    weights.append(.integers("begin", [0]))
    weights.append(.integers("end", [extents.reduce(1, *)]))
    weights.append(.integers("axis", [0]))
    weights.append(.integers("shape", extents))
    weights.append(.integers("all", [-1]))
    let inputs = ([variant.first.rawValue] + (1..<max(1, variant.count)).map { "w\($0)" }).prefix(
      variant.count)
    for word in inputs.dropFirst() {
      weights.append(tensor(word, variant.others, isInteger: variant.isInteger))
    }
    let parts = name.split(separator: ".")
    var node = Onnx_NodeProto.make(
      String(parts.last!), Array(inputs), "z", name: "n", variant.isTold ? attributes : [])
    node.domain = parts.dropLast().joined(separator: ".")
    return BadGraph.model(
      [
        .make("Reshape", ["x", "all"], "flat"), .make("Slice", ["flat", "begin", "end", "axis"], "part"),
        .make("Reshape", ["part", "shape"], "f"), node, .make("Flatten", ["x"], "q"),
        .make("ReduceSum", ["z"], "r", [.int("keepdims", 0)]), .make("Cast", ["r"], "g", [.int("to", 1)]),
        .make("Add", ["q", "g"], "y"),
      ], weights: weights)
  }

  /// One entry of two along each axis.
  private static func extents(_ rank: Int) -> [Int64] {
    [Int64](([1] + [Int64](repeating: 2, count: 6)).prefix(rank))
  }

  private static func tensor(_ name: String, _ rank: Int, isInteger: Bool) -> Onnx_TensorProto {
    let extents = Self.extents(rank)
    let count = Int(extents.reduce(1, *))
    if isInteger {
      var tensor = Onnx_TensorProto.integers(name, (0..<count).map { Int64($0 % 2) })
      tensor.dims = extents
      return tensor
    }
    var tensor = Onnx_TensorProto.floats(name, extents)
    tensor.floatData = (0..<count).map { Float($0 % 2) + 0.5 }
    return tensor
  }
}
