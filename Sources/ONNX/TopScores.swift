internal import Networks
internal import ONNXSchema

// Ends of models that give the largest scores and their places, joined or turned into shares.

extension Importer {
  /// The scores from which a node's largest were picked, and the operators from there on; nil where it gives no such.
  ///
  /// It may join values and places, pick by places, or be a function of each value or of the row of values, whose order
  /// has left the classes behind.
  func scoresBeforeTop(_ node: Onnx_NodeProto, moving: [String]) -> (scores: String, operators: [String])? {
    if node.opType == "GatherElements", moving.count == 2, top(behind: node.input[1]) != nil {
      return (node.input[0], ["TopK", node.opType])
    }
    guard node.opType == "Concat" || moving.count == 1 && Self.functions.contains(node.place.type),
      let top = moving.first.flatMap(top), let scores = top.input.first,
      moving.allSatisfy({ self.top(behind: $0)?.output == top.output })
    else { return nil }
    return (scores, ["TopK", node.opType])
  }

  /// Functions of each value, or of a row of them, that keep its order.
  private static let functions: Set = ["Softmax", "LogSoftmax", "Sigmoid", "Exp", "Log", "Mul", "Div", "Add"]

  /// The TopK whose values or places a value is, in whatever shape; nil where it is none.
  private func top(behind name: String) -> Onnx_NodeProto? {
    var name = name
    for _ in 0..<32 {
      guard let node = producer(of: name) else { return nil }
      if node.place.type == "TopK" { return node }
      let moving = node.input.filter { ancestors(of: $0).takeImage }
      guard moving.count == 1, Decision.wraps(node) || Self.functions.contains(node.place.type) else {
        return nil
      }
      name = moving[0]
    }
    return nil
  }
}
