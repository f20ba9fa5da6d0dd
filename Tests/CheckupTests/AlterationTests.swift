import Tensors
import Testing

@testable import Checkup

@Suite("Alterations")
struct AlterationTests {
  private var image: Tensor {
    var generator = SeededGenerator(seed: 4)
    return Tensor(shape: [2, 3, 16, 16], elements: (0..<2 * 768).map { _ in Float(generator.uniform()) })
  }

  @Test("Mirror and mirror again is the image; a shift repeats its edge")
  func moves() {
    #expect(Alteration.mirror(Alteration.mirror(image)) == image)
    let moved = Alteration.shift(1)(image)
    #expect(moved.elements[17] == image.elements[0])
    #expect(moved.elements[0] == image.elements[0])
  }

  @Test("Grey has three equal channels, a border the mean of each")
  func flat() {
    let covered = Alteration.cover(row: 3, column: 0)(image)
    let (above, below, beside) = (image.elements[32], image.elements[64], image.elements[49])
    #expect(abs(covered.elements[48] - (above + below + beside) / 3) < 1e-6)
    #expect(covered.elements[49] == image.elements[49])
    let grey = Alteration.grey(image)
    #expect(grey.elements[0] == grey.elements[256] && grey.elements[0] == grey.elements[512])
    let framed = Alteration.border(2)(image)
    let mean = image.elements[0..<256].reduce(0, +) / 256
    #expect(abs(framed.elements[0] - mean) < 1e-6)
    #expect(framed.elements[5 * 16 + 5] == image.elements[5 * 16 + 5])
  }

  @Test(
    "A corruption grows with its severity, stays in 0…1, and depends on its seed alone",
    arguments: Alteration.Corruption.allCases)
  func severities(kind: Alteration.Corruption) {
    let distances = (1...5).map { severity in
      let made = Alteration.corruption(kind, severity: severity)(image)
      #expect(made.elements.allSatisfy { (0...1).contains($0) })
      return norm((made - image).elements)
    }
    for (a, b) in zip(distances, distances.dropFirst()) { #expect(b >= a * 0.98) }
    #expect(distances[4] > distances[0])
    let again = Alteration.corruption(kind, severity: 3)
    #expect(again(image) == again(image))
    #expect(again(image[1..<2], from: 1) == again(image)[1..<2])
  }

  @Test("The strengths of noise are those that are stated")
  func noise() {
    let flat = Tensor(repeating: 0.5, shape: [1, 3, 64, 64])
    let made = Alteration.corruption(.gaussianNoise, severity: 5)(flat)
    let deviation = norm((made - flat).elements) / Double(flat.elements.count).squareRoot()
    #expect(abs(deviation - 0.1) < 0.005)
    let shot = Alteration.corruption(.shotNoise, severity: 5)(flat)
    let spread = norm((shot - flat).elements) / Double(flat.elements.count).squareRoot()
    #expect(abs(spread - (0.5 / 50).squareRoot()) < 0.005)
  }

  @Test("A blur keeps a flat image and the mean of another; contrast keeps the means of channels")
  func means() {
    let flat = Tensor(repeating: 0.3, shape: [1, 1, 9, 9])
    for value in Alteration.corruption(.blur, severity: 5)(flat).elements { #expect(abs(value - 0.3) < 1e-6) }
    let made = Alteration.corruption(.contrast, severity: 5)(image)
    let (before, after) = (image.elements[0..<256].reduce(0, +), made.elements[0..<256].reduce(0, +))
    #expect(abs(before - after) < 1e-2)
  }

  @Test("Paired differences: nothing of few pairs, and the interval of McNemar of many")
  func pairs() {
    #expect(PairedDifference([(true, false)]).interval == -1...1)
    let many = (0..<100).map { (before: $0 < 80, after: $0 < 60) }
    let found = PairedDifference(many)
    #expect(abs(found.value - 0.2) < 1e-12)
    #expect(found.interval.lowerBound > 0.11 && found.interval.upperBound < 0.29)
  }
}
