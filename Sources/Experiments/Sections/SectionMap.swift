public import Networks

/// The plane through an image along its minimal perturbation and another direction: figures 5 and 6.
///
/// A point of it is x + s·ŝ + t·t̂ in pixel units, with t̂ = r(x)/‖r(x)‖ and ŝ the part of v that is orthogonal to r, made
/// a unit vector: s runs along the boundary, t across it, and the boundary point z lies at (0, ‖r‖). The grid is known
/// coarsely first and refined then. With `towards` t̂ points to another image instead, and z is where the boundary lies on
/// the way there; with a third image as v that is the plane through three images, by Gram and Schmidt, as in Somepalli
/// et al., CVPR 2022. Cost: one forward pass a cell, and some 2,100 for the boundary line and its curvature,
/// fewer where the grid is coarse.
public struct SectionMap: Experiment {
  public static let name = "section"
  public static let version = 4
  public static let nested: [any Experiment.Type] = [Robustness.self]

  /// Which of the subject's images, where that says none to look at.
  public var index: Int
  /// v, whose part orthogonal to t̂ gives ŝ.
  public var along: Direction
  /// Half the side of the square around z in pixel units; nil takes 2·‖r(x)‖, so that x lies half way to the edge.
  public var extent: Double?
  /// Points along s, the horizontal axis; at least 2.
  public var width: Int
  /// Points along t, the vertical axis; at least 2.
  public var height: Int
  /// With which second derivative the normal curvature at z is told.
  public var product: HessianProduct
  /// Moves the square by whole cells; nil leaves z in its middle.
  public var shift: Shift?
  /// The model whose margin is seen in the plane of the subject's own; nil for that model itself.
  public var judge: OtherModel?
  /// The image, by its index in the set, that t̂ points to; nil takes the direction of r.
  public var towards: Int?

  /// Cells to the right and upwards.
  public struct Shift: Hashable, Sendable, Codable {
    /// To the right, along s.
    public var columns: Int
    /// Upwards, along t.
    public var rows: Int

    public init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  public var others: [OtherModel] { along.directions.others + (judge.map { [$0] } ?? []) }

  public init(
    index: Int, along: Direction, extent: Double? = nil, width: Int = 96, height: Int = 96,
    product: HessianProduct, shift: Shift? = nil, judge: OtherModel? = nil
  ) {
    self.shift = shift
    self.judge = judge
    self.index = index
    self.along = along
    self.extent = extent
    self.width = width
    self.height = height
    self.product = product
  }
}
