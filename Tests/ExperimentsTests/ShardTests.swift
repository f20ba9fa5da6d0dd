import Foundation
import Geometry
import Networks
import Tensors
import Testing

@testable import Experiments

/// Parts that were found apart, joined, are what one run finds.
@Suite("Shards")
struct ShardTests {
  private let subject = Subjects.smooth()

  @Test(
    "Parts are consecutive, cover all images, and differ by one image at most",
    arguments: [0, 1, 7, 16, 1001])
  func ranges(images: Int) {
    for count in [1, 2, 3, 7, 16] {
      let ranges = (1...count).map { Shard($0, of: count)!.range(of: images) }
      #expect(ranges.first?.lowerBound == 0 && ranges.last?.upperBound == images)
      for (a, b) in zip(ranges, ranges.dropFirst()) { #expect(a.upperBound == b.lowerBound) }
      let sizes = ranges.map(\.count)
      #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
    }
    #expect(Shard(0, of: 3) == nil && Shard(4, of: 3) == nil && Shard(1, of: 0) == nil)
  }

  private func check<E: ShardedExperiment>(_ experiment: E, _ location: SourceLocation = #_sourceLocation)
    throws
  {
    let whole = try experiment.run(on: subject, Reports().context)
    for count in [1, 2, 3, 5] {
      let parts = try (1...count).map { i in
        let range = Shard(i, of: count)!.range(of: E.extent(of: subject))
        return try experiment.run(on: E.part(of: subject, range), Reports().context)
      }
      let joined = try experiment.joined(parts, on: subject)
      #expect(joined == whole, "\(E.name) of \(count) parts", sourceLocation: location)
      #expect(joined.arrays == whole.arrays, "\(E.name) of \(count) parts", sourceLocation: location)
    }
  }

  @Test("Lists of images and of points, and rates over them, are those of one run to the last bit")
  func exact() throws {
    let basis = Subjects.basis(4, like: subject)
    try check(Robustness())
    try check(Robustness.deepFool)
    try check(Prediction(includesLogits: true))
    try check(Fooling(perturbation: Direction(.given(basis)), radius: 0.7))
    try check(WithinSubspace(basis: .given(basis), dimensions: [1, 4]))
    try check(SubspaceShape(basis: .given(basis), dimensions: [1, 3], product: .secant(step: 0.3)))
  }

  private func write(
    _ number: Int, of count: Int, _ folder: String, on subject: Subject, _ words: [String] = ["perturb"]
  )
    throws -> String
  {
    let shard = try #require(Shard(number, of: count))
    let part = Robustness.part(of: subject, shard.range(of: subject.images.count))
    let found = try Robustness().run(on: part, Reports().context)
    let bytes = try PartFile.bytes(
      found, of: Robustness(), shard: shard, part: part, whole: subject, version: "1", command: words)
    let path = "\(folder)/\(UUID().uuidString)"
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  @Test(
    "Files of parts are joined in any order, and refused where they do not belong together or are not whole")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shards-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let paths = try (1...3).map { try write($0, of: 3, folder, on: subject) }
    let whole = try Robustness().run(on: subject, Reports().context)
    let joined = try PartFiles(paths: paths.reversed(), version: "1").joined(Robustness(), on: subject)
    #expect(joined == whole && joined.arrays == whole.arrays)

    func refusal(_ paths: [String], version: String = "1") -> String {
      do {
        _ = try PartFiles(paths: paths, version: version)
        return "none"
      } catch { return "\(error)" }
    }
    #expect(refusal(Array(paths.prefix(2))).contains("missing 1 of 3 parts: 3"))
    #expect(refusal(paths + [paths[0]]).contains("named twice"))
    #expect(refusal(paths, version: "2").contains("version"))
    #expect(refusal([]).contains("one part"))
    #expect(refusal([folder + "/none"]).contains("no such file"))
    let other = Subjects.smooth(seed: 4)
    #expect(
      refusal([paths[0], paths[1], try write(3, of: 3, folder, on: other)]).contains("differ in the model"))
    let words = try write(3, of: 3, folder, on: subject, ["perturb", "--refine", "none"])
    #expect(refusal([paths[0], paths[1], words]).contains("differ in the command"))

    // The parts are of other images than those they are joined for, or of other parameters.
    let fewer = Subjects.smooth(count: 23)
    #expect(throws: SubjectError.self) {
      try PartFiles(paths: paths, version: "1").joined(Robustness(), on: fewer)
    }
    #expect(throws: SubjectError.self) {
      try PartFiles(paths: paths, version: "1").joined(Robustness.deepFool, on: subject)
    }
    #expect(throws: SubjectError.self) {
      try PartFiles(paths: paths, version: "1").joined(Prediction(), on: subject)
    }

    let bytes = Array(try Data(contentsOf: URL(filePath: paths[0])))
    var generator = SeededGenerator(seed: 1)
    for trial in 0..<60 {
      var damaged = bytes
      if trial % 2 == 0 {
        damaged[Int(generator.uniform() * Double(bytes.count))] ^= UInt8(1 + trial % 255)
      } else {
        damaged.removeLast(1 + Int(generator.uniform() * Double(bytes.count - 1)))
      }
      let path = folder + "/damaged"
      try Data(damaged).write(to: URL(filePath: path))
      #expect(throws: SubjectError.self) { try PartFile(path: path) }
    }
  }
}
