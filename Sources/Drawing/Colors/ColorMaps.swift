// vik and berlin: F. Crameri, Scientific colour maps, doi 10.5281/zenodo.1243862 (MIT); viridis: S. van der Walt
// and N. Smith (CC0). Seventeen points each, within 7/255 of the originals.
extension ColorMap {
  /// Blue – pale – red: for light backgrounds; zero is light.
  public static let vik = ColorMap(
    "vik", isDiverging: true,
    points: [
      0x001261, 0x022B71, 0x034481, 0x0C5E92, 0x307DA6, 0x619EBD, 0x94BED2, 0xC6DBE6, 0xECE5E0, 0xE9CAB8,
      0xDBAA8D, 0xCF8C66, 0xC27041, 0xB2511D, 0x912D06, 0x731406, 0x590008,
    ],
    indexed: [
      17, 18, 18, 19, 24, 24, 24, 24, 31, 67, 74, 110, 152, 152, 253, 254, 254, 224, 181, 180, 180, 173, 173,
      173, 130, 130, 130, 124, 88, 88, 52, 52,
    ], ansi: [4, 12, 9, 1])

  /// Pale blue – black – pale red: for dark backgrounds; zero is dark.
  public static let berlin = ColorMap(
    "berlin", isDiverging: true,
    points: [
      0x9EB0FF, 0x79ABED, 0x519FD3, 0x3685AD, 0x286886, 0x1D4B61, 0x14303E, 0x111A20, 0x190C09, 0x2B0E01,
      0x411201, 0x5B1D08, 0x7D341E, 0x9E513F, 0xBE6F63, 0xDF8F89, 0xFFADAD,
    ],
    indexed: [
      147, 111, 75, 75, 74, 31, 31, 31, 24, 24, 24, 237, 235, 234, 233, 233, 233, 233, 234, 52, 52, 52, 52,
      88,
      95, 131, 131, 131, 174, 174, 217, 217,
    ], ansi: [12, 4, 1, 9])

  /// Violet – green – yellow: for magnitudes.
  public static let viridis = ColorMap(
    "viridis", isDiverging: false,
    points: [
      0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1FA088,
      0x28AE80, 0x3FBC73, 0x5EC962, 0x84D44B, 0xADDC30, 0xD8E219, 0xFDE725,
    ],
    indexed: [
      53, 54, 54, 54, 55, 55, 56, 24, 24, 24, 24, 24, 24, 30, 30, 30, 30, 36, 36, 36, 36, 71, 71, 77, 77, 113,
      113, 148, 148, 184, 184, 220,
    ], ansi: [5, 4, 2, 11])

  /// Black – white: the most faithful scale with 256 colours.
  public static let grays = ColorMap(
    "grays", isDiverging: false, points: [0x080808, 0xFFFFFF],
    indexed: (0..<31).map { (i: Int) -> UInt8 in UInt8(232 + i * 24 / 31) } + [231], ansi: [0, 8, 7, 15])

  /// The diverging map that suits a background.
  public static func diverging(_ background: Appearance.Background) -> ColorMap {
    background == .dark ? .berlin : .vik
  }
}
