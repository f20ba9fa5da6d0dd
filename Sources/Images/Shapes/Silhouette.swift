/// The outlines that give the ten classes of the procedural set their names.
enum Silhouette: Int, CaseIterable {
  case disc
  case square
  case triangle
  case cross
  case ring
  case star
  case crescent
  case heart
  case arrow
  case spiral

  var name: String { String(describing: self) }

  /// About the distance of (u, v) to the outline, negative inside; every outline fills most of the unit disc.
  func distance(_ u: Double, _ v: Double) -> Double {
    switch self {
    case .disc: length(u, v) - 0.8
    case .square: box(u, v, 0.68, 0.68)
    case .triangle: triangle(u, v + 0.12)
    case .cross: min(box(u, v, 0.86, 0.26), box(u, v, 0.26, 0.86))
    case .ring: abs(length(u, v) - 0.63) - 0.21
    case .star: star(u, v)
    case .crescent: max(length(u + 0.1, v) - 0.84, 0.7 - length(u - 0.34, v))
    case .heart: heart(u, v + 0.1)
    case .arrow: arrow(u, v)
    case .spiral: spiral(u, v)
    }
  }

  private func length(_ u: Double, _ v: Double) -> Double { (u * u + v * v).squareRoot() }

  private func box(_ u: Double, _ v: Double, _ width: Double, _ height: Double) -> Double {
    max(abs(u) - width, abs(v) - height)
  }

  /// Equilateral, pointing up the v axis: one horizontal side and two slanted ones.
  private func triangle(_ u: Double, _ v: Double) -> Double {
    max(-v, 0.866_025_403_784_438_6 * abs(u) + 0.5 * v) - 0.46
  }

  /// Five points: mirrored into one half of one point, whose edge is a straight line.
  private func star(_ u: Double, _ v: Double) -> Double {
    let c = 0.809_016_994_374_947_4
    let s = 0.587_785_252_292_473_1
    var x = abs(u)
    var y = v
    let first = 2 * max(0, c * x - s * y)
    x -= first * c
    y += first * s
    let second = 2 * max(0, -c * x - s * y)
    x += second * c
    y += second * s
    x = abs(x)
    // The line from the tip (0, 0.98) to the notch at radius 0.46, a tenth of a turn away.
    let dx = 0.46 * s
    let dy = 0.46 * c - 0.98
    let norm = length(dx, dy)
    return (x * -dy + (y - 0.98) * dx) / norm
  }

  /// A square on its corner with a disc on each of its upper sides.
  private func heart(_ u: Double, _ v: Double) -> Double {
    let half = 0.44
    let r = 0.707_106_781_186_547_6
    let a = (abs(u) + v + 0.12) * r
    let b = (v + 0.12 - abs(u)) * r
    return min(box(a, b, half, half), length(a - half, b) - half)
  }

  private func arrow(_ u: Double, _ v: Double) -> Double {
    let shaft = max(abs(v) - 0.2, abs(u + 0.42) - 0.5)
    let head = max(0.05 - u, 0.78 * abs(v) + 0.625 * (u - 0.92))
    return min(shaft, head)
  }

  /// An Archimedean band of two turns.
  private func spiral(_ u: Double, _ v: Double) -> Double {
    let pitch = 0.43
    let radius = length(u, v)
    let turn = angle(x: u, y: v)
    let wraps = min(1, max(0, (radius / pitch - turn).rounded()))
    return max(abs(radius - pitch * (turn + wraps)) - 0.105, radius - 0.85)
  }
}
