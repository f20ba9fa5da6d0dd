import Tensors
import Testing

@testable import Images

@Suite("Joined sets")
struct JoinedSetTests {
  /// Grey images of one number each; those that are negative cannot be read.
  private struct Numbers: DataSet {
    let name = "numbers"
    let values: [Float]
    var count: Int { values.count }
    let classNames: [String] = []
    let labelling = Labelling.numbers

    func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
      let good = range.filter { values[$0] >= 0 }
      return ImageBatch(
        Tensor(shape: [good.count, 1, 1, 1], elements: good.map { values[$0] }), indices: good,
        skipped: range.filter { values[$0] < 0 }.map { .init(index: $0, problem: .missing("\($0)")) },
        remarks: [.turned: range.count])
    }

    func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] { range.map { Int(values[$0]) } }
  }

  @Test("what one part cannot read is left out under the index of the whole, and all remarks stay")
  func skipped() throws {
    let set = JoinedSet(
      name: "joined", [Numbers(values: [1, -1, 2]), Numbers(values: [-1]), Numbers(values: [3, -1, 4])],
      classNames: [])
    let batch = try set.read(1..<6)
    #expect(batch.images.elements == [2, 3] && batch.indices == [2, 4])
    #expect(batch.skipped.map(\.index) == [1, 3, 5] && batch.remarks == [.turned: 5])
    #expect(try set.read(3..<4).images.count == 0)
    #expect(try set.images(4..<5).elements == [3])
    #expect(throws: ImageError.self) { try set.images(3..<5) }
  }
}
