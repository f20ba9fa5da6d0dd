internal import Tensors

/// How the eigenvalues of an operator are spread, from products alone: stochastic Lanczos quadrature.
///
/// A probe is K Lanczos steps from a random unit vector; the Ritz values are nodes, the squared first components of
/// their eigenvectors weights, of a quadrature that integrates polynomials of degree 2K − 1 against the spectral
/// measure seen from that vector. The mean over probes estimates the density of all d eigenvalues. Cost: K products
/// a probe. Source: Ubaru, Chen, Saad, SIAM J. Matrix Anal. Appl. 38, 2017.
public struct SpectralDensity: Sendable, Codable, Equatable {
  /// A node and the share of the d eigenvalues that it stands for.
  public struct Node: Sendable, Codable, Equatable {
    public let value: Double
    /// The share of the eigenvalues, in [0, 1].
    public let weight: Double

    public init(value: Double, weight: Double) {
      self.value = value
      self.weight = weight
    }
  }

  /// The nodes of all probes so far, descending; weights sum to 1.
  public private(set) var nodes: [Node] = []
  /// Probes taken.
  public private(set) var probes = 0

  public init() {}

  /// Takes in what a Lanczos iteration from a random unit vector found.
  public mutating func add(_ factorization: Factorization) {
    let system = factorization.eigensystem
    let k = factorization.count
    let old = nodes.map { Node(value: $0.value, weight: $0.weight * Double(probes)) }
    let new = (0..<k).map { i in
      Node(value: system.values[i], weight: system.vectors[i * k] * system.vectors[i * k])
    }
    probes += 1
    nodes = (old + new).sorted { $0.value > $1.value }
      .map { Node(value: $0.value, weight: $0.weight / Double(probes)) }
  }

  /// The mean of f over the spectrum, such as tr A / d for the identity.
  public func mean(_ f: (Double) -> Double = { $0 }) -> Double {
    nodes.reduce(0) { $0 + $1.weight * f($1.value) }
  }
}
