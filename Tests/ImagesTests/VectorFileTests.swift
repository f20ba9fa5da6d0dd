internal import Images
internal import Tensors
internal import Testing

@Suite("Perturbations of others")
struct VectorFileTests {
  private let folder = TemporaryFolder()
  /// v[c][y][x] of 3×2×4 in pixel units.
  private let planes = Tensor(shape: [1, 3, 2, 4], elements: (0..<24).map { Float($0 - 12) / 24 })

  /// The same elements, the channels of each pixel side by side.
  private var interleaved: [Float] {
    (0..<24).map { planes.elements[$0 % 3 * 8 + $0 / 3] }
  }

  private func read(_ shape: Shape, _ elements: [Float], for wanted: Shape = [3, 2, 4]) throws -> VectorFile {
    try NPY.write(Tensor(shape: shape, elements: elements), to: folder.path + "v.npy")
    return try VectorFile(folder.path + "v.npy", for: wanted)
  }

  @Test("both layouts, alone or in a row, are the same vectors")
  func layouts() throws {
    for shape in [[3, 2, 4], [1, 3, 2, 4], [1, 1, 3, 2, 4]] as [Shape] {
      let found = try read(shape, planes.elements)
      #expect(found.vectors == planes && found.remarks.isEmpty)
    }
    for shape in [[2, 4, 3], [1, 2, 4, 3], [2, 4, 3, 1]] as [Shape] {
      let found = try read(shape, interleaved)
      #expect(found.vectors == planes)
      #expect(found.remarks.count == 1 && found.remarks[0].contains("rows × columns × channels"))
    }
    let two = interleaved.flatMap { [$0, -$0] }
    #expect(try read([2, 4, 3, 2], two).vectors == Tensor(concatenating: [planes, -1 * planes]))
    #expect(try read([2, 4], Array(interleaved[..<8]), for: [1, 2, 4]).vectors.shape == [1, 1, 2, 4])
  }

  @Test("bytes are divided by 255, and that is said")
  func bytes() throws {
    let found = try read([3, 2, 4], planes.elements.map { $0 * 255 })
    #expect(found.remarks.count == 1 && found.remarks[0].contains("divided by 255"))
    for (a, b) in zip(found.vectors.elements, planes.elements) { #expect(abs(a - b) < 1e-6) }
    let whole = try read([3, 2, 4], planes.elements.map { $0 * 4 })
    #expect(whole.remarks.count == 1 && whole.remarks[0].contains("as they are"))
    try NPY.write(.integers((0..<24).map { $0 % 5 - 2 }), shape: [3, 2, 4], to: folder.path + "i.npy")
    let integers = try VectorFile(folder.path + "i.npy", for: [3, 2, 4])
    #expect(abs(integers.vectors.elements[0] + 2 / 255) < 1e-7)
  }

  @Test("a MATLAB file gives the array that fits")
  func matlab() throws {
    // MATLAB runs down the first extent first: 2×4×3 of doubles.
    var columns = [Double](repeating: 0, count: 24)
    for c in 0..<3 {
      for y in 0..<2 {
        for x in 0..<4 { columns[(c * 4 + x) * 2 + y] = 255 * Double(planes.elements[(c * 2 + y) * 4 + x]) }
      }
    }
    let file = MATLAB.file([("r", [2, 4, 3], columns), ("fooled", [1, 1], [3])])
    let found = try VectorFile(try folder.file("r.mat", file), for: [3, 2, 4])
    for (a, b) in zip(found.vectors.elements, planes.elements) { #expect(abs(a - b) < 1e-6) }
    #expect(found.remarks.count == 2)
    let twice = MATLAB.file([("r", [2, 4, 3], columns), ("v", [2, 4, 3], columns)])
    #expect(throws: ImageError.self) {
      try VectorFile(try folder.file("two.mat", twice), for: [3, 2, 4])
    }
  }

  @Test("what does not fit is one sentence")
  func refusals() throws {
    func sentence(_ shape: Shape, _ value: Float) -> String? {
      do {
        _ = try read(shape, [Float](repeating: value, count: shape.count))
        return nil
      } catch { return "\(error)" }
    }
    #expect(sentence([3, 4, 2], 1)?.contains("3×4×2, and this model takes 3×2×4") == true)
    #expect(sentence([24], 1)?.contains("this model takes") == true)
    #expect(sentence([3, 2, 4], 0)?.contains("no direction") == true)
    #expect(sentence([3, 2, 4], .nan)?.contains("no direction") == true)
    #expect(sentence([0, 3, 2, 4], 1) != nil)
  }
}

/// Files of MATLAB's level 5, not packed.
private enum MATLAB {
  static func file(_ variables: [(name: String, extents: [Int], numbers: [Double])]) -> [UInt8] {
    let text = Array("MATLAB 5.0 MAT-file".utf8)
    var bytes = text + [UInt8](repeating: 32, count: 124 - text.count) + [0, 1] + Array("IM".utf8)
    for variable in variables {
      let flags = element(6, word(6) + word(0))
      let extents = element(5, variable.extents.flatMap { word($0) })
      let numbers = element(9, variable.numbers.flatMap { word($0.bitPattern) })
      bytes += element(14, flags + extents + element(1, Array(variable.name.utf8)) + numbers)
    }
    return bytes
  }

  private static func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> ($0 * 8) & 0xFF) } }

  private static func word(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func element(_ kind: Int, _ contents: [UInt8]) -> [UInt8] {
    word(kind) + word(contents.count) + contents
      + [UInt8](repeating: 0, count: (8 - contents.count % 8) % 8)
  }
}
