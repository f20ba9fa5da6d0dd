internal import Images
internal import Tensors
internal import Testing

@Suite("Formats of pictures")
struct FormatTests {
  @Test("each has the pixels that Pillow's convert('RGB') gives", arguments: Golden.pictures)
  func pixels(name: String, file: String, width: Int, height: Int, pixels: String) throws {
    let picture = try Picture(decoding: Golden.bytes(file), name)
    #expect([picture.width, picture.height] == [width, height])
    // Decoders of lossy formats may round in their own way.
    let isLossy = name.contains("jpeg") || name == "webp"
    let off = zip(picture.inColor.bytes, Golden.bytes(pixels)).map { abs(Int($0) - Int($1)) }.max()
    #expect(off ?? 0 <= (isLossy ? 2 : 0))
  }

  @Test(
    "any of them cut short, or with bytes changed, is a picture or a sentence", arguments: Golden.pictures)
  func damaged(name: String, file: String, width: Int, height: Int, pixels: String) {
    let bytes = Golden.bytes(file)
    var generator = SeededGenerator(seed: 7)
    for count in stride(from: 0, to: bytes.count, by: 7) {
      _ = try? Picture(decoding: Array(bytes[..<count]), "x")
    }
    for _ in 0..<40 {
      var changed = bytes
      for _ in 0..<1 + Int(generator.uniform() * 4) {
        changed[Int(generator.uniform() * Double(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      if let picture = try? Picture(decoding: changed, "x") {
        #expect(picture.bytes.count == picture.width * picture.height * picture.channels)
      }
    }
  }

  @Test("an EXIF turn is said, and done where it is asked for; TIFF is turned unless it is not to be")
  func turns() throws {
    let files = Dictionary(uniqueKeysWithValues: Golden.pictures.map { ($0.name, Golden.bytes($0.file)) })
    let upright = try Picture(decoding: try #require(files["png rgb"]), "x")
    let clockwise = try #require(files["png turned"])
    #expect(try Picture.read(clockwise, "x") == (upright, [.turnIgnored]))
    let turned = try Picture.read(clockwise, "x", .apply)
    #expect(turned.remarks == [.turned])
    #expect([turned.picture.width, turned.picture.height] == [upright.height, upright.width])
    // The pixel at the left below comes to the left above.
    #expect(turned.picture.bytes[..<3] == upright.bytes[(4 * 7 * 3)..<(4 * 7 * 3 + 3)])
    #expect(try Picture.read(try #require(files["tiff turned 6"]), "x").picture == turned.picture)
    #expect(try Picture.read(try #require(files["tiff turned 6"]), "x", .ignore).picture == upright)
  }

  @Test("a name with another ending does not mislead")
  func content() throws {
    let folder = TemporaryFolder()
    for (n, golden) in Golden.pictures.enumerated() where golden.width == 7 && golden.height == 5 {
      _ = try folder.file("\(n).JPG", Golden.bytes(golden.file))
    }
    let set = try openDataSet(folder.path, fitting: Fitting(shape: [3, 5, 7]))
    #expect(try set.images(0..<set.count).shape == [set.count, 3, 5, 7])
  }
}

private func == (
  a: (picture: Picture, remarks: [PictureRemark]), b: (Picture, [PictureRemark])
) -> Bool { a.picture == b.0 && a.remarks == b.1 }
