internal import Networks
internal import Tensors

/// Some images set on the boundary: the zero of the region margin on a segment that crosses it, and what lies there.
struct Landing: Sendable {
  let perturbations: Tensor
  let points: Tensor
  let isFooled: [Bool]
  let logits: Tensor
  let values: [Float]
  let gradients: Tensor

  /// The share of ‖r‖ that a margin may be off; ten times better than what is promised.
  private static let tolerance = 1e-6

  /// The region margins at both ends of a segment.
  struct Ends: Sendable {
    var here: Float
    var beyond: Float
  }

  /// Searches the segments x + t·d, 0 < t ≤ 1; an image that is not fooled at t = 1 stays there.
  ///
  /// Takes the margins at the ends where they are known.
  init(
    _ network: Network, from x: Tensor, along d: Tensor, own: [Int], isFooled: [Bool], margins: [Ends]? = nil
  ) throws {
    let margin = Margin.region(own: own)
    let ends = try margins ?? Self.ends(network, x, d, margin)
    // A tie at x has no side to come from: what looks fooled there crossed nothing.
    let isFooled = zip(isFooled, ends).map { $0 && $1.here < 0 && $1.beyond >= 0 }
    let shares = try Self.crossings(of: margin, network, from: x, along: d, between: ends, where: isFooled)
    perturbations = d.scalingEntries(by: shares)
    points = x + perturbations
    let found = try network.gradients(of: margin, at: points)
    // Without a gradient there is no boundary where the label changed, but a jump between numbers that saturate.
    self.isFooled = zip(isFooled, found.gradients.entryNorms).map { $0 && $1 > 0 && $1.isFinite }
    (logits, values, gradients) = (found.logits, found.values, found.gradients)
  }

  private static func ends(
    _ network: Network, _ x: Tensor, _ d: Tensor, _ margin: Margin
  ) throws -> [Ends] {
    zip(try network.values(of: margin, at: x), try network.values(of: margin, at: x + d)).map(Ends.init)
  }

  private static func crossings(
    of margin: Margin, _ network: Network, from x: Tensor, along d: Tensor, between ends: [Ends],
    where isFooled: [Bool]
  ) throws -> [Float] {
    var brackets = ends.map { Bracket(low: 0, Double($0.here), high: 1, Double($0.beyond)) }
    while true {
      let active = brackets.indices.filter { isFooled[$0] && !brackets[$0].isFound }
      if active.isEmpty { break }
      let shares = active.map { brackets[$0].next }
      let points = x.gathering(active).adding(d.gathering(active), scales: shares.map(Float.init))
      let values = try network.values(of: margin.gathering(active), at: points)
      for (n, i) in active.enumerated() {
        brackets[i].narrow(shares[n], Double(values[n]), tolerance: tolerance)
      }
    }
    return brackets.map { Float($0.best) }
  }
}

extension MinimalPerturbations {
  /// The landings one behind the other; `obstacle` says why an image that did not land has not.
  init(
    joining landings: [Landing], from: [Int], iterations: [Int], images: Tensor,
    obstacle: (Int) -> Obstacle = { _ in .lost }
  ) {
    let r = Tensor.joining(landings.map(\.perturbations), images.shape)
    let gradients = Tensor.joining(landings.map(\.gradients), images.shape)
    let logits = landings.map(\.logits)
    let values = landings.flatMap(\.values)
    let norms = r.entryNorms
    let slopes = gradients.entryNorms
    let cosines = (0..<images.count).map { n in
      let scale = norms[n] * slopes[n]
      return scale > 0 ? dot(Array(r.entryElements(n)), Array(gradients.entryElements(n))) / scale : 0
    }
    let residuals = (0..<images.count).map { n in
      let scale = norms[n] * slopes[n]
      return scale > 0 ? Double(abs(values[n])) / scale : values[n] == 0 ? 0 : .infinity
    }
    let rows = logits.flatMap { tile in (0..<tile.count).map { tile.entryElements($0) } }
    let margin = Margin.region(own: from)
    self.init(
      perturbations: r, points: Tensor.joining(landings.map(\.points), images.shape), from: from,
      to: rows.enumerated().map { margin.rival($1, image: $0) }, norms: norms, iterations: iterations,
      cosines: cosines, residuals: residuals,
      obstacles: landings.flatMap(\.isFooled).enumerated().map { $1 ? nil : obstacle($0) },
      gradients: gradients)
  }
}

extension Tensor {
  /// The batches one behind the other; an empty batch of `shape` where there are none.
  static func joining(_ batches: [Tensor], _ shape: Shape) -> Tensor {
    batches.isEmpty ? Tensor(zeros: shape.batch(of: 0)) : Tensor(concatenating: batches)
  }
}
