public import Networks
public import Tensors

/// How the r that DeepFool found is made shorter.
///
/// DeepFool follows flat approximations and ends where it first crosses: on deep networks 1.1 to 4 times as far as the
/// boundary is, and there r need not be normal to it.
public enum Refinement: String, Hashable, Codable, CaseIterable, Sendable {
  /// ``minimal`` for all images where a pass takes at most 10⁹ multiply-adds; beyond, for those with cos(r, ∇G) < 0.9.
  case automatic
  /// DeepFool's r as it is.
  case none
  /// Projections on the boundary's normal: ``NormalRefinement``.
  case normal
  /// A minimum-norm search: ``MinimumNorm``.
  case minimal

  /// The least cos(r, ∇G) of a perturbation that may pass for minimal where a search is dear.
  public static let leastCosine = 0.9

  /// The way that each r goes; `automatic` is none of them.
  public func choices(_ network: Network, for found: MinimalPerturbations) -> [Refinement] {
    (0..<found.count).map { n in
      guard found.isFooled[n], found.norms[n] > 0 else { return .none }
      guard self == .automatic else { return self }
      return network.multiplyAdds < Network.dearPass || found.cosines[n] < Self.leastCosine ? .minimal : .none
    }
  }

  /// The shorter r of each image, with the way it went; `report` hears the share done.
  public func refined(
    _ found: MinimalPerturbations, of images: Tensor, _ network: Network,
    report: (Double) throws -> Void = { _ in }
  ) throws -> (MinimalPerturbations, [Refinement]) {
    let choices = choices(network, for: found)
    var refined = found
    let normal = choices.indices.filter { choices[$0] == .normal }
    if !normal.isEmpty {
      var search = NormalRefinement(network, of: images.gathering(normal), found.gathering(normal))
      while try search.advance() != nil { try report(Double(search.rounds) / Double(search.limit)) }
      refined.replace(normal, with: search.perturbations)
    }
    let minimal = choices.indices.filter { choices[$0] == .minimal }
    if !minimal.isEmpty {
      var search = MinimumNorm(network, of: images.gathering(minimal), found.gathering(minimal))
      while try search.advance() != nil { try report(search.fraction) }
      refined.replace(minimal, with: search.perturbations)
    }
    return (refined, choices)
  }
}
