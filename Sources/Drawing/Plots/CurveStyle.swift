/// How a curve looks wherever it is drawn: its colour, its mark, and the strokes of its line.
public struct CurveStyle: Hashable, Sendable {
  /// The sign at each point of a curve.
  public enum Mark: Sendable, CaseIterable {
    case disc, square, triangle, diamond, circle, box, delta, lozenge

    /// As a glyph: one of geometric shapes, or of ASCII.
    func glyph(_ set: Appearance.GlyphSet) -> Unicode.Scalar {
      let place = Self.allCases.firstIndex(of: self) ?? 0
      return (set == .blocks ? Self.shapes : Self.letters)[place]
    }

    private static let shapes = Array("●■▲◆○□△◇".unicodeScalars)
    private static let letters = Array("*#^+ox%@".unicodeScalars)
  }

  /// The line between the points.
  public enum Strokes: Sendable, CaseIterable {
    case solid, dashed, dotted, dashDotted

    /// Dots that are set and left out in turn, of lines a dot thin; empty for all.
    var dots: [Int] {
      switch self {
      case .solid: []
      case .dashed: [7, 4]
      case .dotted: [1, 2]
      case .dashDotted: [7, 3, 1, 3]
      }
    }

    /// One column of it, for a legend.
    func sample(_ set: Appearance.GlyphSet) -> String {
      switch self {
      case .solid: set == .blocks ? "─" : "-"
      case .dashed: set == .blocks ? "╌" : "="
      case .dotted: set == .blocks ? "┈" : ":"
      case .dashDotted: set == .blocks ? "┄" : "~"
      }
    }
  }

  /// The sign at its points.
  public var mark: Mark
  /// The line between them.
  public var strokes: Strokes
  private let onDark: Color
  private let onLight: Color

  /// `light` is the colour on a light background, where another one stands out more.
  public init(_ color: Color, light: Color? = nil, mark: Mark = .disc, strokes: Strokes = .solid) {
    (onDark, onLight, self.mark, self.strokes) = (color, light ?? color, mark, strokes)
  }

  /// Of marks and line.
  public func color(on background: Appearance.Background) -> Color { background == .dark ? onDark : onLight }

  /// The same with other strokes.
  public func with(_ strokes: Strokes, _ mark: Mark? = nil) -> CurveStyle {
    var style = self
    style.strokes = strokes
    if let mark { style.mark = mark }
    return style
  }
}

// One look a thing, on every screen and in every figure.
extension CurveStyle {
  /// The subspace S_c of shared curvature, and directions of it.
  public static let curvature = CurveStyle(.vermillion)
  /// The subspace S_f of the boundary's normals.
  public static let normals = CurveStyle(.skyBlue, light: .blue, mark: .square, strokes: .dashed)
  /// Random directions and subspaces.
  public static let random = CurveStyle(.gray, mark: .delta, strokes: .dotted)
  /// The universal perturbation of the published algorithm.
  public static let universal = CurveStyle(.orange, mark: .diamond, strokes: .dashDotted)
  /// The universal perturbation that fools by both signs.
  public static let even = CurveStyle(.green, mark: .triangle, strokes: .dashed)
  /// The universal perturbation of gradient ascent.
  public static let ascent = CurveStyle(.purple, mark: .circle)

  /// The look of a direction or a subspace by its name in an outcome; nil for somebody's own.
  public static func named(_ name: String) -> CurveStyle? {
    switch name {
    case "S_c", "S_c 1": .curvature
    case "S_f": .normals
    case "random", "one random vector": .random
    case "UAP": .universal
    case "even", "even universal": .even
    case "ascent": .ascent
    default: nil
    }
  }

  /// The n-th of curves that have no look of their own, such as those of several networks.
  public static func other(_ n: Int) -> CurveStyle {
    others[((n % others.count) + others.count) % others.count]
  }

  private static let others: [CurveStyle] = [
    CurveStyle(.skyBlue, light: .blue), CurveStyle(.orange, mark: .square, strokes: .dashed),
    CurveStyle(.green, mark: .triangle, strokes: .dotted),
    CurveStyle(.yellow, light: .purple, mark: .diamond, strokes: .dashDotted),
    CurveStyle(.purple, light: .skyBlue, mark: .circle),
    CurveStyle(.vermillion, mark: .box, strokes: .dashed),
    CurveStyle(.blue, light: .black, mark: .delta, strokes: .dotted),
  ]
}
