import Tensors
import Testing

@testable import Checkup

@Suite("Labels")
struct LabelTests {
  private func labels(_ count: Int, _ label: (Int) -> Int) -> Confusion {
    let truth = (0..<count).map { $0 % 5 }
    return Confusion(truth: truth, labels: (0..<count).map(label), classes: 5)
  }

  @Test("Classes that change places are found, sound ones are not")
  func swapped() {
    let sound = labels(500) { $0 % 11 == 0 ? ($0 + 1) % 5 : $0 % 5 }
    #expect(
      sound.swapped(least: 15).isEmpty && sound.alike(least: 15).isEmpty
        && sound.neverNamed(least: 15).isEmpty)
    let wrong = labels(500) { [0, 3, 2, 1, 4][$0 % 5] }
    #expect(wrong.swapped(least: 15).map { [$0.0, $0.1] } == [[1, 3]])
  }

  @Test("A pair that is told apart by chance is found; a class that is never named is another finding")
  func alike() {
    var generator = SeededGenerator(seed: 2)
    let mixed = labels(1000) { i in
      [1, 3].contains(i % 5) ? (generator.uniform() < 0.5 ? 1 : 3) : i % 5
    }
    #expect(mixed.alike(least: 15).map { [$0.0, $0.1] } == [[1, 3]])
    let never = labels(500) { $0 % 5 == 2 ? 4 : $0 % 5 }
    #expect(never.neverNamed(least: 15) == [2])
  }

  @Test("Copies of images are found, and only those")
  func duplicates() {
    var generator = SeededGenerator(seed: 8)
    var images = Tensor(
      shape: [40, 3, 12, 12], elements: (0..<40 * 432).map { _ in Float(generator.uniform()) })
    #expect(Duplicates(images).pairs.isEmpty)
    for i in 0..<432 { images.elements[30 * 432 + i] = images.elements[7 * 432 + i] + 0.004 * Float(i % 2) }
    #expect(Duplicates(images).pairs == [[7, 30]])
    // Three equal images are three pairs, and two copies.
    for i in 0..<432 { images.elements[11 * 432 + i] = images.elements[7 * 432 + i] }
    #expect(Duplicates(images).pairs == [[7, 11], [7, 30], [11, 30]] && Duplicates(images).copies == 2)
  }
}
