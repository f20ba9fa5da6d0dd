public import Experiments
public import Networks

/// Parameters of one section: the plane through an image along its r and one direction.
public struct SectionRequest: Hashable, Sendable {
  public var image: Int
  public var direction: Direction
  /// Half the side of the square, in pixel units.
  public var extent: Double
  /// Points a side.
  public var resolution: Int
  /// With which second derivative the curvature at the boundary is told.
  public var product: HessianProduct
  /// How the direction is learnt; nil where it need not be.
  public var learning: Learning?
  /// Cells by which the square stands beside z; nil where z is in its middle.
  public var shift: SectionMap.Shift?
  /// Digest of the model that is seen in the plane of the request's own model; nil for that model itself.
  public var judge: String?

  public init(
    image: Int, direction: Direction, extent: Double, resolution: Int, product: HessianProduct,
    learning: Learning? = nil, shift: SectionMap.Shift? = nil, judge: String? = nil
  ) {
    self.shift = shift
    self.judge = judge
    self.image = image
    self.direction = direction
    self.extent = extent
    self.resolution = resolution
    self.product = product
    self.learning = learning
  }
}

/// How the directions that have to be learnt are learnt: what stands behind UAP, S_c and S_f all over the screen.
public enum Learning: Hashable, Sendable {
  /// The same as ``Analysis/universal(_:training:validation:)``.
  case universal(UniversalFooling, training: Range<Int>, validation: Range<Int>)
  /// The same as ``Analysis/spectrum(_:images:)``.
  case curvature(SharedCurvature, images: Range<Int>)
  /// The same as ``Analysis/normals(_:images:)``.
  case normals(NormalSpectrum, images: Range<Int>)

  /// The analysis whose finding holds the direction.
  public var analysis: Analysis {
    switch self {
    case .universal(let parameters, let training, let validation):
      .universal(parameters, training: training, validation: validation)
    case .curvature(let parameters, let images): .spectrum(parameters, images: images)
    case .normals(let parameters, let images): .normals(parameters, images: images)
    }
  }
}
