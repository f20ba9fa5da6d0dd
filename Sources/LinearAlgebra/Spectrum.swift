/// The largest algebraic eigenvalues of an operator with their eigenvectors, and how far they can be trusted.
public struct Spectrum: Sendable, Codable {
  /// θ: Ritz values, in the order of the quotients.
  public let eigenvalues: [Double]
  /// What the iteration estimates ‖A·v − θ·v‖ to be.
  public let residualEstimates: [Double]
  /// ‖A·v − θ·v‖, evaluated anew: the truth also where A is not linear.
  public let residuals: [Double]
  /// vᵀ·A(v), evaluated anew, descending; differs from θ where A is not linear.
  public let rayleighQuotients: [Double]
  /// One unit eigenvector a basis vector, in the order of the quotients.
  public let subspace: Subspace
  /// Products taken in all.
  public let products: Int

  public init(
    eigenvalues: [Double], residualEstimates: [Double], residuals: [Double], rayleighQuotients: [Double],
    subspace: Subspace, products: Int
  ) {
    self.eigenvalues = eigenvalues
    self.residualEstimates = residualEstimates
    self.residuals = residuals
    self.rayleighQuotients = rayleighQuotients
    self.subspace = subspace
    self.products = products
  }
}
