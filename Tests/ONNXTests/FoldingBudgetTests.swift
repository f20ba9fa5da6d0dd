internal import Foundation
internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import TestSupport
internal import Testing

@testable internal import ONNX

/// A few bytes that ask for the memory or the time of a whole machine are refused before they have it.
@Suite("Folding within bounds")
struct FoldingBudgetTests {
  /// `rounds` times `nodes` on a carried constant of one number, whose sum is added to the image.
  private static func loop(_ nodes: [Onnx_NodeProto], rounds: Int64, gathers: Bool = false) -> Onnx_ModelProto
  {
    var body = Onnx_GraphProto()
    body.name = "body"
    body.node = nodes + [.make("Identity", ["goes"], "goes2")]
    body.input = [.named("i"), .named("goes"), .named("s")]
    body.output = [.named("goes2"), .named("s2")] + (gathers ? [.named("s")] : [])
    var loop = Onnx_NodeProto.make("Loop", ["n", "c", "k"], "last", name: "loop", [.graph("body", body)])
    if gathers { loop.output.append("all") }
    var (count, flag, one) = (
      Onnx_TensorProto.integers("n", [rounds]), Onnx_TensorProto.integers("c", [1]),
      Onnx_TensorProto.floats("k", [1])
    )
    (count.dims, flag.dims, flag.dataType, flag.int64Data, flag.int32Data) = ([], [], 9, [], [1])
    one.floatData = [1]
    return BadGraph.model(
      [
        loop, .make("ReduceSum", [gathers ? "all" : "last"], "r", [.int("keepdims", 0)]),
        .make("Flatten", ["x"], "q"), .make("Add", ["q", "r"], "y"),
      ], weights: [count, flag, one])
  }

  /// In bytes, of this process.
  private static var peakMemory: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss << 10
  }

  static let bombs: [(String, Onnx_ModelProto)] = [
    ("a constant that is doubled", loop([.make("Concat", ["s", "s"], "s2", [.int("axis", 0)])], rounds: 40)),
    (
      "a constant that is gathered",
      loop([.make("Concat", ["s", "k"], "s2", [.int("axis", 0)])], rounds: 60_000, gathers: true)
    ),
    (
      "repetitions",
      BadGraph.model(
        [
          .make("Tile", ["k", "t"], "a"), .make("Tile", ["a", "t"], "b"),
          .make("ReduceSum", ["b"], "sum", [.int("keepdims", 0)]),
          .make("Cast", ["sum"], "r", [.int("to", 1)]), .make("Flatten", ["x"], "q"),
          .make("Add", ["q", "r"], "y"),
        ], weights: [.integers("k", [1]), .integers("t", [14_000])])
    ),
  ]

  @Test("bombs are refused in a sentence, and cost less than a gigabyte", arguments: bombs.indices)
  func refused(_ i: Int) throws {
    let (name, model) = Self.bombs[i]
    let before = Self.peakMemory
    let error = #expect(throws: ModelError.self, "\(name)") {
      try ModelFile(bytes: try model.serializedData(), path: "bomb.onnx").classifier(profile: Profile())
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains("the arithmetic on constants"), "\(name): \(error!)")
    // A sanitizer keeps books on all memory.
    #expect(Self.peakMemory - before < (sanitizerSettings.isEmpty ? 1 << 30 : 3 << 30))
  }

  @Test("what a loop of ordinary size makes is made")
  func ordinary() throws {
    let model = Self.loop([.make("Concat", ["s", "s"], "s2", [.int("axis", 0)])], rounds: 12)
    let file = try ModelFile(bytes: try model.serializedData(), path: "loop.onnx")
    #expect(try file.classifier(profile: Profile()).network.classCount == 192)
  }
}
