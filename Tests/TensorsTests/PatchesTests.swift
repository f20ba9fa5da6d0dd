import Tensors
import TestSupport
import Testing

@Suite struct PatchesTests {
  @Test("Gathering and scattering are adjoint, for every small window")
  func adjoint() {
    for window in Reference.windows {
      let patches = Patches(channels: 2, height: 6, width: 7, window: window)
      guard patches.columns > 0 else { continue }
      let pitch = patches.columns + 3
      let x = randomTensor([1, 2, 6, 7], seed: 1)
      let y = randomTensor([patches.rows, patches.columns], seed: 2)
      var matrix = [Float](repeating: 7, count: patches.rows * pitch)
      patches.gather(x.elements, into: &matrix, pitch: pitch)
      var product = 0.0
      var padded = matrix
      for r in 0..<patches.rows {
        for c in 0..<patches.columns {
          product += Double(matrix[r * pitch + c] * y.elements[r * patches.columns + c])
          padded[r * pitch + c] = y.elements[r * patches.columns + c]
        }
        #expect(matrix[r * pitch + patches.columns] == 7 || r == patches.rows)
      }
      var back = Tensor(zeros: x.shape)
      patches.scatter(&padded, pitch: pitch, addingTo: &back.elements)
      #expect(abs(product - x.dot(back)) < 1e-4, "\(window)")
    }
  }

  @Test("Column (p, q) holds the taps under the window at that place")
  func columns() {
    let window = Window(kernel: [2, 3], strides: [1, 2], before: [1, 0], after: [0, 1])
    let x = randomTensor([1, 1, 4, 5], seed: 1)
    let patches = Patches(channels: 1, height: 4, width: 5, window: window)
    var matrix = [Float](repeating: 0, count: patches.rows * patches.columns)
    patches.gather(x.elements, into: &matrix, pitch: patches.columns)
    for place in 0..<patches.columns {
      let column = (0..<patches.rows).map { matrix[$0 * patches.columns + place] }
      let (p, q) = (place / patches.outputWidth, place % patches.outputWidth)
      #expect(column.filter { $0 != 0 } == Reference.under(x, 0, 0, p, q, window))
    }
  }
}
