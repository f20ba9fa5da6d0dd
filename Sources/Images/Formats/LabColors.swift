internal import Glibc
internal import Tensors

/// CIE L*a*b* to the colours of a screen, as Pillow's `convert('RGB')` has it done by Little CMS.
enum LabColors {
  /// sRGB of pixels of L (255 is 100), a and b (bytes with a sign) under the light D50; what no screen shows is cut off.
  ///
  /// Source: ISO 11664-4; IEC 61966-2-1, its primaries adapted to D50 by Bradford's matrix as in ICC's profile.
  static func rgb(_ lab: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(lab.count)
    for i in stride(from: 0, to: lab.count - 2, by: 3) {
      let lightness = Double(lab[i]) * 100 / 255
      let (a, b) = (Double(Int8(bitPattern: lab[i + 1])), Double(Int8(bitPattern: lab[i + 2])))
      let y = (lightness + 16) / 116
      let light = [inverse(y + a / 500) * 0.9642, inverse(y), inverse(y - b / 200) * 0.8249]
      for row in primaries {
        let linear = zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }
        out.append(UInt8(clamping: Int(saturating: (255 * gamma(min(max(linear, 0), 1))).rounded())))
      }
    }
    return out
  }

  private static func inverse(_ t: Double) -> Double {
    t > 6.0 / 29 ? t * t * t : 108.0 / 841 * (t - 4.0 / 29)
  }

  private static func gamma(_ x: Double) -> Double {
    x <= 0.003_130_8 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
  }

  /// XYZ under D50 to red, green and blue.
  private static let primaries: [[Double]] = [
    [3.133_856_1, -1.616_866_7, -0.490_614_6], [-0.978_768_4, 1.916_141_5, 0.033_454_0],
    [0.071_945_3, -0.228_991_4, 1.405_242_7],
  ]
}
