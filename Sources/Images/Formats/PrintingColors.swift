/// Inks to light, without a colour profile.
enum PrintingColors {
  /// RGB of pixels of cyan, magenta, yellow and black (255 is full ink): R = (255 − K)(255 − C) / 255, rounded as
  /// Pillow rounds it, and so on.
  static func rgb(_ inks: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(inks.count / 4 * 3)
    for i in stride(from: 0, to: inks.count - 3, by: 4) {
      let light = 255 - Int(inks[i + 3])
      for channel in 0..<3 {
        let product = Int(inks[i + channel]) * light + 128
        out.append(UInt8(clamping: light - ((product >> 8) + product) >> 8))
      }
    }
    return out
  }
}
