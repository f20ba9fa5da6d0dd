internal import Images
internal import Tensors
internal import Testing

@Suite("Images in arrays")
struct ArraySetTests {
  private static let bytes = patternBytes(2 * 3 * 4 * 4)
  private static let planes = bytes.map { Float($0) / 255 }

  /// The elements of N×C×H×W images with the axes in another order.
  private static func last(_ elements: [Float]) -> [Float] {
    (0..<2).flatMap { n in (0..<16).flatMap { p in (0..<3).map { elements[n * 48 + $0 * 16 + p] } } }
  }

  private func opened(_ shape: Shape, _ elements: [Float], wanted: Shape? = nil) throws -> any DataSet {
    let folder = TemporaryFolder()
    try NPY.write(Tensor(shape: shape, elements: elements), to: folder.path + "x.npy")
    return try openDataSet(folder.path + "x.npy", fitting: Fitting(shape: wanted))
  }

  @Test("axes are told by their extents, and by what the model takes")
  func axes() throws {
    let (planes, last) = (Self.planes, Self.last(Self.planes))
    let table: [(Shape, [Float], Shape?)] = [
      ([2, 3, 4, 4], planes, nil), ([2, 4, 4, 3], last, nil), ([2, 4, 4, 3], last, [3, 4, 4]),
      ([2, 48], planes, [3, 4, 4]), ([2, 48], planes, nil),
    ]
    for (shape, elements, wanted) in table {
      let set = try opened(shape, elements, wanted: wanted)
      #expect(try set.images(0..<2) == Tensor(shape: [2, 3, 4, 4], elements: planes), "\(shape)")
    }
    let one = try opened([4, 4, 3], Array(last[..<48]))
    #expect(try one.image(0).elements == Array(planes[..<48]))
    let grey = try opened([6, 4, 4], planes, wanted: [1, 4, 4])
    #expect(grey.count == 6)
    #expect(try grey.image(5).elements == Array(planes[80...]))
    #expect(try opened([3, 4, 4], Array(planes[..<48]), wanted: [1, 4, 4]).count == 3)
    #expect(try opened([3, 4, 4], Array(planes[..<48]), wanted: [3, 4, 4]).count == 1)
  }

  @Test("what stands for white is told by the values, and said")
  func values() throws {
    let set = try opened([2, 3, 4, 4], Self.bytes.map { Float($0) })
    #expect(try set.images(0..<2).elements == Self.planes)
    #expect(set.remarks == ["the values reach 247.0: they are taken as pixels from 0 to 255"])
    #expect(try opened([2, 3, 4, 4], Self.planes).remarks == [])
    let folder = TemporaryFolder()
    let flags = NPYNumbers.flags([true, false, true, true])
    try NPY.write(flags, shape: [1, 1, 2, 2], to: folder.path + "b.npy")
    #expect(try openDataSet(folder.path + "b.npy").image(0).elements == [1, 0, 1, 1])
    try NPY.write(.integers([0, 51, 255, 102]), shape: [1, 1, 2, 2], to: folder.path + "i.npy")
    #expect(try openDataSet(folder.path + "i.npy").image(0).elements == [0, 0.2, 1, 0.4])
    try NPY.write(.integers([0, 51, 256, 102]), shape: [1, 1, 2, 2], to: folder.path + "j.npy")
    #expect(throws: ImageError.self) { try openDataSet(folder.path + "j.npy") }
  }

  @Test(
    "labels come from the array of that name, in a column or one-hot", arguments: ["x_test", "images", "X"])
  func labels(name: String) throws {
    let folder = TemporaryFolder()
    let partner = ["x_test": "y_test", "images": "labels", "X": "y"][name] ?? ""
    try NPY.write(Tensor(shape: [2, 3, 4, 4], elements: Self.planes), to: folder.path + "\(name).npy")
    try NPY.write(.integers([7, 2]), shape: [2, 1], to: folder.path + "\(partner).npy")
    let set = try openDataSet(folder.path + "\(name).npy")
    #expect(try set.labels(0..<2) == [7, 2])
    try NPY.write(Tensor(shape: [2, 3], elements: [0, 0, 1, 1, 0, 0]), to: folder.path + "\(partner).npy")
    #expect(try openDataSet(folder.path + "\(name).npy").labels(0..<2) == [2, 0])
    try NPY.write(Tensor(shape: [2, 3], elements: [0, 1, 1, 1, 0, 0]), to: folder.path + "\(partner).npy")
    #expect(throws: ImageError.self) { try openDataSet(folder.path + "\(name).npy") }
  }

  @Test("pickles and MATLAB's files hold what they hold", arguments: Golden.arrays)
  func others(name: String, file: String) throws {
    let folder = TemporaryFolder()
    let set = try openDataSet(
      try folder.file("data", Golden.bytes(file)), fitting: Fitting(shape: [3, 4, 4]))
    #expect(try set.images(0..<2).elements == Self.planes)
    #expect(try set.labels(0..<2) == [2, 0])
  }

  @Test("a pickle that asks for a call is refused, and what is damaged ends in a sentence")
  func hostile() throws {
    let folder = TemporaryFolder()
    let evil = try folder.file("evil", Golden.bytes(Golden.hostilePickle))
    #expect(sentence { _ = try openDataSet(evil) }?.contains("without an array 'data'") == true)
    var generator = SeededGenerator(seed: 3)
    for (_, file) in Golden.arrays {
      let bytes = Golden.bytes(file)
      for n in 0..<120 {
        var changed = n % 2 == 0 ? bytes : Array(bytes[..<Int(generator.uniform() * Double(bytes.count))])
        for _ in 0..<3 where !changed.isEmpty {
          changed[Int(generator.uniform() * Double(changed.count))] = UInt8(
            truncatingIfNeeded: generator.next())
        }
        if let set = try? openDataSet(try folder.file("x", changed)) { _ = try? set.images(0..<set.count) }
      }
    }
  }

  @Test("MATLAB's arrays of images are told by what the model takes", arguments: Golden.matlab)
  func matlab(name: String, file: String) throws {
    let folder = TemporaryFolder()
    let set = try openDataSet(
      try folder.file("data.mat", Golden.bytes(file)), fitting: Fitting(shape: [1, 4, 6]))
    #expect(try set.images(0..<3).elements == (0..<72).map { Float($0) / 255 })
    #expect(try set.labels(0..<3) == [2, 0, 1])
    #expect(set.remarks.contains { $0.contains("(:) goes down the columns") } == name.contains("rows"))
  }

  @Test("STL-10's planes lie by columns, its classes count from 1")
  func stl() throws {
    let folder = TemporaryFolder()
    let bytes = patternBytes(3 * 96 * 96)
    _ = try folder.file("test_y.bin", [10])
    let set = try openDataSet(try folder.file("test_X.bin", bytes))
    #expect(try set.label(0) == 9)
    #expect(try set.image(0).elements[1] == Float(bytes[96]) / 255)
  }

  @Test("scikit-learn's digits run to 16, which is white; other arrays of 16 and less do not")
  func digits() throws {
    let numbers = (0..<128).map { Float($0 % 17) }
    let set = try opened([2, 64], numbers)
    #expect(set.white == 16)
    #expect(try set.images(0..<2) == Tensor(shape: [2, 1, 8, 8], elements: numbers.map { $0 / 16 }))
    #expect(set.remarks.contains { $0.contains("as scikit-learn's digits: 16 is taken as white") })
    #expect(try opened([2, 1, 8, 8], numbers).white == 16)
    #expect(try opened([2, 64], numbers.map { 2 * $0 }).white == nil)
    #expect(try opened([2, 64], numbers.map { $0 / 16 }).white == nil)
    #expect(try opened([2, 256], numbers + numbers + numbers + numbers).white == nil)
    let folder = TemporaryFolder()
    let row = ([3] + (0..<64).map { $0 % 17 }).map(String.init).joined(separator: ",")
    let list = try openDataSet(
      try folder.file("d.csv", Array((row + "\n" + row).utf8)), fitting: Fitting(shape: [1, 8, 8]))
    #expect(list.white == 16)
    #expect(try list.labels(0..<2) == [3, 3])
  }

  @Test("rows of a class and pixels are images")
  func rows() throws {
    let folder = TemporaryFolder()
    let text =
      "label," + (0..<64).map { "pixel\($0)" }.joined(separator: ",") + "\n"
      + [[5], (0..<64).map { $0 * 4 }].joined().map(String.init).joined(separator: ",")
    let set = try openDataSet(try folder.file("digits.csv", Array(text.utf8)))
    #expect(try set.labels(0..<1) == [5])
    #expect(try set.image(0) == Tensor(shape: [1, 1, 8, 8], elements: (0..<64).map { Float($0 * 4) / 255 }))
  }
}
