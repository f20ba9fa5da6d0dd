internal import Images
internal import Tensors
internal import Testing

@Suite("Pictures")
struct PictureTests {
  @Test("a PNG that was written reads back the same", arguments: [1, 3])
  func roundTrip(channels: Int) throws {
    let picture = pattern(width: 17, height: 9, channels: channels)
    #expect(try Picture(decoding: PNG.encode(picture), "a.png") == picture)
  }

  @Test("transparency is dropped: the colours below it show")
  func alpha() throws {
    let picture = try Picture(decoding: Golden.alphaPNG, "a.png")
    #expect(picture.bytes == [200, 100, 0, 200, 100, 0, 200, 100, 0, 0, 0, 0])
  }

  @Test("a palette becomes colours, grey stays grey, and grey of 16 bits is cut at 255 and said")
  func kinds() throws {
    #expect(try Picture(decoding: Golden.palettePNG, "p.png").bytes == Golden.palettePixels)
    #expect(try Picture(decoding: Golden.greyPNG, "g.png") == pattern(width: 4, height: 3, channels: 1))
    let deep = try Picture.read(Golden.deepPNG, "d.png")
    #expect(deep.picture.bytes == patternBytes(6).map { $0 == 0 ? 0 : 255 })
    #expect(deep.remarks == [.greyCut])
  }

  @Test("a JPEG has the pixels that Pillow finds in it, to one level")
  func jpeg() throws {
    let picture = try Picture(decoding: Golden.jpeg, "a.jpg")
    #expect([picture.width, picture.height, picture.channels] == [16, 12, 3])
    #expect(zip(picture.bytes, Golden.jpegPixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    #expect(try Picture(decoding: Golden.greyJPEG, "g.jpg").channels == 1)
  }

  @Test(
    "portable pixmaps are read in decimal and in bytes, with comments",
    arguments: [
      ("P2\n# grey\n2 2\n4\n0 1 2\n4\n", 1, [0, 64, 128, 255]),
      ("P3 1 1 255 7 8 9", 3, [7, 8, 9]),
      ("P5 2 1 255\nAB", 1, [65, 66]),
      ("P6 1 1 255\nABC", 3, [65, 66, 67]),
      ("P5 1 1 65535\nAB", 1, [255]),
      ("P1 3 1\n101", 1, [0, 255, 0]),
      ("P2 2 1 1000\n1 1000", 1, [66, 255]),
    ])
  func portable(text: String, channels: Int, bytes: [UInt8]) throws {
    let picture = try Picture(decoding: Array(text.utf8), "a.ppm")
    #expect(picture.channels == channels)
    #expect(picture.bytes == bytes)
  }

  @Test("a picture and its tensor hold the same pixels")
  func tensor() {
    let picture = pattern(width: 5, height: 4, channels: 3)
    #expect(picture.tensor.shape == [1, 3, 4, 5])
    #expect(picture.tensor.elements[20] == Float(picture.bytes[1]) / 255)
    #expect(Picture(picture.tensor) == picture)
    let outside = Tensor(shape: [1, 1, 1, 4], elements: [-1, 0.5, 2, .nan])
    #expect(Picture(outside).bytes == [0, 128, 255, 0])
  }
}

@Suite("Broken pictures")
struct BrokenPictureTests {
  static let refused: [([UInt8], String)] = [
    ([], "x is a damaged picture: it is empty"),
    (Array("hello, world, this is no picture".utf8), "x is not a picture that can be read"),
    (
      Array("0000ftypheic0000".utf8),
      "x is a HEIC or AVIF picture, or a film, which is not supported; convert it to PNG"
    ),
    (Array("P7\nWIDTH 1".utf8), "x is a PAM picture, which is not supported"),
    (
      labTIFF,
      "x is a TIFF in L*a*b*, which is not supported; write it in RGB, with Pillow: Image.open(file).convert('RGB').save('picture.png')"
    ),
    (Golden.hugePNG, "x claims 60000×60000 pixels; pictures of up to 100 megapixels are read"),
    (Array("P6 100000 100000 255\n".utf8), "x claims 100000×100000 pixels"),
    (
      Array("P6 99999999999999999999 2 255\n".utf8),
      "x is a damaged portable picture: its header does not parse"
    ),
    (Array("P6 2 2 255\nabc".utf8), "x is a damaged portable picture: it ends too early"),
    (Array("P2 1 1 4 5".utf8), "x is a damaged portable picture: its samples do not parse"),
    (Array("P5 0 4 255 ".utf8), "x is a damaged portable picture: its header does not parse"),
  ]

  /// One pixel in L*a*b*.
  static let labTIFF: [UInt8] = {
    func low(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8)] }
    let entries: [(tag: Int, value: Int)] = [
      (256, 1), (257, 1), (258, 8), (259, 1), (262, 8), (273, 128), (277, 3), (278, 1), (279, 3),
    ]
    var bytes = Array("II*\0".utf8) + low(8) + low(0) + low(entries.count)
    for entry in entries { for word in [entry.tag, 3, 1, 0, entry.value, 0] { bytes += low(word) } }
    bytes += [UInt8](repeating: 0, count: 128 - bytes.count)
    return bytes + [50, 10, 20]
  }()

  @Test(
    "containers of other tools are refused with what to do instead, and no more",
    arguments: [
      ("PAR1", "a Parquet table, which is not supported; write its pictures as files: for i"),
      ("ARROW1", "an Arrow table, which is not supported; write its pictures as files"),
      (
        "\u{89}HDF",
        "an HDF5 file (also MATLAB's of level 7.3), which is not supported; in Python: numpy.savez"
      ),
      ("BZh9", "packed by bzip2, xz or Zstandard, which is not supported; unpack it first"),
    ])
  func containers(head: String, expected: String) throws {
    let folder = TemporaryFolder()
    let bytes = head.unicodeScalars.map { UInt8($0.value) } + [UInt8](repeating: 0, count: 400)
    let file = try folder.file("set.dat", bytes)
    let said = try #require(sentence { _ = try openDataSet(file) })
    #expect(said.hasPrefix("\(file) is \(expected)"))
    #expect(!said.contains("convert it to PNG") && said.count - file.count < 300)
  }

  @Test("each is refused in one sentence", arguments: refused)
  func refusal(bytes: [UInt8], expected: String) throws {
    let said = try #require(sentence { _ = try Picture(decoding: bytes, "x") })
    #expect(said.hasPrefix(expected), "\(said)")
    #expect(!said.contains("\n"))
  }

  @Test(
    "a file cut anywhere is refused, never half a picture",
    arguments: [Golden.alphaPNG, Golden.jpeg, Golden.printingJPEG])
  func truncated(file: [UInt8]) {
    // The last bytes of both formats only mark the end: their loss loses no pixel.
    for count in 0..<file.count - 16 {
      #expect(throws: ImageError.self) { try Picture(decoding: Array(file[..<count]), "x") }
    }
  }

  @Test("no bytes whatever stop the program")
  func fuzz() {
    var generator = SeededGenerator(seed: 5)
    let files = [
      Golden.alphaPNG, Golden.palettePNG, Golden.jpeg, Golden.greyJPEG, Array("P6 2 1 255\nabcdef".utf8),
    ]
    for file in files {
      for _ in 0..<400 {
        var bytes = file
        for _ in 0..<1 + Int(generator.uniform() * 4) {
          bytes[Int(generator.uniform() * Double(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        if let picture = try? Picture(decoding: bytes, "x") {
          #expect(picture.bytes.count == picture.width * picture.height * picture.channels)
        }
      }
    }
  }

  @Test("a missing file and a folder say what they are")
  func notThere() throws {
    #expect(
      sentence { _ = try Picture(contentsOf: "/no/such.png") } == "no such file or folder: /no/such.png")
    #expect(sentence { _ = try Picture(contentsOf: "/tmp") } == "cannot read /tmp: it is a folder")
    #expect(ImageError.missing("x").isMissingFile)
  }
}
