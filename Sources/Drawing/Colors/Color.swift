/// A colour with its places in the smaller palettes, so that each palette can be chosen with care instead of by
/// nearness: ordered colour maps stay ordered with 256 colours.
public struct Color: Hashable, Sendable {
  /// Red, 0…255, as 24-bit colours have it.
  public let red: UInt8
  /// Green, 0…255, likewise.
  public let green: UInt8
  /// Blue, 0…255, likewise.
  public let blue: UInt8
  /// Index in the 256-colour palette, 16…255.
  public let indexed: UInt8
  /// Index in the 16-colour palette, 0…15; 8-colour terminals take it modulo 8.
  public let ansi: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8, indexed: UInt8, ansi: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
    self.indexed = indexed
    self.ansi = ansi
  }
}
