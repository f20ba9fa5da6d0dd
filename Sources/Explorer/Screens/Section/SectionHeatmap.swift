public import Drawing
public import Experiments

extension Heatmap {
  /// A section as a picture: x, z, the zero contour, and the circle and the disc that touch the boundary at z.
  ///
  /// Nil while nothing is known.
  public init?(
    _ outcome: SectionMap.Outcome, classNames: [String], mode: Mode = .labels, showsCircle: Bool = true,
    showsDisk: Bool = true
  ) {
    guard let field = outcome.field else { return nil }
    self.init(
      field, classNames: classNames, mode: mode, horizontal: "s along \(outcome.along), px",
      vertical: "t along r, px")
    markers = [Marker(PlanePoint(s: 0, t: 0), glyph: "x")]
    if outcome.norm > 0 {
      markers.append(Marker(PlanePoint(s: 0, t: Float(outcome.norm)), glyph: "z"))
    }
    guard let normal = outcome.planeNormal, normal.count == 2 else { return }
    if showsCircle, !outcome.isFlat {
      add(circleOf: outcome.planeCurvature, outcome.norm, normal, "circle", nil)
    }
    if showsDisk { add(circleOf: outcome.globalCurvature, outcome.norm, normal, "disc", .purple) }
  }

  /// The circle of a curvature that touches the boundary at z, its centre z − n/κ; nothing where it is straight.
  private mutating func add(
    circleOf curvature: Double?, _ norm: Double, _ normal: [Double], _ name: String, _ color: Color?
  ) {
    let reach = Double(field.columns.last ?? 1) - Double(field.columns.first ?? -1)
    guard let curvature, curvature.isFinite, norm.isFinite, abs(curvature) * reach > 1e-3 else { return }
    let radius = 1 / curvature
    // As far around as the plane reaches, finely enough for a cell.
    let half = min(Double.pi, reach * abs(curvature))
    let count = 240
    let points = (0...count).map { i in
      let angle = half * (2 * Double(i) / Double(count) - 1)
      let (x, y) = (radius * SectionScreen.sine(angle), -radius * (1 - SectionScreen.cosine(angle)))
      return PlanePoint(
        s: Float(x * normal[1] + y * normal[0]), t: Float(norm - x * normal[0] + y * normal[1]))
    }
    curves.append(Curve(points, name: name, color: color))
  }
}
