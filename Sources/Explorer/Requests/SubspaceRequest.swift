/// Parameters of one curve of the fooling plot: draws from the first m directions of a subspace, against m.
public struct SubspaceRequest: Hashable, Sendable {
  /// Where the directions come from.
  public enum Source: Hashable, Sendable {
    /// S_c or S_f.
    case learnt(Learning)
    /// A uniformly random subspace, by its seed; its dimension is the largest asked for.
    case random(seed: UInt64)
  }

  public var source: Source
  /// m of each point of the curve, ascending.
  public var dimensions: [Int]
  /// ξ in pixel units.
  public var radius: Double
  /// Draws from each subspace.
  public var draws: Int
  /// Images that the draws are judged on; none of those learnt from.
  public var validation: Range<Int>
  public var seed: UInt64

  public init(
    source: Source, dimensions: [Int], radius: Double, draws: Int, validation: Range<Int>, seed: UInt64
  ) {
    self.source = source
    self.dimensions = dimensions
    self.radius = radius
    self.draws = draws
    self.validation = validation
    self.seed = seed
  }

  public var name: String {
    switch source {
    case .learnt(.curvature): "S_c"
    case .learnt(.normals): "S_f"
    case .learnt(.universal): "UAP"
    case .random: "random"
    }
  }
}
