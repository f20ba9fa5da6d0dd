internal import Foundation
internal import Networks
internal import ONNX
internal import Testing

@Suite("Inspection")
struct InspectionTests {
  @Test("what is in a model is told")
  func classifier() throws {
    let inspection = try ModelFile(path: Fixtures.path("channels_last")).inspection(
      profile: Profile())
    #expect(inspection.opset == 11)
    #expect(inspection.input?.name == "x")
    #expect(inspection.input?.shape == [1, 7, 7, 3])
    #expect(inspection.input?.layout == "nhwc")
    #expect(inspection.outputs.map(\.name) == ["y"])
    #expect(inspection.outputs[0].shape == [-1, 5])
    #expect(inspection.classes == 5)
    #expect(inspection.parameters == 4 * 27 + 4 + 36 * 5)
    #expect(inspection.multiplyAdds == 9 * 4 * 27 + 36 * 5)
    #expect(
      inspection.operators == ["Transpose": 2, "Conv": 1, "PRelu": 1, "Reshape": 1, "MatMul": 1])
    #expect(inspection.piecewiseLinear == true)
    #expect(inspection.unsupported.isEmpty)
  }

  @Test("a model with operators that are missing is told apart from a broken one")
  func unsupported() throws {
    let inspection = try ModelFile(path: Fixtures.path("missing_operators")).inspection(
      profile: Profile())
    #expect(inspection.classes == nil)
    #expect(inspection.unsupported.map(\.operator) == ["BitwiseNot", "BitwiseNot", "Bernoulli"])
    #expect(inspection.unsupported.map(\.node) == ["first", "second", "third"])
    #expect(inspection.problem?.contains("BitwiseNot") == true)
  }

  @Test("layers, the kind of output and the reading of pixels are told")
  func layers() throws {
    let file = try ModelFile(path: Fixtures.path("convnet"))
    let inspection = file.inspection(profile: Profile(mean: [0.5], std: [0.25]))
    #expect(inspection.outputKind == "softmax")
    #expect(inspection.layers?.last?.operator == "Gemm")
    #expect(inspection.layers?.last?.shape == [1, 4])
    #expect(inspection.layers?.reduce(0) { $0 + $1.multiplyAdds } == inspection.multiplyAdds)
    #expect(inspection.layers?.contains { $0.regularity == "smooth" } == false)
    #expect(inspection.preprocessing?.source == .option)
    #expect(inspection.preprocessing?.mean == [0.5])
    #expect(inspection.preprocessing?.std == [0.25])
    #expect(inspection.preprocessing?.sentence == "(x − 0.5)/0.25 of 0 to 1, RGB (options)")
    let plain = file.inspection(profile: Profile()).preprocessing
    #expect(plain?.source == Preprocessing.Source.none)
    #expect(plain?.sentence == "0 to 1, RGB, as they are: nothing says what the model wants")
  }

  @Test("the JSON has the promised keys")
  func keys() throws {
    let inspection = try ModelFile(path: Fixtures.path("convnet")).inspection(profile: Profile())
    let object =
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(inspection)) as? [String: Any]
    let promised = [
      "format", "opset", "input", "outputs", "classes", "parameters", "multiplyAdds", "operators",
      "piecewiseLinear", "unsupported",
    ]
    #expect(Set(promised).isSubset(of: Set(object?.keys ?? [:].keys)))
  }
}
