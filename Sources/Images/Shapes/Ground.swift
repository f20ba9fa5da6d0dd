internal import Tensors

/// What lies behind the object: a wall, a table and wall, folds of cloth, lights out of focus, or planks.
struct Ground {
  private enum Kind: Int, CaseIterable {
    case wall
    case table
    case cloth
    case bokeh
    case planks
  }

  private let kind: Kind
  private let near: Light
  private let far: Light
  private let c: Double
  private let s: Double
  private let level: Double
  private let phase: Double
  private let period: Double
  private var spots: [(x: Double, y: Double, radius: Double, light: Light)] = []
  private var lattice: [Double] = []
  private let tint: Light

  static let latticeSide = 7

  init(hue: Double, lightness: Double, generator g: inout SeededGenerator) {
    kind = Kind.allCases[g.choice(Kind.allCases.count)]
    let chroma = g.uniform(0.05, 0.3)
    near = pigment(lightness: lightness - g.uniform(0, 0.15), chroma: chroma, hue: hue)
    far = pigment(lightness: lightness + g.uniform(0, 0.2), chroma: chroma, hue: hue + g.uniform(-0.16, 0.16))
    let turn = kind == .table ? g.uniform(-0.04, 0.04) : g.uniform()
    c = cosine(turns: turn)
    s = sine(turns: turn)
    level = g.uniform(-0.5, 0.5)
    phase = g.uniform()
    period = g.uniform(0.35, 0.9)
    tint = g.uniform(0.05, 0.26) * (pigment(lightness: 0.7, chroma: 0.35, hue: g.uniform()))
    for _ in 0..<Ground.latticeSide * Ground.latticeSide { lattice.append(g.uniform(-1, 1)) }
    guard kind == .bokeh else { return }
    for _ in 0..<4 + g.choice(4) {
      let light = g.uniform(0.1, 0.3) * pigment(lightness: 0.8, chroma: 0.4, hue: hue + g.uniform(-0.3, 0.3))
      spots.append((g.uniform(-1, 1), g.uniform(-1, 1), g.uniform(0.12, 0.4), light))
    }
  }

  func color(_ x: Double, _ y: Double) -> Light {
    let along = c * x + s * y
    let across = c * y - s * x
    var light: Light
    switch kind {
    case .wall, .bokeh:
      light = mixed(smoothstep(-1.2, 1.2, along))
      for spot in spots {
        let d = ((x - spot.x) * (x - spot.x) + (y - spot.y) * (y - spot.y)).squareRoot()
        light += spot.light * (1 - smoothstep(spot.radius - 0.06, spot.radius + 0.06, d))
      }
    case .table:
      let onTable = smoothstep(-0.03, 0.03, across - level)
      light = mixed(1 - onTable) * (1 - 0.12 * onTable * (1 - min(1, 3 * abs(across - level))))
    case .cloth:
      light = mixed(0.5 + 0.5 * sine(turns: along / period + phase + 0.2 * sine(turns: across * 0.6)))
    case .planks:
      let row = along / period + phase
      let inside = row - row.rounded(.down)
      let seam = smoothstep(0, 0.07, inside) * (1 - smoothstep(0.93, 1, inside))
      light = mixed(0.5 + 0.5 * sine(turns: row.rounded(.down) * 0.37)) * (0.78 + 0.22 * seam)
    }
    return (light + tint * texture(x, y)) * (1 - 0.12 * (x * x + y * y))
  }

  private func mixed(_ t: Double) -> Light { near + t * (far - near) }

  /// Random values on a lattice, smoothly joined.
  private func texture(_ x: Double, _ y: Double) -> Double {
    let side = Ground.latticeSide
    let fx = (x + 1) * 0.5 * Double(side - 1)
    let fy = (y + 1) * 0.5 * Double(side - 1)
    let ix = min(side - 2, max(0, Int(fx)))
    let iy = min(side - 2, max(0, Int(fy)))
    let tx = smoothstep(0, 1, fx - Double(ix))
    let ty = smoothstep(0, 1, fy - Double(iy))
    let base = iy * side + ix
    let upper = lattice[base] + tx * (lattice[base + 1] - lattice[base])
    let lower = lattice[base + side] + tx * (lattice[base + side + 1] - lattice[base + side])
    return upper + ty * (lower - upper)
  }
}
