import Testing

@testable import Laboratory

@Suite("What is open, and who named it")
struct OpenedPartsTests {
  @Test("Only the images that a person named last count as named, and only while they are what is open")
  func named() {
    #expect(!OpenedParts(spec: "shapes").isNamed)
    var parts = OpenedParts(spec: "shapes", isNamed: true)
    #expect(parts.isNamed)
    // A path that cannot be opened leaves the set that is open, which nobody named.
    var bad = OpenedParts(spec: "shapes")
    bad.name("no/such/folder")
    #expect(!bad.isNamed)
    // The program turned to the model's own set.
    parts.want("cifar10")
    #expect(!parts.isNamed)
    parts.name("cifar10")
    #expect(parts.isNamed)
  }
}
