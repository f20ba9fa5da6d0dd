internal import Networks
internal import Tensors

/// `Einsum` of two arrays, where it is a matrix product with axes in another order.
enum Einsum {
  static let builders: [String: Builder] = ["Einsum": einsum]

  /// Axes by their letters: in both and kept, in both and summed over, in one alone.
  private struct Letters {
    let shared: [Character]
    let summed: [Character]
    let left: [Character]
    let right: [Character]
    let output: [Character]
  }

  @Sendable private static func einsum(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    let equation = call.attributes.string("equation", default: "").filter { $0 != " " }
    let sides = equation.split(separator: ">", maxSplits: 1)
    let terms = (sides.first ?? "").dropLast().split(separator: ",").map(Array.init)
    guard sides.count == 2, sides[0].hasSuffix("-"), terms.count == 2, call.inputs.count == 2,
      (terms[0] + terms[1] + sides[1]).allSatisfy(\.isLetter)
    else { throw call.missing("equation '\(equation)'") }
    let output = Array(sides[1])
    guard (terms + [output]).allSatisfy({ Set($0).count == $0.count }),
      Set(output).isSubset(of: terms[0] + terms[1]),
      terms[0].allSatisfy({ terms[1].contains($0) || output.contains($0) }),
      terms[1].allSatisfy({ terms[0].contains($0) || output.contains($0) })
    else { throw call.missing("equation '\(equation)'") }
    let letters = Letters(
      shared: output.filter { terms[0].contains($0) && terms[1].contains($0) },
      summed: terms[0].filter { terms[1].contains($0) && !output.contains($0) },
      left: output.filter { !terms[1].contains($0) }, right: output.filter { !terms[0].contains($0) },
      output: output)
    return [try product(terms, letters, call, &builder)]
  }

  private static func product(
    _ terms: [[Character]], _ letters: Letters, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Edge {
    var extents: [Character: Int] = [:]
    for (i, term) in terms.enumerated() {
      let shape = try call.shape(i)
      guard shape.rank == term.count else { throw call.bad("\(shape) has not \(term.count) axes") }
      for (letter, extent) in zip(term, shape.extents) {
        guard extents[letter] ?? extent == extent else { throw call.bad("axis \(letter) has two extents") }
        extents[letter] = extent
      }
    }
    func count(_ group: [Character]) -> Int { group.reduce(1) { $0 * extents[$1]! } }
    let batch = letters.shared.map { extents[$0]! }
    let left = try arrange(
      try call.edge(0), terms[0], letters.shared + letters.left + letters.summed, call, &builder)
    let right = try arrange(
      try call.edge(1), terms[1], letters.shared + letters.summed + letters.right, call, &builder)
    let a = try builder.reshape(
      left, to: Shape(batch + [count(letters.left), count(letters.summed)]), for: call)
    let b = try builder.reshape(
      right, to: Shape(batch + [count(letters.summed), count(letters.right)]), for: call)
    let product = try builder.add(MatrixProduct(), of: [a, b], for: call)
    let order = letters.shared + letters.left + letters.right
    let wide = try builder.reshape(product, to: Shape(order.map { extents[$0]! }), for: call)
    return try arrange(wide, order, letters.output, call, &builder)
  }

  private static func arrange(
    _ edge: Edge, _ letters: [Character], _ wanted: [Character], _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Edge {
    try builder.transpose(edge, wanted.map { letters.firstIndex(of: $0)! }, for: call)
  }
}
