internal import Geometry
internal import LinearAlgebra
internal import Tensors

// What is carried over the boundary, climbed from the first directions of S_c.
extension SharedCurvature {
  /// The length of an ascent's first step; the others fall linearly to none.
  private static let stride = 0.6

  /// Products of the ascents, and of the basis that begins with the direction they end at.
  func ascentProducts(_ steps: Int) -> Int {
    ascent > 0 ? ascent * min(starts, eigenvectors, steps) + min(eigenvectors, steps) : 0
  }

  /// Ascends from the first vectors; the best end becomes the first of the basis, the others are made orthogonal to it.
  func ascend(_ run: inout CurvatureRun) throws {
    guard ascent > 0 else { return }
    guard let h = product.step.map({ Float($0) }) else {
      throw SubjectError(
        "an ascent needs the step h of a secant product: --product secant --step H")
    }
    let (recorded, hessian) = (run.recorded, run.recorded.base)
    let first = (0..<run.outcome.basis.count).map { Array(run.outcome.basis.entryElements($0)) }
    var best = (vector: first[0], value: -Double.infinity)
    for start in first.prefix(starts) {
      var v = start
      for step in 0..<ascent {
        let gradient = try run.step {
          try recorded.recorded { try hessian.carried(along: v, step: h).gradient }
        }
        v = moved(v, along: gradient, by: Self.stride * (1 - Double(step) / Double(ascent)))
        try run.report()
      }
      let value = try hessian.carriedValue(along: v, step: h)
      run.outcome.ascents.append(
        Ascent(before: try hessian.carriedValue(along: start, step: h), after: value, overlap: dot(v, start)))
      if value > best.value { best = (v, value) }
    }
    run.outcome.lead(with: best.vector, over: first)
    for i in 0..<run.outcome.basis.count {
      let v = Array(run.outcome.basis.entryElements(i))
      run.outcome.measure(i, v, try run.step { try recorded.product(v) })
      try run.report()
    }
  }

  /// The unit vector a step along a gradient, zero gradients aside.
  private func moved(_ v: [Float], along gradient: [Float], by length: Double) -> [Float] {
    guard norm(gradient) > 0 else { return v }
    var next = v
    add(Float(length / norm(gradient)), gradient, to: &next)
    return scaled(next, by: Float(1 / norm(next)))
  }
}

extension SharedCurvature.Outcome {
  /// Puts v in front of the basis.
  fileprivate mutating func lead(with v: [Float], over ritz: [[Float]]) {
    let spanned = Subspace(spanning: [v] + ritz, dimension: v.count).tensor(like: basis)
    basis = spanned.gathering(Array(0..<min(ritz.count, spanned.count)))
  }

  /// Takes vᵀAv and ‖Av − (vᵀAv)·v‖ of direction i, whose product is Av.
  fileprivate mutating func measure(_ i: Int, _ v: [Float], _ product: [Float]) {
    rayleigh[i] = dot(v, product)
    var rest = product
    add(-Float(rayleigh[i]), v, to: &rest)
    residuals[i] = norm(rest)
  }
}
