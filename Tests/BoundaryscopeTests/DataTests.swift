import Foundation
import Testing

/// Sets of images by name, and the user's own models.
@Suite("Data and models by name")
struct DataTests {
  let program: Program

  init() throws { program = try Program() }

  private func expectRefusal(
    of words: String, _ more: [String] = [], status: Int32, saying part: String,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let ending = try program.run(words, more)
    #expect(ending.status == status, "\(ending.errors)", sourceLocation: location)
    #expect(ending.complainsOnce, "\(ending.errors)", sourceLocation: location)
    #expect(ending.errors.contains(part), "\(ending.errors)", sourceLocation: location)
  }

  /// CIFAR-10 as it unpacks: the right sizes, all images of class 3.
  private func unpackedCopy() throws -> String {
    let folder = program.path("copy/cifar-10-batches-bin")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var record = Data(repeating: 90, count: 3073)
    record[0] = 3
    var batch = Data(capacity: 30_730_000)
    for _ in 0..<10_000 { batch.append(record) }
    for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
      try batch.write(to: URL(filePath: "\(folder)/\(name)"))
    }
    try Data("airplane\nautomobile\nbird\ncat\n".utf8).write(to: URL(filePath: "\(folder)/batches.meta.txt"))
    return program.path("copy")
  }

  @Test("the list names every set and says what is installed")
  func list() throws {
    let ending = try program.run("data list --json")
    let sets = try #require(try ending.document() as? [[String: Any]])
    let names = sets.compactMap { $0["name"] as? String }
    #expect(names.starts(with: ["shapes", "shapes-train", "cifar10", "cifar10-train", "cifar100"]))
    let installed = sets.filter { $0["isInstalled"] as? Bool == true }.compactMap { $0["name"] as? String }
    #expect(installed == ["shapes", "shapes-train"])
  }

  @Test("a copy is installed, found and used; its training images are five files in one")
  func copy() throws {
    let copy = try unpackedCopy()
    try expectRefusal(of: "data path cifar10", status: 66, saying: "boundaryscope data install cifar10")
    let ending = try program.run("data install cifar10 --from", [copy])
    #expect(ending.status == 0, "\(ending.errors)")
    let path = try program.run("data path cifar10").text.split(whereSeparator: \.isNewline).first.map(
      String.init)
    #expect(path == program.path(".local/share/boundaryscope/sets/cifar10"))
    let answer = try program.run("predict lenet-cifar10 --images cifar10-train --range 9999..10001 --json")
    let document = try #require(try answer.document() as? [String: Any])
    let predictions = try #require(document["predictions"] as? [[String: Any]])
    #expect(predictions.map { $0["truth"] as? Int } == [3, 3])
  }

  @Test("what cannot be installed is refused in a sentence")
  func refusals() throws {
    try expectRefusal(
      of: "data install cats", status: 64, saying: "no set is called cats; to install: cifar10")
    try expectRefusal(of: "data install shapes", status: 64, saying: "needs no installation")
    try expectRefusal(
      of: "data install mnist --from", [program.folder], status: 66, saying: "is not a copy of MNIST")
    try expectRefusal(
      of: "data install mnist --mirror http://127.0.0.1:9/", status: 69, saying: "cannot reach 127.0.0.1:9")
    try expectRefusal(
      of: "predict lenet-cifar10 --images cifar10", status: 66, saying: "CIFAR-10 is not installed")
  }

  @Test("a model in the user's own folder goes by its name")
  func ownModel() throws {
    let folder = program.path(".local/share/boundaryscope/models")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let bundled = URL(filePath: #filePath).appending(path: "../../../Assets/models/lenet-shapes.onnx")
    try FileManager.default.copyItem(at: bundled.standardized, to: URL(filePath: "\(folder)/mine.onnx"))
    #expect(try program.run("inspect mine").status == 0)
    try expectRefusal(of: "inspect nobody", status: 66, saying: "your own: mine")
  }
}
