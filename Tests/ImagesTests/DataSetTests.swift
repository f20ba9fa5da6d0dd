internal import Images
internal import Tensors
internal import Testing

@Suite("Data sets")
struct DataSetTests {
  /// Three records whose label bytes are given.
  private func records(_ labels: [[UInt8]]) -> [UInt8] {
    labels.enumerated().flatMap { n, label in label + (0..<3072).map { UInt8(($0 + n) % 256) } }
  }

  @Test("CIFAR-10 records give planes and labels")
  func cifar10() throws {
    let folder = TemporaryFolder()
    let set = try openDataSet(try folder.file("a.bin", records([[3], [0], [9]])))
    #expect(set.count == 3)
    #expect(set.classNames[3] == "cat")
    #expect(try set.labels(0..<3) == [3, 0, 9])
    let images = try set.images(1..<3)
    #expect(images.shape == [2, 3, 32, 32])
    #expect(images.elements[0] == Float(1) / 255)
    #expect(images.elements[3072 + 255] == Float(1) / 255)
    #expect(try set.label(2) == 9)
  }

  @Test("CIFAR-100 records give the fine labels, and the names of the file beside them")
  func cifar100() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("fine_label_names.txt", Array("apple\r\nbear\n\n".utf8))
    let set = try openDataSet(try folder.file("test.bin", records([[19, 1], [2, 99]])))
    #expect(try set.labels(0..<2) == [1, 99])
    #expect(set.classNames == ["apple", "bear"])
  }

  private func idx(_ extents: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(extents.count)] + extents.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
  }

  @Test("IDX images find their labels beside them")
  func idx() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("t10k-labels-idx1-ubyte", idx([3], [7, 2, 1]))
    let path = try folder.file("t10k-images-idx3-ubyte", idx([3, 2, 4], patternBytes(24)))
    let set = try openDataSet(path, fitting: Fitting(shape: [1, 2, 4]))
    #expect(try set.labels(1..<3) == [2, 1])
    #expect(try set.images(2..<3).elements == patternBytes(24)[16...].map { Float($0) / 255 })
    let alone = try openDataSet(try folder.file("images.idx", idx([1, 2, 4], patternBytes(8))))
    #expect(!alone.isLabelled)
    #expect(try alone.labels(0..<1) == [nil])
  }

  @Test("NumPy archives give images and labels", arguments: [Golden.storedNPZ, Golden.deflatedNPZ])
  func archive(file: [UInt8]) throws {
    let folder = TemporaryFolder()
    let set = try openDataSet(try folder.file("x.npz", file))
    #expect(try set.labels(0..<2) == [4, 7])
    #expect(try set.images(0..<2).elements == (0..<24).map { Float($0 * 10) / 255 })
  }

  @Test("NumPy arrays of floats are taken as they are, grey for colour too, labels from beside")
  func floats() throws {
    let folder = TemporaryFolder()
    let tensor = Tensor(shape: [2, 1, 2, 2], elements: [0, 0.25, 0.5, 1, 1, 0, 1, 0])
    try NPY.write(tensor, to: folder.path + "x.npy")
    try NPY.write(Tensor(shape: [2], elements: [1, 5]), to: folder.path + "x.labels.npy")
    let set = try openDataSet(folder.path + "x.npy", fitting: Fitting(shape: [3, 2, 2]))
    #expect(try set.image(0).elements == [0, 0.25, 0.5, 1, 0, 0.25, 0.5, 1, 0, 0.25, 0.5, 1])
    #expect(try set.labels(0..<2) == [1, 5])
  }

  @Test("a folder of class folders gives the classes, sorted")
  func classFolders() throws {
    let folder = TemporaryFolder()
    _ = try folder.file("dog/b.png", PNG.encode(pattern(width: 2, height: 2, channels: 3)))
    _ = try folder.file("dog/notes.txt", [1])
    _ = try folder.file("cat/z.ppm", Array("P6 2 2 255\nABCDEFGHIJKL".utf8))
    _ = try folder.file("cat/a.PNG", PNG.encode(pattern(width: 2, height: 2, channels: 3)))
    let set = try openDataSet(folder.path)
    #expect(set.classNames == ["cat", "dog"])
    #expect(try set.labels(0..<3) == [0, 0, 1])
    #expect((0..<3).map(set.title) == ["a.PNG", "z.ppm", "b.png"])
    #expect(set.file(2) == folder.path + "dog/b.png")
    #expect(set.labelling == .names)
    #expect(try set.images(0..<3).shape == [3, 3, 2, 2])
  }

  @Test("a single picture is a set of one, and pictures of two sizes want resizing")
  func pictures() throws {
    let folder = TemporaryFolder()
    let path = try folder.file("a.png", PNG.encode(pattern(width: 4, height: 4, channels: 3)))
    #expect(try openDataSet(path).image(0).shape == [1, 3, 4, 4])
    _ = try folder.file("b.png", PNG.encode(pattern(width: 6, height: 4, channels: 3)))
    let set = try openDataSet(folder.path)
    #expect(!set.isLabelled)
    #expect(
      sentence { _ = try set.images(0..<2) }?.hasSuffix(
        "differ in size (3×4×4 and 3×4×6): pass --resize SIDE --crop SIDE") == true)
    let cropped = try openDataSet(folder.path, fitting: Fitting(resize: 4, crop: 4))
    #expect(try cropped.images(0..<2).shape == [2, 3, 4, 4])
  }

  @Test("what is no data set is refused in a sentence that says so")
  func refusals() throws {
    let folder = TemporaryFolder()
    let header: [UInt8] = [0, 0, 8, 3]
    let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]
    _ = try folder.file("bad-labels-idx1-ubyte", idx([2], [1, 2]))
    let table: [(String, [UInt8], String)] = [
      (
        "a.bin", [UInt8](repeating: 1, count: 5000),
        "5000 bytes, no whole number of CIFAR-10 (3073) or CIFAR-100 (3074)"
      ),
      ("empty.bin", [], "it is empty"), ("a.idx", header, "damaged IDX file: it ends too early"),
      ("b.idx", idx([3, 2, 2], [1, 2]), "it announces 3×2×2 bytes and has 2"),
      ("c.idx", idx([3], [1, 2, 3]), "it holds labels; pass the images' file"),
      ("bad-images-idx3-ubyte", idx([1, 1, 1], [1]), "it holds 2 numbers for 1 images"),
      ("huge.idx", header + [UInt8](repeating: 255, count: 12), "impossibly large"),
      ("t.gz", gzip, "damaged compressed file"), ("s.npy", [1, 2, 3], "it is not a NumPy array"),
      ("s.npz", [0x50, 0x4B, 3, 4, 0], "damaged zip archive: it ends too early"),
      ("s.txt", Array("words".utf8), "is not a picture that can be read"),
      ("flat.npy", NPY.encode(Tensor(zeros: [2, 5])), "an array 2×5 is not images N×C×H×W"),
      (
        "normal.npy", NPY.encode(Tensor(shape: [1, 1, 1, 2], elements: [-1.5, 2])),
        "holds values from -1.5 to 2.0: pixels run from 0 to 1 or from 0 to 255"
      ),
      ("big.npy", NPY.encode(Tensor(repeating: 4000, shape: [1, 3, 2, 2])), "holds values from 4000.0"),
      ("t.parquet", Array("PAR1 and more of it".utf8), "is a Parquet table"),
      ("train.tfrecord-00000-of-00002", [9, 9, 9, 9], "numpy.savez('set.npz'"),
      (
        "part", [200, 1, 0, 0, 0, 0, 0, 0, 7, 7, 7, 7, 0x0A, 5, 1], "is TensorFlow's records"
      ),
      ("scan", [UInt8](repeating: 0, count: 128) + Array("DICM and tags".utf8), "is a DICOM picture"),
      ("data.mdb", [1, 2, 3], "is an LMDB database"),
      (
        "weights", [90, 0, 1, 0, 0, 0, 0, 0] + Array("{\"a\": {}}".utf8), "is weights of a network"
      ),
      ("net.onnx", [8, 9, 9], "a model comes first"),
      (
        "miss.csv", Array("image,label\na/none.png,cat\n".utf8), "a/none.png is not in"
      ),
      ("away.csv", Array("/nowhere/none.png,cat\n".utf8), "/nowhere/none.png is missing"),
      (
        "nan.npy", NPY.encode(Tensor(repeating: .nan, shape: [1, 3, 2, 2])),
        "holds the value nan, outside [0, 1]"
      ),
    ]
    for (name, bytes, expected) in table {
      let path = try folder.file(name, bytes)
      let said = sentence { _ = try openDataSet(path).image(0) } ?? "accepted"
      #expect(said.contains(expected), "\(name): \(said)")
      #expect(said.contains(folder.path), "\(name): \(said)")
    }
  }

  @Test("an index outside, an empty folder and an unknown name are refused in a sentence")
  func outside() throws {
    let folder = TemporaryFolder()
    #expect(
      sentence { _ = try openDataSet(folder.path) }?.hasSuffix(
        "holds no pictures (PNG, JPEG, BMP, WebP, TIFF, GIF, PPM, PGM or PBM)")
        == true)
    #expect(
      sentence { _ = try openDataSet("cifar") }?.contains("sets: shapes, shapes-train, cifar10") == true)
    #expect(sentence { _ = try openDataSet("./cifar") } == "no such file or folder: ./cifar")
    let shapes = try openDataSet("shapes")
    #expect(
      sentence { _ = try shapes.images(9_999..<10_001) }
        == "shapes has images 0..10000, so 9999..10001 is out of range")
    #expect(throws: ImageError.self) { try shapes.labels(-1..<1) }
    _ = try folder.file("data_batch_1.bin", [1])
    #expect(sentence { _ = try openDataSet(folder.path) }?.contains("pass one of its files, such as") == true)
  }
}
