internal import Images
internal import Tensors
internal import Testing

@Suite("Resampling")
struct ResamplingTests {
  /// Source size, channels, target size, what Pillow makes of it.
  static let cases: [([Int], Int, [Int], [UInt8])] = [
    ([13, 9], 3, [5, 7], Golden.down), ([5, 4], 3, [11, 9], Golden.up), ([16, 6], 1, [4, 13], Golden.mixed),
    ([12, 12], 3, [6, 6], Golden.half),
  ]

  @Test("bilinear results are Pillow's, to one level", arguments: cases)
  func pillow(source: [Int], channels: Int, target: [Int], expected: [UInt8]) {
    let picture = pattern(width: source[0], height: source[1], channels: channels)
    let resized = Resampling.bilinear(picture, width: target[0], height: target[1])
    #expect([resized.width, resized.height] == target)
    let worst = zip(resized.bytes, expected).map { abs(Int($0) - Int($1)) }.max()!
    #expect(worst <= 1)
  }

  @Test(
    "every filter's results are Pillow's, to one level",
    arguments: [
      (Resampling.Filter.nearest, Golden.nearest), (.bicubic, Golden.bicubic), (.lanczos, Golden.lanczos),
    ])
  func filters(filter: Resampling.Filter, expected: [UInt8]) {
    let picture = pattern(width: 9, height: 7, channels: 3)
    let resized = Resampling.resampled(picture, width: 4, height: 11, filter)
    let worst = zip(resized.bytes, expected).map { abs(Int($0) - Int($1)) }.max()!
    #expect(resized.bytes.count == expected.count)
    #expect(worst <= 1)
  }

  @Test("one colour stays that colour, the same size stays the picture")
  func constant() {
    let plain = Picture(width: 7, height: 5, channels: 1, bytes: [UInt8](repeating: 201, count: 35))
    #expect(Resampling.bilinear(plain, width: 3, height: 11).bytes.allSatisfy { $0 == 201 })
    let picture = pattern(width: 6, height: 4, channels: 3)
    #expect(Resampling.bilinear(picture, width: 6, height: 4) == picture)
  }
}

@Suite("Fitting")
struct FittingTests {
  @Test("the shorter side is resized and the middle cut out")
  func resizeAndCrop() throws {
    let fitting = Fitting(resize: 8, crop: 8, shape: [3, 8, 8])
    let fitted = try fitting.apply(pattern(width: 24, height: 10, channels: 3), "x")
    let wide = Resampling.bilinear(pattern(width: 24, height: 10, channels: 3), width: 19, height: 8)
    // (19 − 8) / 2 = 5.5 rounds to the even 6, as torchvision's does.
    #expect(fitted.bytes.prefix(24) == wide.bytes[18..<42])
  }

  @Test(
    "libraries differ in where the middle of an odd rest is",
    arguments: [
      (24, 9, CentreCrop.Rounding.toEven, 8), (24, 9, .down, 7), (26, 9, .toEven, 8), (26, 9, .down, 8),
      (24, 8, .toEven, 8), (24, 8, .down, 8), (17, 16, .toEven, 0), (19, 16, .toEven, 2), (19, 16, .down, 1),
    ])
  func middle(side: Int, crop: Int, rounding: CentreCrop.Rounding, start: Int) throws {
    let picture = pattern(width: side, height: side, channels: 3)
    let cut = try #require(CentreCrop(side: crop, rounding: rounding).apply(picture))
    #expect([cut.width, cut.height] == [crop, crop])
    let first = (start * side + start) * 3
    #expect(cut.bytes.prefix(3 * crop) == picture.bytes[first..<first + 3 * crop])
  }

  @Test("a picture smaller than the crop gets a black margin where the library gives one")
  func margin() throws {
    let picture = Picture(width: 3, height: 6, channels: 1, bytes: [UInt8](repeating: 9, count: 18))
    #expect(CentreCrop(side: 6).apply(picture) == nil)
    let padded = try #require(CentreCrop(side: 6, rounding: .down, pads: true).apply(picture))
    #expect(Array(padded.bytes.prefix(6)) == [0, 9, 9, 9, 0, 0])
    #expect(padded.bytes.count(where: { $0 == 9 }) == 18)
    let both = try #require(CentreCrop(side: 5, rounding: .down, pads: true).apply(picture))
    #expect(Array(both.bytes.prefix(5)) == [0, 9, 9, 9, 0])
  }

  @Test("height and width may be asked for")
  func exactSize() throws {
    let picture = pattern(width: 24, height: 10, channels: 3)
    var fitting = Fitting(resize: .exactly(height: 8, width: 6), shape: [3, 8, 6])
    fitting.filter = .bicubic
    let right = Resampling.resampled(picture, width: 6, height: 8, .bicubic)
    #expect(try fitting.apply(picture, "x") == right)
  }

  @Test("grey becomes three channels, and three equal ones become grey")
  func channels() throws {
    let grey = pattern(width: 3, height: 3, channels: 1)
    let color = try Fitting(shape: [3, 3, 3]).apply(grey, "x")
    #expect(color.bytes.prefix(6) == [0, 0, 0, 48, 48, 48])
    #expect(try Fitting(shape: [1, 3, 3]).apply(color, "x") == grey)
  }

  @Test("what does not fit is refused with what to pass")
  func refusals() {
    let picture = pattern(width: 40, height: 30, channels: 3)
    #expect(
      sentence { _ = try Fitting(shape: [3, 32, 32]).apply(picture, "x") }
        == "x is 3×30×40 and the model takes 3×32×32: pass --resize 32 --crop 32")
    #expect(
      sentence { _ = try Fitting(crop: 32).apply(picture, "x") }
        == "x is 40×30 pixels, too small for a crop of 32×32: pass --resize 32 as well")
    #expect(
      sentence { _ = try Fitting(shape: [1, 30, 40]).apply(picture, "x") }
        == "x is coloured and the model takes grey images: convert it to grey first")
    let enormous = sentence { _ = try Fitting(resize: .shortSide(1 << 40)).apply(picture, "x") }
    #expect(enormous?.hasSuffix("--resize takes 1 to 100000") == true)
    #expect(sentence { _ = try Fitting(resize: 0).apply(picture, "x") } != nil)
  }
}
