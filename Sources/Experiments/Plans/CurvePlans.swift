public import Jobs
internal import Networks

extension SubspaceFooling {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let all = subspaces.dimensions.reduce(0) { $0 + ($1 == 1 ? 2 : draws) }
    return extent.stretches(of: subspaces.basis) + [.init("draws", passes: Double(all) * extent.judged)]
  }
}

extension SubspaceShape {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let all = Double(subspaces.dimensions.count * draws)
    return extent.stretches(of: subspaces.basis)
      + extent.over(extent.selection.judged).stretches(of: Robustness()) + [
        .init("draws", passes: all * extent.judged * Cost.product(product))
      ]
  }
}

extension WithinSubspace {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let each = Cost.boundary(classes: extent.classes)
    return extent.stretches(of: subspaces.basis) + [
      .init("images", passes: Double(subspaces.dimensions.count) * extent.judged * each)
    ]
  }
}

extension Transfer {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let count = Double(models.count + 1)
    let learnt = perturbations.flatMap { extent.stretches(of: $0.directions) }
    return learnt + [
      .init("clean labels", passes: count * extent.judged),
      .init("pairs", passes: Double(perturbations.count) * count * 2 * extent.judged),
      .init("planes", passes: count * Double(planes * resolution * resolution)),
    ]
  }
}

extension Theorems {
  /// Each dimension measures the norm that is really reached, by bisection over draws: most draws leave it soon.
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let reached = 3 * Double(draws) * extent.judged
    let curved = Double(draws) * extent.judged * 2 * Cost.product(product)
    return extent.stretches(of: normals) + extent.stretches(of: basis)
      + extent.over(extent.selection.judged).stretches(of: Robustness()) + [
        .init(
          "dimensions of both bounds", passes: Double(dimensions.count) * (2 * reached + curved))
      ]
  }
}
