internal import Tensors
internal import Testing

@testable import Images

@Suite("NumPy arrays")
struct NPYTests {
  @Test("what was written reads back the same", arguments: [[], [0], [5], [2, 3], [1, 3, 2, 2]])
  func roundTrip(extents: [Int]) throws {
    let folder = TemporaryFolder()
    let shape = Shape(extents)
    let tensor = Tensor(shape: shape, elements: (0..<shape.count).map { Float($0) / 7 - 1 })
    try NPY.write(tensor, to: folder.path + "x.npy")
    #expect(try NPY.read(folder.path + "x.npy") == tensor)
    #expect(NPY.encode(tensor).count % 64 == 4 * shape.count % 64)
  }

  static let counted: [Float] = [0, 1, 2, 3, 4, 5]

  @Test(
    "NumPy's types, byte orders and versions are read",
    arguments: [
      (Golden.float64, counted.map { $0 / 4 }), (Golden.bigEndian, counted.map { $0 / 4 }),
      (Golden.float16, [0.5, -2, 65504, 5.960_464_5e-8, 0]), (Golden.version2, counted),
      (Golden.version3, counted),
    ])
  func types(file: [UInt8], expected: [Float]) throws {
    let folder = TemporaryFolder()
    #expect(try NPY.read(try folder.file("x.npy", file)).elements == expected)
  }

  @Test("Fortran order is turned into C order")
  func fortran() throws {
    let folder = TemporaryFolder()
    let tensor = try NPY.read(try folder.file("x.npy", Golden.fortran))
    #expect(tensor.shape == [2, 3, 4])
    #expect(tensor.elements == (0..<24).map(Float.init))
  }

  @Test(
    "columns become rows for every element size, however they are parted", arguments: [1, 2, 4, 8],
    [1, 7, 64, 1000])
  func columns(size: Int, portion: Int) throws {
    for extents in [[5], [3, 4], [2, 3, 4], [3, 1, 2, 5], [4, 0, 2], [1, 7]] {
      let shape = Shape(extents)
      // Element i of the rows is the number i, in the bytes before it lies 9.
      var columns = [UInt8](repeating: 9, count: 3 + shape.count * size)
      for i in 0..<shape.count {
        var (place, step) = (0, 1)
        for axis in extents.indices {
          place += i / shape.strides[axis] % extents[axis] * step
          step *= extents[axis]
        }
        for byte in 0..<size { columns[3 + place * size + byte] = UInt8(truncatingIfNeeded: i + 100 * byte) }
      }
      let rows = try ByteSource(columns).rows(from: 3, shape, elementSize: size, portion: portion)
      let expected = (0..<shape.count).flatMap { i in
        (0..<size).map { UInt8(truncatingIfNeeded: i + 100 * $0) }
      }
      #expect(rows == expected, "\(extents)")
    }
  }

  private static let text =
    "it holds text or objects, not numbers; in Python: numpy.unique(labels, return_inverse=True)[1]"

  static let refused: [([UInt8], String)] = [
    (Array("not an array".utf8), "it is not a NumPy array (.npy)"), ([], "it is not a NumPy array (.npy)"),
    (Golden.complex, "its number type <c8 is not supported; float32, float64, float16 and integers are"),
    (header("'descr': '<U3', 'fortran_order': False, 'shape': (0,), "), text),
    (header("'descr': '|O', 'fortran_order': False, 'shape': (0,), "), text),
    (Array(Golden.float64.dropLast()), "2×3 elements need 176 bytes and it has 175"),
    (Array(Golden.float64[..<40]), "it ends too early"),
    (header("'descr': '<f4', 'fortran_order': False"), "its header does not parse"),
    (header("'descr': '<f4', 'fortran_order': False, 'shape': (x,), "), "its shape does not parse"),
    (
      header("'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 3), "),
      "its shape is impossibly large"
    ),
    (header("'descr': '<f4', 'fortran_order': False, 'shape': (-3,), "), "its shape does not parse"),
  ]

  static func header(_ text: String) -> [UInt8] {
    let text = "{\(text)}\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
  }

  @Test("a broken one is refused in a sentence", arguments: refused)
  func refusal(bytes: [UInt8], expected: String) throws {
    let folder = TemporaryFolder()
    let path = try folder.file("x.npy", bytes)
    let said = try #require(sentence { _ = try NPY.read(path) })
    #expect(said.hasSuffix(expected), "\(said)")
    #expect(said.contains(path))
  }

  @Test("no bytes whatever stop the program")
  func fuzz() throws {
    let folder = TemporaryFolder()
    var generator = SeededGenerator(seed: 6)
    for (name, file) in [
      ("x.npy", Golden.float64), ("x.npz", Golden.deflatedNPZ), ("y.npz", Golden.storedNPZ),
    ] {
      for _ in 0..<150 {
        var bytes = file
        for _ in 0..<2 {
          bytes[Int(generator.uniform() * Double(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
        }
        let path = try folder.file(name, bytes)
        _ = try? NPY.read(path)
        if let set = try? openDataSet(path) { _ = try? set.images(0..<set.count) }
      }
    }
  }

  @Test("a place that cannot be written to is named")
  func unwritable() throws {
    let said = try #require(
      sentence { try NPY.write(Tensor(zeros: [1]), to: "/no/such/folder/x.npy") })
    #expect(said == "cannot write /no/such/folder/x.npy: the folder /no/such/folder/ does not exist")
  }
}
