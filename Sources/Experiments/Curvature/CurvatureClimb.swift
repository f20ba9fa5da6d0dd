internal import Geometry
internal import LinearAlgebra
internal import Tensors

// Secants are not linear: from the vectors that Lanczos has found, S_c is climbed for, where vᵀA(v) is largest.
extension SharedCurvature {
  /// How many products a run takes before its ascent of what is carried over the boundary.
  struct Plan {
    let lanczos: Int
    let checks: Int
    /// Vectors that are climbed for; the others are Ritz vectors, made orthogonal to these.
    var leading = 0
    /// Starts of the first vector, and how many of them are climbed from to the end; the others have one.
    var starts = 0
    var kept = 0
    /// Products of the end of a climb, for the first vector and for the others.
    var first = 0
    var later = 0
    var rest = 0

    /// Power steps before it is seen which starts are worth more.
    static let trial = 4

    var products: Int {
      lanczos + checks + starts * Self.trial + kept * first
        + max(0, leading - 1) * (Self.trial + later) + rest
    }
  }

  func plan(_ steps: Int) -> Plan {
    let checks = min(candidates, steps)
    guard climb > 0, product.step != nil else { return Plan(lanczos: steps, checks: checks) }
    let count = min(eigenvectors, checks)
    let leading = min(5, count)
    let starts = min(starts, checks)
    return Plan(
      lanczos: steps, checks: checks, leading: leading, starts: starts, kept: min(3, starts), first: climb,
      later: climb / 2, rest: count - leading)
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
      let starts = i == 0 ? Array(ritz.prefix(plan.starts)) : [ritz[i]]
      let ends = try run.climb(
        from: starts, outside: found.map(\.vector), scale: scale, keeping: i == 0 ? plan.kept : 1,
        budget: i == 0 ? plan.first : plan.later)
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
      try run.report("quotients anew")
    }
    run.outcome.take(found.sorted { $0.quotient > $1.quotient })
  }
}

extension CurvatureRun {
  typealias Climb = QuotientAscent<Recorded>
  typealias Place = Climb.Place

  /// The ends of the best climbs, the highest first: some power steps from each start, then on from the best by gradients.
  fileprivate mutating func climb(
    from starts: [[Float]], outside: [[Float]], scale: Double, keeping kept: Int, budget: Int
  ) throws -> [Place] {
    var climbs = starts.compactMap { Climb(recorded, from: $0, outside: outside, scale: scale) }
    for i in climbs.indices { try spend(SharedCurvature.Plan.trial, on: &climbs[i], "power steps") }
    climbs.sort { ($0.best?.quotient ?? 0) > ($1.best?.quotient ?? 0) }
    let operators = recorded
    climbs.removeLast(max(0, climbs.count - kept))
    for i in climbs.indices {
      climbs[i].turning { v in try operators.recorded { try operators.base.windowEnds(v) } }
      try spend(budget, on: &climbs[i], "climbing")
    }
    return climbs.compactMap(\.best).sorted { $0.quotient > $1.quotient }
  }

  private mutating func spend(_ budget: Int, on climb: inout Climb, _ phase: String) throws {
    var left = budget
    while climb.cost <= left {
      let cost = climb.cost
      _ = try step { try climb.advance() }
      left -= cost
      try report(phase, cost: cost)
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
