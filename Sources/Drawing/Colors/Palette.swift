/// The colours of the small palettes, as xterm has them: 16 by name, 216 of a cube, 24 grays.
public enum Palette {
  /// The 16 colours as xterm shows them; terminals differ here more than anywhere else.
  static let ansi: [(UInt8, UInt8, UInt8)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  private static let steps: [UInt8] = [0, 95, 135, 175, 215, 255]

  /// Red, green and blue of an index of the 256-colour palette.
  public static func components(_ index: UInt8) -> (red: UInt8, green: UInt8, blue: UInt8) {
    if index < 16 { return ansi[Int(index)] }
    if index >= 232 {
      let level = 8 + 10 * (index - 232)
      return (level, level, level)
    }
    let i = Int(index) - 16
    return (steps[i / 36], steps[i / 6 % 6], steps[i % 6])
  }

  /// The index, 16…255, whose colour is nearest: the cube and the gray ramp; the 16 named ones vary by terminal.
  public static func indexed(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    func step(_ v: UInt8) -> Int { v < 48 ? 0 : v < 115 ? 1 : (Int(v) - 35) / 40 }
    let cube = UInt8(16 + 36 * step(red) + 6 * step(green) + step(blue))
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let gray = UInt8(232 + min(23, max(0, (mean - 3) / 10)))
    let wanted = (red, green, blue)
    return distance(components(gray), wanted) < distance(components(cube), wanted) ? gray : cube
  }

  /// The index, 0…15, whose colour is nearest.
  public static func ansi(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    var best = 0
    for i in 1..<16 where distance(ansi[i], (red, green, blue)) < distance(ansi[best], (red, green, blue)) {
      best = i
    }
    return UInt8(best)
  }

  /// A squared distance that weighs red and blue by how bright the mean red is (Riemersma's "redmean").
  static func distance(_ a: (UInt8, UInt8, UInt8), _ b: (UInt8, UInt8, UInt8)) -> Int {
    let mean = (Int(a.0) + Int(b.0)) / 2
    let (r, g, blue) = (Int(a.0) - Int(b.0), Int(a.1) - Int(b.1), Int(a.2) - Int(b.2))
    return ((512 + mean) * r * r + 1024 * g * g + (767 - mean) * blue * blue) >> 8
  }
}
