internal import Networks
internal import Tensors

/// `Einsum`: diagonals and sums within each array, then matrix products from the left to the right.
enum Einsum {
  static let builders: [String: Builder] = ["Einsum": einsum]

  /// An array and the letter of each of its axes.
  private struct Term {
    var edge: Edge
    var letters: [Character]
  }

  @Sendable private static func einsum(_ call: OperatorCall, _ builder: inout GraphBuilder) throws -> [Edge] {
    var (terms, output) = try parse(call)
    for i in terms.indices { terms[i] = try withoutDiagonals(terms[i], call, &builder) }
    var result = terms.removeFirst()
    while !terms.isEmpty {
      let next = terms.removeFirst()
      let later = Set(output + terms.flatMap(\.letters))
      result = try product(result, next, keeping: later, call, &builder)
    }
    result = try summed(result, keeping: Set(output), call, &builder)
    return [try arranged(result, as: output, call, &builder).edge]
  }

  /// The arrays with a letter an axis; `…` becomes digits, aligned at the end.
  private static func parse(_ call: OperatorCall) throws -> (terms: [Term], output: [Character]) {
    let equation = call.attributes.string("equation", default: "").filter { $0 != " " }
      .replacing("...", with: "…")
    let halves = equation.split(separator: "->", maxSplits: 1, omittingEmptySubsequences: false)
    let sides = halves[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard sides.count == call.inputs.count, equation.count < 256,
      equation.allSatisfy({ ($0.isLetter && $0.isASCII) || "…,->".contains($0) })
    else { throw call.bad("equation '\(equation)' does not match \(call.inputs.count) inputs") }
    var widest = 0
    for (i, side) in sides.enumerated() where side.contains("…") {
      widest = max(widest, try call.shape(i).rank - side.count + 1)
    }
    guard widest <= 10 else { throw call.missing("equation '\(equation)'") }
    let digits = (0..<widest).map { Character("\($0)") }
    func expanded(_ side: [Character], count: Int) -> [Character] {
      side.flatMap { $0 == "…" ? Array(digits.suffix(max(0, count))) : [$0] }
    }
    var extents: [Character: Int] = [:]
    let terms = try sides.enumerated().map { i, side in
      let shape = try call.shape(i)
      let letters = expanded(side, count: shape.rank - side.count + 1)
      guard letters.count == shape.rank else {
        throw call.bad("'\(String(side))' does not name the axes of \(shape)")
      }
      for (letter, extent) in zip(letters, shape.extents) {
        let known = extents[letter] ?? 1
        guard known == extent || known == 1 || extent == 1 else {
          throw call.bad("axis \(letter) has two extents")
        }
        extents[letter] = max(known, extent)
      }
      return Term(edge: try call.edge(i), letters: letters)
    }
    let output =
      halves.count > 1
      ? expanded(Array(halves[1]), count: widest) : implicit(terms.flatMap(\.letters), digits)
    guard Set(output).count == output.count, Set(output).isSubset(of: terms.flatMap(\.letters)) else {
      throw call.bad("the output of equation '\(equation)' names an axis that no input has, or one twice")
    }
    return (terms, output)
  }

  /// Without an arrow: the letters that occur once, in their order.
  private static func implicit(_ letters: [Character], _ digits: [Character]) -> [Character] {
    digits
      + Set(letters).subtracting(digits).filter { letter in letters.count { $0 == letter } == 1 }.sorted()
  }

  /// Elements whose indices along the axes of one letter are the same.
  private static func withoutDiagonals(
    _ term: Term, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Term {
    var term = term
    while let letter = term.letters.first(where: { l in term.letters.count { $0 == l } > 1 }) {
      let places = term.letters.indices.filter { term.letters[$0] == letter }.prefix(2)
      let rest = term.letters.indices.filter { !places.contains($0) }
      let moved = try builder.transpose(term.edge, rest + places, for: call)
      let s = moved.shape!.extents
      let (rows, columns) = (s[s.count - 2], s[s.count - 1])
      guard rows == columns else { throw call.bad("axis \(letter) has two extents") }
      let flat = try builder.reshape(moved, to: Shape(Array(s.dropLast(2)) + [rows * columns]), for: call)
      let indices = (0..<rows).map { $0 * (columns + 1) }
      term.edge = try Gathers.pick(flat, indices, axis: rest.count, shape: [rows], call, &builder)
      term.letters = rest.map { term.letters[$0] } + [letter]
    }
    return term
  }

  /// Summed over the axes that nobody needs any more.
  private static func summed(
    _ term: Term, keeping letters: Set<Character>, _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Term {
    let axes = term.letters.indices.filter { !letters.contains(term.letters[$0]) }
    if axes.isEmpty { return term }
    let total = Total(axes: axes, keepsAxes: false)
    return Term(
      edge: try builder.add(total, of: [term.edge], for: call), letters: term.letters.filter(letters.contains)
    )
  }

  private static func arranged(
    _ term: Term, as letters: [Character], _ call: OperatorCall, _ builder: inout GraphBuilder
  ) throws -> Term {
    // The letters are the term's own, in another order.
    let order = letters.map { term.letters.firstIndex(of: $0)! }
    return Term(edge: try builder.transpose(term.edge, order, for: call), letters: letters)
  }

  /// Two arrays as a batch of matrix products over the letters that both have and nobody needs later.
  private static func product(
    _ first: Term, _ second: Term, keeping later: Set<Character>, _ call: OperatorCall,
    _ builder: inout GraphBuilder
  ) throws -> Term {
    let (mine, theirs) = (Set(first.letters), Set(second.letters))
    let a = try summed(first, keeping: theirs.union(later), call, &builder)
    let b = try summed(second, keeping: mine.union(later), call, &builder)
    let shared = a.letters.filter { b.letters.contains($0) && later.contains($0) }
    let inner = a.letters.filter { b.letters.contains($0) && !later.contains($0) }
    let (left, right) = (
      a.letters.filter { !b.letters.contains($0) }, b.letters.filter { !a.letters.contains($0) }
    )
    let (x, y) = (
      try arranged(a, as: shared + left + inner, call, &builder),
      try arranged(b, as: shared + inner + right, call, &builder)
    )
    let (s, t) = (x.edge.shape!.extents, y.edge.shape!.extents)
    let (leftCount, innerCount) = (left.count, inner.count)
    let first = Array(s[shared.count..<shared.count + leftCount])
    let last = Array(t[(shared.count + innerCount)...])
    func count(_ extents: some Sequence<Int>) -> Int { extents.reduce(1, *) }
    let batch = zip(s, t).prefix(shared.count).map { max($0, $1) }
    let contracted = (
      count(s[(shared.count + leftCount)...]), count(t[shared.count..<shared.count + innerCount])
    )
    guard contracted.0 == contracted.1 else { throw call.missing("an axis of extent 1 that is summed over") }
    let p = try builder.reshape(
      x.edge, to: Shape(Array(s[..<shared.count]) + [count(first), contracted.0]), for: call)
    let q = try builder.reshape(
      y.edge, to: Shape(Array(t[..<shared.count]) + [contracted.1, count(last)]), for: call)
    let result = try builder.add(MatrixProduct(), of: [p, q], for: call)
    let wide = try builder.reshape(result, to: try call.checked(batch + first + last), for: call)
    return Term(edge: wide, letters: shared + left + right)
  }
}
