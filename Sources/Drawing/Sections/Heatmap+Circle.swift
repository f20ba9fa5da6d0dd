internal import Glibc

extension Heatmap.Curve {
  /// A circle, such as the osculating circle of the boundary at z; a radius of either sign draws the same.
  public static func circle(
    center: PlanePoint, radius: Float, name: String = "", color: Color? = nil
  ) -> Heatmap.Curve {
    let points = (0...128).map { i in
      let angle = Float(i) / 128 * 2 * .pi
      return PlanePoint(s: center.s + radius * cosf(angle), t: center.t + radius * sinf(angle))
    }
    return Heatmap.Curve(points, name: name, color: color)
  }
}
