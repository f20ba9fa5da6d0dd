/// An ordered colour scale of 32 levels, ordered in every palette.
///
/// 32 levels keep the bytes a second low on slow links; the indices of the 256-colour palette are tables found by
/// dynamic programming (least squared CAM02-UCS distance with lightness monotone in each half), because the
/// nearest colours break the order of lightness.
public struct ColorMap: Hashable, Sendable {
  /// The number of ``colors`` of every map.
  public static let levels = 32

  public let name: String
  /// Whether the middle stands for zero.
  public let isDiverging: Bool
  /// The colours from the lowest to the highest level.
  public let colors: [Color]

  /// A map from colours at equal distances (0xRRGGBB, linear between), an index of the 256-colour palette for
  /// each level, and an index of the 16-colour palette for each quarter of the scale.
  init(_ name: String, isDiverging: Bool, points: [UInt32], indexed: [UInt8], ansi: [UInt8]) {
    precondition(indexed.count == Self.levels && ansi.count == 4 && points.count > 1)
    self.name = name
    self.isDiverging = isDiverging
    colors = indexed.indices.map { level in
      let place = Double(level) / Double(Self.levels - 1) * Double(points.count - 1)
      let i = min(points.count - 2, Int(place))
      let share = place - Double(i)
      func mix(_ shift: UInt32) -> UInt8 {
        let (a, b) = (points[i] >> shift & 255, points[i + 1] >> shift & 255)
        return UInt8((Double(a) * (1 - share) + Double(b) * share).rounded())
      }
      return Color(
        red: mix(16), green: mix(8), blue: mix(0), indexed: indexed[level],
        ansi: ansi[level * 4 / Self.levels])
    }
  }

  /// The colour at a place of the scale, 0…1; what lies outside takes the colour of the end.
  public func color(at place: Double) -> Color { colors[Self.level(at: place)] }

  /// The colour of a signed value when ±`limit` are the ends: values of either sign never meet in one level.
  public func color(of value: Float, limit: Float) -> Color { colors[Self.level(of: value, limit: limit)] }

  static func level(at place: Double) -> Int {
    guard !place.isNaN else { return levels / 2 }
    return Int((min(1, max(0, place)) * Double(levels)).rounded(.down).clamped(to: 0...Double(levels - 1)))
  }

  static func level(of value: Float, limit: Float) -> Int {
    let half = levels / 2
    let size = min(1, max(0, Double(abs(value)) / Double(max(limit, .leastNormalMagnitude))))
    guard !size.isNaN else { return half }
    let step = min(half - 1, Int(size * Double(half)))
    return value < 0 ? half - 1 - step : half + step
  }
}

extension Comparable {
  func clamped(to range: ClosedRange<Self>) -> Self { min(range.upperBound, max(range.lowerBound, self)) }
}
