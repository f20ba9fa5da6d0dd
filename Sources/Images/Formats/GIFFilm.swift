internal import CGIF

/// A film in GIF, by giflib: frames of one size with a palette for all of them.
public struct GIFFilm {
  /// How many frames a palette is found from: more add no colours that are seen.
  private static let sampled = 24
  private static let colors = 256

  private let frames: [Picture]
  /// Hundredths of a second that a frame is shown.
  private let delays: [Int]

  /// `frames` have three channels and one size; each is shown for so many seconds, and the film begins again at its end.
  public init(_ frames: [(picture: Picture, seconds: Double)]) {
    let first = frames.first?.picture
    precondition(
      frames.allSatisfy {
        $0.picture.channels == 3 && $0.picture.width == first?.width && $0.picture.height == first?.height
      },
      "the frames of a film are coloured and have one size")
    self.frames = frames.map(\.picture)
    delays = frames.map { Int(min(600, max(0.02, $0.seconds)) * 100) }
  }

  /// The film's bytes; nil where giflib had no memory.
  public func encoded() -> [UInt8]? {
    guard let first = frames.first, let map = palette(), let colors = map.pointee.Colors else { return nil }
    defer { GifFreeMapObject(map) }
    let sink = Sink()
    var code: Int32 = 0
    guard let gif = EGifOpen(Unmanaged.passUnretained(sink).toOpaque(), Sink.take, &code) else { return nil }
    EGifSetGifVersion(gif, true)
    let nearest = NearestColor(colors, Int(map.pointee.ColorCount))
    let isWhole = withExtendedLifetime(sink) {
      var isWhole =
        EGifPutScreenDesc(gif, Int32(first.width), Int32(first.height), 8, 0, map) == GIF_OK && loops(gif)
      for (frame, delay) in zip(frames, delays) where isWhole { isWhole = put(frame, delay, nearest, gif) }
      return EGifCloseFile(gif, &code) == GIF_OK && isWhole
    }
    return isWhole ? sink.bytes : nil
  }

  /// Plays for ever.
  private func loops(_ gif: UnsafeMutablePointer<GifFileType>) -> Bool {
    let name = Array("NETSCAPE2.0".utf8)
    let forever: [UInt8] = [1, 0, 0]
    return EGifPutExtensionLeader(gif, Int32(APPLICATION_EXT_FUNC_CODE)) == GIF_OK
      && EGifPutExtensionBlock(gif, Int32(name.count), name) == GIF_OK
      && EGifPutExtensionBlock(gif, Int32(forever.count), forever) == GIF_OK
      && EGifPutExtensionTrailer(gif) == GIF_OK
  }

  private func put(
    _ frame: Picture, _ delay: Int, _ nearest: NearestColor, _ gif: UnsafeMutablePointer<GifFileType>
  ) -> Bool {
    var control = GraphicsControlBlock()
    (control.DisposalMode, control.DelayTime, control.TransparentColor) = (
      Int32(DISPOSE_DO_NOT), Int32(delay), NO_TRANSPARENT_COLOR
    )
    var block = [UInt8](repeating: 0, count: 4)
    EGifGCBToExtension(&control, &block)
    guard EGifPutExtension(gif, Int32(GRAPHICS_EXT_FUNC_CODE), 4, block) == GIF_OK,
      EGifPutImageDesc(gif, 0, 0, Int32(frame.width), Int32(frame.height), false, nil) == GIF_OK
    else { return false }
    for row in 0..<frame.height {
      var line = (0..<frame.width).map { column -> UInt8 in
        let i = 3 * (row * frame.width + column)
        return nearest[frame.bytes[i], frame.bytes[i + 1], frame.bytes[i + 2]]
      }
      guard EGifPutLine(gif, &line, Int32(line.count)) == GIF_OK else { return false }
    }
    return true
  }

  /// The colours of all frames, by median cut.
  private func palette() -> UnsafeMutablePointer<ColorMapObject>? {
    let every = max(1, frames.count / Self.sampled)
    let chosen = frames.indices.filter { $0 % every == 0 || $0 == frames.count - 1 }.map { frames[$0] }
    func plane(_ channel: Int) -> [UInt8] {
      chosen.flatMap { frame in stride(from: channel, to: frame.bytes.count, by: 3).map { frame.bytes[$0] } }
    }
    var (red, green, blue) = (plane(0), plane(1), plane(2))
    guard let map = GifMakeMapObject(Int32(Self.colors), nil) else { return nil }
    var count = Int32(Self.colors)
    var indices = [UInt8](repeating: 0, count: red.count)
    let height = UInt32(chosen.reduce(0) { $0 + $1.height })
    guard
      GifQuantizeBuffer(
        UInt32(frames[0].width), height, &count, &red, &green, &blue, &indices,
        map.pointee.Colors)
        == GIF_OK
    else {
      GifFreeMapObject(map)
      return nil
    }
    if let colors = map.pointee.Colors {
      for i in 0..<Int(map.pointee.ColorCount) {
        colors[i] = GifColorType(
          Red: ColorReduction.full(colors[i].Red), Green: ColorReduction.full(colors[i].Green),
          Blue: ColorReduction.full(colors[i].Blue))
      }
    }
    return map
  }

  /// Takes the bytes that giflib writes.
  private final class Sink {
    var bytes: [UInt8] = []

    static let take: OutputFunc = { gif, data, count in
      guard let gif, let data, let holder = gif.pointee.UserData else { return 0 }
      Unmanaged<Sink>.fromOpaque(holder).takeUnretainedValue().bytes
        .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
      return count
    }
  }
}

/// The palette's colour nearest to one of 15 bits, found once for each.
private final class NearestColor {
  private let palette: [(Int, Int, Int)]
  private var known = [Int16](repeating: -1, count: 1 << 15)

  init(_ colors: UnsafeMutablePointer<GifColorType>, _ count: Int) {
    palette = (0..<count).map { (Int(colors[$0].Red), Int(colors[$0].Green), Int(colors[$0].Blue)) }
  }

  subscript(red: UInt8, green: UInt8, blue: UInt8) -> UInt8 {
    let key = Int(red >> 3) << 10 | Int(green >> 3) << 5 | Int(blue >> 3)
    if known[key] >= 0 { return UInt8(known[key]) }
    let (r, g, b) = (Int(red), Int(green), Int(blue))
    let nearest = palette.indices.min { distance(palette[$0], r, g, b) < distance(palette[$1], r, g, b) } ?? 0
    known[key] = Int16(nearest)
    return UInt8(nearest)
  }

  private func distance(_ c: (Int, Int, Int), _ r: Int, _ g: Int, _ b: Int) -> Int {
    2 * (c.0 - r) * (c.0 - r) + 4 * (c.1 - g) * (c.1 - g) + (c.2 - b) * (c.2 - b)
  }
}
