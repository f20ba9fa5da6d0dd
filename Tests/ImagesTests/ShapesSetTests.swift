internal import Glibc
internal import Tensors
internal import Testing

@testable internal import Images

@Suite("The procedural set")
struct ShapesSetTests {
  private func fingerprint(_ tensor: Tensor) -> UInt64 {
    // FNV-1a over the pixels' bytes.
    tensor.elements.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64(($1 * 255).rounded())) &* 0x100_0000_01B3 }
  }

  @Test(
    "the pictures have the same bytes on every machine",
    arguments: [
      ("shapes", 0xB448_F99D_D4DD_384D as UInt64), ("shapes-train", 0x7E30_1392_FC4B_4D23 as UInt64),
    ])
  func golden(name: String, expected: UInt64) throws {
    #expect(fingerprint(try openDataSet(name).images(0..<20)) == expected)
  }

  @Test("the same bytes in any order and on any number of threads")
  func order() throws {
    let set = try openDataSet("shapes")
    let together = try set.images(0..<150)
    #expect(try set.image(149).elements == Array(together.entryElements(149)))
    Threads.use(1)
    defer { Threads.use(0) }
    #expect(try set.images(0..<150) == together)
  }

  @Test("every ten pictures show each class once, and the two sets differ")
  func balance() throws {
    let set = try openDataSet("shapes")
    #expect(set.classNames.count == 10)
    for start in stride(from: 0, to: 200, by: 10) {
      #expect(try set.labels(start..<start + 10).compactMap { $0 }.sorted() == Array(0..<10))
    }
    #expect(try set.images(0..<10) != openDataSet("shapes-train").images(0..<10))
  }

  @Test("drawn grey scale levels are used widely and seldom cut off")
  func exposure() throws {
    let elements = try openDataSet("shapes").images(0..<100).elements
    let mean = elements.reduce(0, +) / Float(elements.count)
    #expect(0.3...0.6 ~= mean)
    let cut = elements.count { $0 == 0 || $0 == 1 }
    #expect(Double(cut) / Double(elements.count) < 0.1)
  }

  @Test("sine, cosine and angle agree with the C library")
  func trigonometry() {
    for i in -400...400 {
      let t = Double(i) / 97
      #expect(abs(sine(turns: t) - sin(2 * Double.pi * t)) < 1e-7)
      #expect(abs(cosine(turns: t) - cos(2 * Double.pi * t)) < 1e-7)
      let (x, y) = (cos(2 * Double.pi * t), sin(2 * Double.pi * t))
      #expect(abs(angle(x: x, y: y) - atan2(y, x) / (2 * Double.pi)) < 1e-6)
    }
    #expect(angle(x: 0, y: 0) == 0)
  }
}
