internal import Geometry
internal import Jobs
internal import LinearAlgebra
internal import Networks
internal import Tensors

extension Theorems {
  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    try check()
    let count = dimensions.max() ?? 1
    let normals = try context.basis(normals, on: subject, count: count)
    let basis = try context.basis(basis, on: subject, count: count)
    let flat = dimensions.filter { $0 <= normals.dimension }
    let curved = dimensions.filter { $0 <= basis.dimension }
    guard !flat.isEmpty, !curved.isEmpty else {
      throw SubjectError(
        "the bases have \(normals.dimension) and \(basis.dimension) directions; choose smaller m")
    }
    let (sf, sc) = (try subject.subspace(normals, flat), try subject.subspace(basis, curved))
    let judged = subject.judged
    let found = try context.boundary(of: judged)
    let test = try FoolingTest(network, images: judged.images.images)
    var outcome = beginning(found, network)
    outcome.lemma1 = try concentrations(of: subject.images.images.entryCount, context)
    let total = flat.count + curved.count
    for m in flat {
      try context.report(progress(outcome, total), partial: outcome)
      outcome.theorem1.append(try self.flat(m, of: sf, at: found, norm: outcome.norm, test, context))
      outcome.summarise(normals.name, basis.name)
    }
    let form = try NormalSectionForm(network, at: found, margin: found.regionMargin, product: product)
    for m in curved {
      try context.report(progress(outcome, total), partial: outcome)
      outcome.theorem2.append(
        try self.curved(m, of: sc, form, at: found.norms, norm: outcome.norm, test, context))
      outcome.summarise(normals.name, basis.name)
    }
    try context.report(progress(outcome, total), partial: outcome)
    return outcome
  }

  private func check() throws {
    guard (0..<1).contains(delta), delta > 0, (0..<1).contains(excluded), (0..<1).contains(beta), draws > 0
    else {
      throw SubjectError("δ must be above 0, β and the share left out at least 0, and all below 1")
    }
  }

  private func progress(_ outcome: Outcome, _ total: Int) -> Progress {
    Progress(
      completed: outcome.theorem1.count + outcome.theorem2.count, total: total,
      phase: "dimensions of both bounds")
  }

  private func beginning(_ found: MinimalPerturbations, _ network: Network) -> Outcome {
    let (norms, cosines) = (Statistics(found.norms), Statistics(found.cosines))
    return Outcome(
      count: found.count, delta: delta, excluded: excluded, product: product.name, step: product.step,
      draws: draws, seed: seed, norm: norms.quantile(1 - excluded), meanNorm: norms.mean,
      cosine: cosines.median, lowCosine: cosines.quantile(0.1), theorem1: [],
      bestFlat: nil, theorem2: [], bestCurved: nil, lemma1: [],
      reached: Reached(share: 1 - delta, radius: nil, subspace: nil, dimension: nil),
      remark: product.remark(on: network))
  }
}

// MARK: - Theorem 1

extension Theorems {
  private func flat(
    _ m: Int, of subspace: Subspace, at found: MinimalPerturbations, norm: Double, _ test: FoolingTest,
    _ context: ExperimentContext<Outcome>
  ) throws -> Flat {
    let first = subspace.prefix(m)
    let shares = Statistics(
      (0..<found.count).map { n in
        let part = first.coordinates(of: Array(found.perturbations.entryElements(n)))
        return min(1, Tensors.norm(part) / found.norms[n])
      })
    let xi = 1 - shares.quantile(excluded)
    let bound = FlatBound(dimension: m, xi: xi, delta: delta)
    return Flat(
      dimension: m, xi: xi, worstXi: 1 - (shares.sorted.first ?? 0),
      energy: Statistics(shares.sorted.map { $0 * $0 }).mean, printed: finite(bound.printed * norm),
      sharp: finite(bound.sharp * norm), promised: max(0, 1 - delta - 2 * excluded),
      reached: try reached(first, test, bothSigns: true, stream: 1 << 32, context))
  }

  private func finite(_ x: Double) -> Double? { x.isFinite ? x : nil }
}

// MARK: - Theorem 2

extension Theorems {
  private func curved(
    _ m: Int, of subspace: Subspace, _ form: NormalSectionForm, at norms: [Double], norm: Double,
    _ test: FoolingTest,
    _ context: ExperimentContext<Outcome>
  ) throws -> Curved {
    let first = subspace.prefix(m)
    var generator = SeededGenerator(seed: seed, stream: UInt64(m))
    var entries: [NormalSectionForm.Entry] = []
    for _ in 0..<(m == 1 ? 1 : draws) {
      try context.interruption?.check()
      entries += try form.entries(along: m == 1 ? first[0] : first.draw(using: &generator))
    }
    let smallest = Statistics(entries.map(\.smallest))
    let across = Statistics(entries.map(\.across))
    let least = max(beta, 1 / Double(entries.count))
    let kappa = smallest.quantile(least) / 2
    let bends = entries.indices.map { entries[$0].smallest / norms[$0 % norms.count] }
    let bound = CurvedBound(dimension: m, kappa: kappa, delta: delta)
    let tangent = across.quantile(least) / 2
    let share = { (limit: Double) in
      Double(entries.filter { $0.smallest < limit }.count) / Double(entries.count)
    }
    return Curved(
      dimension: m, kappa: kappa, curvature: Statistics(bends).quantile(least), beta: share(2 * kappa),
      smallestBeta: Double(entries.filter { $0.smallest <= 0 }.count) / Double(entries.count),
      tangentKappa: tangent, normalKappa: Statistics(entries.map(\.along)).median / 2,
      printed: bound.map { $0.printed * norm }, sharp: bound.map { $0.sharp * norm },
      promised: max(0, 1 - delta - share(2 * kappa) - excluded), consistent: kappa <= 1,
      remark: remark(kappa),
      tangentBound: CurvedBound(dimension: m, kappa: tangent, delta: delta).map { $0.sharp * norm },
      reached: try reached(first, test, bothSigns: false, stream: 2 << 32, context))
  }

  private func remark(_ kappa: Double) -> String? {
    if kappa > 1 { return "model inconsistent: κ‖r‖ > 1 would leave x outside its own region" }
    if kappa <= 0 { return "no bound: κ is not positive at this β" }
    return nil
  }
}

// MARK: - Measured

extension Theorems {
  /// The smallest norm to 2 % at which one of the draws fools a share 1 − δ.
  private func reached(
    _ subspace: Subspace, _ test: FoolingTest, bothSigns: Bool, stream: UInt64,
    _ context: ExperimentContext<Outcome>
  ) throws -> Double? {
    var generator = SeededGenerator(seed: seed, stream: stream + UInt64(subspace.count))
    var best: Double?
    let limit = Double(test.images.entryCount).squareRoot()
    for draw in 0..<(subspace.count == 1 ? 2 : draws) {
      let v =
        subspace.count == 1 ? scaled(subspace[0], by: draw == 0 ? 1 : -1) : subspace.draw(using: &generator)
      let fools = { (radius: Double) in
        try context.interruption?.check()
        return try share(test, v, radius, bothSigns) >= 1 - delta
      }
      var high = best ?? 1
      if best == nil {
        while try high < limit && !fools(high) { high *= 2 }
        guard try fools(high) else { continue }
      } else if try !fools(high) {
        continue
      }
      // A norm that had to be doubled did not fool at half of it.
      var low = best == nil && high > 1 ? high / 2 : 0
      while high - low > 0.02 * high {
        let middle = (low + high) / 2
        if try fools(middle) { high = middle } else { low = middle }
      }
      best = high
    }
    return best
  }

  private func share(_ test: FoolingTest, _ v: [Float], _ radius: Double, _ bothSigns: Bool) throws -> Double
  {
    bothSigns
      ? try test.rate(of: v, radius: radius).either.rate : try test.share(fooledBy: v, radius: radius).rate
  }

  /// Lemma 1 against random vectors: ‖P_m v‖² of a Gaussian direction is a ratio of sums of squares.
  private func concentrations(
    of d: Int, _ context: ExperimentContext<Outcome>
  ) throws -> [Concentration] {
    let samples = 400
    return try dimensions.filter { $0 < d }.map { m in
      try context.interruption?.check()
      let bounds = SphereProjection(coordinates: m, of: d, delta: delta)
      var generator = SeededGenerator(seed: seed, stream: UInt64(m))
      let mean = Double(m) / Double(d)
      let parts = (0..<samples).map { _ in
        let v = generator.unitVector(d)
        return v.prefix(m).reduce(0.0) { $0 + Double($1) * Double($1) } / mean
      }
      return Concentration(
        dimension: m, ambient: d, bounds: bounds,
        measuredBelow: Double(parts.filter { $0 < bounds.lower }.count) / Double(samples),
        measuredAbove: Double(parts.filter { $0 > bounds.upper }.count) / Double(samples), samples: samples)
    }
  }
}

extension Theorems.Outcome {
  fileprivate mutating func summarise(_ normals: String, _ basis: String) {
    bestFlat = theorem1.filter { $0.sharp != nil }.min { $0.sharp! < $1.sharp! }?.dimension
    bestCurved = theorem2.filter { $0.sharp != nil }.min { $0.sharp! < $1.sharp! }?.dimension
    let found =
      theorem1.map { (normals, $0.dimension, $0.reached) }
      + theorem2.map { (basis, $0.dimension, $0.reached) }
    guard let best = found.filter({ $0.2 != nil }).min(by: { $0.2! < $1.2! }) else { return }
    (reached.subspace, reached.dimension, reached.radius) = best
  }
}
