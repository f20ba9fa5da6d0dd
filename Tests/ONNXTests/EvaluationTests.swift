internal import ONNX
internal import Tensors
internal import TestSupport
internal import Testing

@Suite("Evaluation of any graph")
struct EvaluationTests {
  @Test("all outputs are computed, for as many images as are given")
  func outputs() throws {
    let expected = try Fixtures.expectation("tokens")
    let file = try ModelFile(path: Fixtures.path("tokens"))
    let image = expected.images.entry(1)
    let results = try file.evaluate(["x": Value(image)])
    #expect(results.map(\.name) == ["other", "logits"])
    #expect(results[0].value.shape == [1, 5])
    #expect(distance(results[1].value.tensor.elements, Array(expected.logits[3...])) < 2e-5)
  }

  @Test("a graph that is no classifier is evaluated too")
  func twoInputs() throws {
    let file = try ModelFile(path: Fixtures.path("two_inputs"))
    let x = Tensor(repeating: 2, shape: [1, 3, 4, 4])
    let z = Tensor(repeating: 0.5, shape: [1, 48])
    #expect(
      try file.evaluate(["x": Value(x), "z": Value(z)])[0].value.tensor
        == Tensor(repeating: 2.5, shape: [1, 48]))
    #expect(throws: ModelError.badInput(name: "z", problem: "is missing")) {
      try file.evaluate(["x": Value(x)])
    }
  }
}
