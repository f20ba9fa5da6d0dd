internal import Tensors

typealias Light = SIMD3<Double>

/// A colour of given lightness, colourfulness and hue (in turns).
func pigment(lightness: Double, chroma: Double, hue: Double) -> Light {
  let wheel = Light(cosine(turns: hue), cosine(turns: hue - 1.0 / 3), cosine(turns: hue + 1.0 / 3))
  // Green weighs more in what the eye calls light than blue does.
  let luma = 0.3 * wheel.x + 0.59 * wheel.y + 0.11 * wheel.z
  return lightness + chroma * (wheel - luma * 0.7)
}

/// What covers a surface: one or two colours in a pattern.
struct Pigment {
  enum Pattern: Int, CaseIterable {
    case plain
    case shaded
    case banded
    case dotted
    case mottled
  }

  var first: Light
  var second: Light
  var pattern: Pattern
  private let cx: Double
  private let cy: Double
  private let phase: Double

  init(first: Light, second: Light, pattern: Pattern, period: Double, generator: inout SeededGenerator) {
    self.first = first
    self.second = second
    self.pattern = pattern
    let turn = generator.uniform()
    cx = cosine(turns: turn) / period
    cy = sine(turns: turn) / period
    phase = generator.uniform()
  }

  func color(_ x: Double, _ y: Double) -> Light {
    let a = cx * x + cy * y + phase
    switch pattern {
    case .plain: return first
    case .shaded: return mixed(0.5 + 0.5 * sine(turns: a * 0.35))
    case .banded: return mixed(smoothstep(-0.3, 0.3, sine(turns: a)))
    case .dotted:
      let b = cx * y - cy * x
      let dots = sine(turns: a) * sine(turns: b)
      return mixed(smoothstep(0.2, 0.6, dots))
    case .mottled:
      let bent = 0.35 * sine(turns: 1.3 * (cx * y - cy * x) + phase)
      return mixed(0.5 + 0.5 * sine(turns: a + bent))
    }
  }

  private func mixed(_ t: Double) -> Light { first + t * (second - first) }
}
