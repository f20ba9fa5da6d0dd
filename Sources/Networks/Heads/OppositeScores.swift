internal import Tensors

extension Graph {
  /// The same classifier with the logits (0, z), where it gives two classes the scores −z and z.
  ///
  /// Classical classifiers decide between two classes by the sign of one decision function z and write it down for
  /// both. With (0, z) the margin is z, not 2z; probabilities stay those of the model's own head.
  /// - Returns: nil where the scores are not one number and its opposite.
  public func separatingOpposites(behind head: Head) -> (graph: Graph, head: Head)? {
    guard !head.isBinary, case .node(let i) = unshaped(output), nodes[i].operation is Concatenation,
      nodes[i].inputs.count == 2
    else { return nil }
    let (first, second) = (unshaped(nodes[i].inputs[0]), unshaped(nodes[i].inputs[1]))
    guard isOpposite(first, of: second) || isOpposite(second, of: first),
      let shapes = try? outputShapes(batch: 1), shape(of: second, nodes: shapes, batch: 1).count == 1
    else { return nil }
    return (twoClasses(second, shapes, rises: true, at: 0), head.ofOpposites)
  }

  private func isOpposite(_ operand: Operand, of other: Operand) -> Bool {
    guard case .node(let i) = operand, let affine = nodes[i].operation as? Affine else { return false }
    return affine.scale == -1 && affine.shift == 0 && unshaped(nodes[i].inputs[0]) == other
  }
}
