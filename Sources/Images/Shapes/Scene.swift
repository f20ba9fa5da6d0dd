internal import Tensors

/// One picture of the procedural set in the making: a ground, things painted on it in turn, a camera.
struct Scene {
  static let side = 32
  /// Samples a pixel's side, averaged at the end.
  private static let samples = 2
  private static let grid = side * samples
  private static let pitch = 2 / Double(grid)

  private var g: SeededGenerator
  private var canvas: [Light]
  private var field: [Double]
  private let light: (x: Double, y: Double, z: Double)
  private let hue: Double
  private let lightness: Double

  /// An empty scene; equal generators give equal pictures.
  init(generator: SeededGenerator) {
    g = generator
    canvas = [Light](repeating: .zero, count: Scene.grid * Scene.grid)
    field = [Double](repeating: 0, count: Scene.grid * Scene.grid)
    let turn = g.uniform()
    light = (0.7 * cosine(turns: turn), 0.7 * sine(turns: turn), 0.714)
    hue = g.uniform()
    lightness = g.uniform(0.3, 0.75)
  }

  /// The picture's bytes, interleaved RGB, row by row.
  mutating func photograph(_ silhouette: Silhouette) -> [UInt8] {
    paintGround()
    for _ in 0..<g.choice(4) { paintTrinket() }
    let place = paintObject(silhouette)
    if g.chance(0.4) { paintOccluder(over: place) }
    return develop()
  }

  private static func coordinate(_ i: Int) -> Double { (Double(i) + 0.5) * pitch - 1 }

  private mutating func paintGround() {
    let ground = Ground(hue: hue, lightness: lightness, generator: &g)
    for row in 0..<Scene.grid {
      let y = Scene.coordinate(row)
      for column in 0..<Scene.grid {
        canvas[row * Scene.grid + column] = ground.color(Scene.coordinate(column), y)
      }
    }
  }

  /// A small thing of no class of its own: a pebble, a splinter or a chip.
  private mutating func paintTrinket() {
    let size = g.uniform(0.08, 0.2)
    let place = Placement(
      x: g.uniform(-1, 1), y: g.uniform(-1, 1), size: size, turn: g.uniform(), squash: g.uniform(0.25, 0.8))
    let silhouette = [Silhouette.disc, .square, .triangle][g.choice(3)]
    let color = pigment(lightness: g.uniform(0.2, 0.8), chroma: g.uniform(0.05, 0.35), hue: g.uniform())
    let pigment = Pigment(first: color, second: color, pattern: .plain, period: 1, generator: &g)
    paint(silhouette, at: place, pigment, bevel: 0.1, opacity: g.uniform(0.6, 1))
  }

  private mutating func paintObject(_ silhouette: Silhouette) -> Placement {
    let place = Placement(
      x: g.uniform(-0.25, 0.25), y: g.uniform(-0.25, 0.25), size: g.uniform(0.45, 0.84), turn: g.uniform(),
      squash: g.uniform(0.75, 1))
    let contrast = g.uniform(0.08, 0.36) * (g.chance(lightness > 0.52 ? 0.75 : 0.25) ? -1 : 1)
    let ownHue = hue + g.uniform(0.12, 0.88)
    let chroma = g.uniform(0.08, 0.38)
    let first = pigment(lightness: lightness + contrast, chroma: chroma, hue: ownHue)
    let second = pigment(
      lightness: lightness + contrast * g.uniform(0.6, 1.5), chroma: chroma,
      hue: ownHue + g.uniform(-0.12, 0.12))
    let pattern = Pigment.Pattern.allCases[g.choice(Pigment.Pattern.allCases.count)]
    let cover = Pigment(
      first: first, second: second, pattern: pattern, period: g.uniform(0.3, 0.6), generator: &g)
    paint(silhouette, at: place, cover, bevel: g.uniform(0.08, 0.3), opacity: g.uniform(0.7, 1))
    return place
  }

  /// A leaf or a slip of paper that hides a part of the object.
  private mutating func paintOccluder(over object: Placement) {
    let turn = g.uniform()
    let distance = object.size * g.uniform(0.45, 1)
    let place = Placement(
      x: object.x + distance * cosine(turns: turn), y: object.y + distance * sine(turns: turn),
      size: g.uniform(0.2, 0.4), turn: g.uniform(), squash: g.uniform(0.3, 0.7))
    let color = pigment(lightness: g.uniform(0.2, 0.85), chroma: g.uniform(0.05, 0.4), hue: g.uniform())
    let pigment = Pigment(first: color, second: color * 0.8, pattern: .shaded, period: 0.3, generator: &g)
    paint(g.chance(0.5) ? .disc : .square, at: place, pigment, bevel: 0.08, opacity: 1)
  }

  /// A raised thing with a rounded edge, lit from the side, and the shadow that it casts.
  private mutating func paint(
    _ silhouette: Silhouette, at place: Placement, _ pigment: Pigment, bevel: Double, opacity: Double
  ) {
    measure(silhouette, at: place)
    castShadow(
      length: place.size * g.uniform(0.05, 0.28), softness: g.uniform(0.04, 0.2), g.uniform(0.15, 0.55))
    let gloss = g.chance(0.4) ? g.uniform(0.1, 0.35) : 0
    let ambient = g.uniform(0.55, 0.8)
    let relief = g.uniform(0.3, 0.9)
    for row in 0..<Scene.grid {
      for column in 0..<Scene.grid {
        let i = row * Scene.grid + column
        let d = field[i]
        guard d < Scene.pitch * 0.5 else { continue }
        let coverage = opacity * min(1, 0.5 - d / Scene.pitch)
        let steepness = relief * (1 - min(1, max(0, -d) / (bevel * place.size * 2)))
        let lit = illumination(row, column, steepness)
        let color = pigment.color(Scene.coordinate(column), Scene.coordinate(row))
        let glint = lit * lit
        let seen = color * (ambient + (1.35 - ambient) * lit) + gloss * glint * glint * glint
        canvas[i] += coverage * (seen - canvas[i])
      }
    }
  }

  /// How much of the light falls on a surface that slopes down towards the outline.
  private func illumination(_ row: Int, _ column: Int, _ steepness: Double) -> Double {
    let (nx, ny) = slope(row, column)
    return max(0, light.z * (1 - 0.5 * steepness) - steepness * (nx * light.x + ny * light.y))
  }

  /// The distance to the outline at every sample, in units of the picture's half side.
  private mutating func measure(_ silhouette: Silhouette, at place: Placement) {
    for row in 0..<Scene.grid {
      let y = Scene.coordinate(row)
      for column in 0..<Scene.grid {
        let p = place.local(Scene.coordinate(column), y)
        field[row * Scene.grid + column] = silhouette.distance(p.u, p.v) * place.size
      }
    }
  }

  /// The direction from the outline inwards, a unit vector or zero.
  private func slope(_ row: Int, _ column: Int) -> (Double, Double) {
    let last = Scene.grid - 1
    let gx =
      field[row * Scene.grid + min(last, column + 1)] - field[row * Scene.grid + max(0, column - 1)]
    let gy = field[min(last, row + 1) * Scene.grid + column] - field[max(0, row - 1) * Scene.grid + column]
    let norm = (gx * gx + gy * gy).squareRoot()
    return norm > 0 ? (-gx / norm, -gy / norm) : (0, 0)
  }

  private mutating func castShadow(length: Double, softness: Double, _ strength: Double) {
    let across = Int((light.x / 0.7 * length / Scene.pitch).rounded())
    let down = Int((light.y / 0.7 * length / Scene.pitch).rounded())
    let last = Scene.grid - 1
    for row in 0..<Scene.grid {
      let source = min(last, max(0, row + down)) * Scene.grid
      for column in 0..<Scene.grid {
        let d = field[source + min(last, max(0, column + across))]
        guard d < softness else { continue }
        canvas[row * Scene.grid + column] *= 1 - strength * (1 - smoothstep(-softness, softness, d))
      }
    }
  }

  /// Averages the samples, sets the exposure, blurs a little, adds the sensor's noise and rounds to bytes.
  private mutating func develop() -> [UInt8] {
    let exposure = g.uniform(0.85, 1.15)
    let blur = g.chance(0.5) ? g.uniform(0, 0.2) : 0
    let noise = g.uniform(0.01, 0.06)
    let small = averaged()
    let side = Scene.side
    var bytes = [UInt8](repeating: 0, count: side * side * 3)
    for row in 0..<side {
      let above = max(0, row - 1) * side
      let below = min(side - 1, row + 1) * side
      for column in 0..<side {
        let i = row * side + column
        let sides = small[above + column] + small[below + column]
        let ends = small[row * side + max(0, column - 1)] + small[row * side + min(side - 1, column + 1)]
        let value = exposure * (small[i] + blur * (sides + ends - 4 * small[i]))
        for channel in 0..<3 {
          let level = 255 * (value[channel] + noise * bell())
          bytes[3 * i + channel] = UInt8(min(255, max(0, level)).rounded())
        }
      }
    }
    return bytes
  }

  private func averaged() -> [Light] {
    let side = Scene.side
    var small = [Light](repeating: .zero, count: side * side)
    for row in 0..<Scene.grid {
      for column in 0..<Scene.grid {
        small[row / Scene.samples * side + column / Scene.samples] += canvas[row * Scene.grid + column]
      }
    }
    let share = 1 / Double(Scene.samples * Scene.samples)
    for i in small.indices { small[i] *= share }
    return small
  }

  /// Nearly normal with variance 1: the sum of four uniform numbers cut from one.
  private mutating func bell() -> Double {
    let bits = g.next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    return (Double(sum) - 131_070) / 37_837.0
  }
}
