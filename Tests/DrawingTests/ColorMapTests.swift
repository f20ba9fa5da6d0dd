import Drawing
import Foundation
import Testing

@Suite struct ColorMapTests {
  private func lightness(_ index: UInt8) -> Double {
    let c = Palette.components(index)
    return Color(red: c.red, green: c.green, blue: c.blue).luminance
  }

  private func isMonotone(_ values: some Collection<Double>, rising: Bool) -> Bool {
    zip(values, values.dropFirst()).allSatisfy { rising ? $1 >= $0 - 0.012 : $1 <= $0 + 0.012 }
  }

  @Test("The luminance of every map is ordered in each half, in 256 and in direct colours")
  func order() {
    for (map, rising) in [(ColorMap.vik, true), (.berlin, false)] {
      for values in [map.colors.map(\.luminance), map.colors.map { lightness($0.indexed) }] {
        #expect(isMonotone(values.prefix(16), rising: rising), "\(map.name) below zero")
        #expect(isMonotone(values.suffix(16), rising: !rising), "\(map.name) above zero")
      }
    }
    for map in [ColorMap.viridis, .grays] {
      for values in [map.colors.map(\.luminance), map.colors.map { lightness($0.indexed) }] {
        #expect(isMonotone(values, rising: true), "\(map.name)")
      }
    }
  }

  @Test("Values of opposite signs never share a level, and larger ones never come nearer to the middle")
  func signs() {
    let map = ColorMap.vik
    for limit: Float in [1e-3, 1, 1e9] {
      var last = 0
      for step in 0...40 {
        let value = limit * Float(step) / 30
        let (above, below) = (
          map.color(of: value, limit: limit), map.color(of: -value - 1e-12 * limit, limit: limit)
        )
        let (i, j) = (map.colors.firstIndex(of: above) ?? -1, map.colors.firstIndex(of: below) ?? -1)
        #expect(i >= 16 && j < 16 && i >= last && i + j == 31)
        last = i
      }
    }
    #expect(map.color(of: .infinity, limit: 1) == map.colors[31])
    #expect(map.color(of: -.infinity, limit: 1) == map.colors[0])
  }

  @Test("The signs keep apart under colour-vision deficiency at half range")
  func deficiency() {
    for map in [ColorMap.vik, .berlin] {
      for (name, matrix) in Deficiency.matrices {
        let distance = Deficiency.distance(map.colors[8], map.colors[23], matrix)
        #expect(distance > 40, "\(map.name) \(name) \(distance)")
      }
    }
  }

  @Test("The ramps begin blank and hold no glyph twice")
  func ramps() {
    for ramp in [Ramp.ascii, Ramp.shades] {
      #expect(ramp.first == " ")
      #expect(Set(ramp).count == ramp.count)
    }
    for set in [Appearance.GlyphSet.ascii, .blocks] {
      let ramp = set == .ascii ? Ramp.ascii : Ramp.shades
      let shown = (0...100).map { Ramp.glyph(Double($0) / 100, set) }.compactMap { ramp.firstIndex(of: $0) }
      #expect(shown == shown.sorted() && shown.first == 0 && shown.last == ramp.count - 1)
    }
  }

  @Test("Plain text tells the signs apart", arguments: [Appearance.GlyphSet.ascii, .blocks])
  func plainSigns(set: Appearance.GlyphSet) {
    let sizes = stride(from: Float(0.01), through: 1.2, by: 0.01)
    let below = Set(sizes.map { Ramp.glyph(of: -$0, limit: 1, set) })
    let above = Set(sizes.map { Ramp.glyph(of: $0, limit: 1, set) })
    #expect(below.isDisjoint(with: above))
  }
}

/// How colours look with a colour-vision deficiency: the matrices of Machado, Oliveira and Fernandes (2009),
/// severity 1, and distances in CIELAB.
enum Deficiency {
  static let matrices: [(String, [Double])] = [
    ("normal", [1, 0, 0, 0, 1, 0, 0, 0, 1]),
    (
      "protan",
      [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998]
    ),
    (
      "deutan",
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881]
    ),
    (
      "tritan",
      [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900]
    ),
  ]

  static func distance(_ a: Color, _ b: Color, _ matrix: [Double]) -> Double {
    zip(lab(a, matrix), lab(b, matrix)).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private static func lab(_ color: Color, _ m: [Double]) -> [Double] {
    let linear = [color.red, color.green, color.blue].map { raw -> Double in
      let v = Double(raw) / 255
      return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4)
    }
    let seen = (0..<3).map { i in
      min(1, max(0, m[3 * i] * linear[0] + m[3 * i + 1] * linear[1] + m[3 * i + 2] * linear[2]))
    }
    let x = (0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.95047
    let y = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
    let z = (0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.08883
    let f = [x, y, z].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16.0 / 116 }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }
}
