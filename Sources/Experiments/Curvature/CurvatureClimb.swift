internal import Geometry
internal import LinearAlgebra
internal import Tensors

// Secants are not linear: from the vectors that Lanczos has found vᵀA(v) is climbed.
extension SharedCurvature {
  /// How many products a run takes before its ascent of what is carried over the boundary.
  struct Plan {
    let lanczos: Int
    let checks: Int
    /// Vectors that are climbed for; the others are Ritz vectors, made orthogonal to these.
    var leading = 0
    /// Rounds of the climb for the first vector, and for each of the other leading ones.
    var first: [Round] = []
    var later: [Round] = []
    var rest = 0

    /// So many climbs go on, the best of the round before, by so many products each.
    struct Round {
      let climbs: Int
      let products: Int
    }

    var products: Int {
      func cost(_ rounds: [Round]) -> Int { rounds.reduce(0) { $0 + $1.climbs * $1.products } }
      return lanczos + checks + cost(first) + max(0, leading - 1) * cost(later) + rest
    }
  }

  /// Climbs halve from round to round: tops are of nearly one height, and which of them a start leads to shows late.
  func plan(_ steps: Int) -> Plan {
    let checks = min(candidates, steps)
    guard climb > 0, product.step != nil else { return Plan(lanczos: steps, checks: checks) }
    let count = min(eigenvectors, checks)
    let leading = min(5, count)
    let first = [(8, 4), (4, climb / 2), (2, climb - climb / 2)].map {
      Plan.Round(climbs: min($0.0, checks), products: $0.1)
    }
    let later = [Plan.Round(climbs: 1, products: 4), Plan.Round(climbs: 1, products: climb / 2)]
    return Plan(
      lanczos: steps, checks: checks, leading: leading, first: first, later: later, rest: count - leading)
  }

  /// Replaces the leading vectors by the best that are met, one after the other, each orthogonal to those before; the others
  /// are made orthogonal to them and evaluated anew.
  func polish(_ run: inout CurvatureRun, _ plan: Plan) throws {
    guard plan.leading > 0 else { return }
    let ritz = (0..<run.outcome.basis.count).map { Array(run.outcome.basis.entryElements($0)) }
    // Where the boundary bends nowhere towards the images a step has the size of what there is.
    let scale = run.outcome.rayleigh.map { abs($0) }.max().map { max($0, 1e-30) / 4 } ?? 1
    var found: [CurvatureRun.Place] = []
    for i in 0..<plan.leading {
      let rounds = i == 0 ? plan.first : plan.later
      let ends = try run.climb(
        from: Array(ritz[i..<min(i + rounds[0].climbs, ritz.count)]), outside: found.map(\.vector),
        scale: scale, rounds)
      guard let best = ends.first else { continue }
      if i == 0 { run.outcome.spread = Spread(ends.map(\.quotient)) }
      found.append(best)
      run.outcome.lead(with: found, over: ritz)
    }
    let all = Subspace(spanning: found.map(\.vector) + ritz, dimension: ritz[0].count)
    for i in found.count..<max(found.count, min(plan.leading + plan.rest, all.count)) {
      let recorded = run.recorded
      found.append(
        CurvatureRun.Place(all[i], product: try run.step { try recorded.product(all[i]) }))
      try run.report()
    }
    guard !found.isEmpty else { return }
    run.outcome.take(found.sorted { $0.quotient > $1.quotient })
  }
}

extension CurvatureRun {
  typealias Climb = QuotientAscent<Recorded>
  typealias Place = Climb.Place

  /// The ends of the climbs of the last round, the highest first; power steps alone in the first, gradients then.
  fileprivate mutating func climb(
    from starts: [[Float]], outside: [[Float]], scale: Double, _ rounds: [SharedCurvature.Plan.Round]
  ) throws -> [Place] {
    var climbs = starts.compactMap { Climb(recorded, from: $0, outside: outside, scale: scale) }
    let operators = recorded
    for (number, round) in rounds.enumerated() {
      climbs.removeLast(max(0, climbs.count - round.climbs))
      for i in climbs.indices {
        if number == 1 {
          climbs[i].turning { v in try operators.recorded { try operators.base.windowEnds(v) } }
        }
        try spend(round.products, on: &climbs[i])
      }
      climbs.sort { ($0.best?.quotient ?? 0) > ($1.best?.quotient ?? 0) }
    }
    return climbs.compactMap(\.best)
  }

  private mutating func spend(_ budget: Int, on climb: inout Climb) throws {
    var left = budget
    while climb.cost <= left {
      let cost = climb.cost
      _ = try step { try climb.advance() }
      left -= cost
      try report(cost)
    }
    skip(left)
  }
}

extension SharedCurvature.Spread {
  fileprivate init(_ quotients: [Double]) {
    self.init(starts: quotients.count, lowest: quotients.min() ?? 0, highest: quotients.max() ?? 0)
  }
}

extension SharedCurvature.Outcome {
  /// Shows the vectors found so far in front of the others.
  fileprivate mutating func lead(with found: [CurvatureRun.Place], over ritz: [[Float]]) {
    let spanned = Subspace(spanning: found.map(\.vector) + ritz, dimension: ritz[0].count)
    basis = spanned.tensor(like: basis).gathering(Array(0..<min(ritz.count, spanned.count)))
    for (i, place) in found.enumerated() { (rayleigh[i], residuals[i]) = (place.quotient, place.residual) }
  }

  fileprivate mutating func take(_ places: [CurvatureRun.Place]) {
    let vectors = places.flatMap(\.vector)
    basis = Subspace(orthonormal: vectors, dimension: places[0].vector.count).tensor(like: basis)
    (rayleigh, residuals) = (places.map(\.quotient), places.map(\.residual))
    eigenvalues = Array(eigenvalues.sorted(by: >).prefix(places.count))
  }
}
