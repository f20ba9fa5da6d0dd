public import Networks

extension HessianProduct {
  /// `exact`, `secant` or `softened`.
  var name: String {
    switch self {
    case .exact: "exact"
    case .secant: "secant"
    case .softened: "softened"
    }
  }

  /// Whether it is a difference of gradients h to either side, which is not additive.
  public var isSecant: Bool { if case .secant = self { true } else { false } }

  /// h of a secant.
  var step: Double? { if case .secant(let step) = self { Double(step) } else { nil } }

  /// β of a softened product.
  var beta: Double? { if case .softened(let beta) = self { Double(beta) } else { nil } }

  /// What to know before believing numbers of this product on this network; nil where nothing.
  func remark(on network: Network) -> String? {
    let flat =
      self == .exact && network.isPiecewiseLinear
      ? "the network is piecewise linear, so its exact Hessian is zero almost everywhere; "
        + "take a secant or a softened product" : nil
    let remarks = [flat, network.straightThroughRemark].compactMap { $0 }
    return remarks.isEmpty ? nil : remarks.joined(separator: "; ")
  }
}
