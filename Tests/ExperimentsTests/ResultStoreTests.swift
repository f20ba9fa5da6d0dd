import Dispatch
import Foundation
import Geometry
import Networks
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import Experiments

@Suite("Result store")
struct ResultStoreTests {
  private let folder: TemporaryFolder
  private let store: ResultStore
  private let subject = Subjects.smooth(count: 6, validation: nil)
  private let experiment = Robustness()

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: folder.path)
  }

  private func found() throws -> Robustness.Outcome { try experiment.run(on: subject, Reports().context) }

  @Test("A range of images is what it is where it is opened by itself; what is missing in it stays missing")
  func range() {
    let images = Tensor(shape: [20, 1, 2, 2], elements: (0..<80).map { Float($0) / 80 })
    let set = ImageSet(name: "all", images: images, truth: (0..<20).map { $0 % 3 }, start: 100)
    let alone = ImageSet(
      name: "some", images: images[10..<15], truth: (10..<15).map { $0 % 3 }, start: 110)
    #expect(set[10..<15].digest == alone.digest && set[10..<15].indices == Array(110..<115))
    #expect(set[0..<20].digest == set.digest && set[3..<3].count == 0)
    let holed = ImageSet(name: "holed", images: images[0..<3], start: 7, offsets: [0, 2, 5])
    #expect(holed[1..<3].indices == [9, 12] && holed[1..<3].offsets == [0, 3])
    #expect(holed[1..<3].digest != ImageSet(name: "whole", images: images[1..<3]).digest)
  }

  @Test("What was saved comes back, numbers and arrays alike")
  func roundTrip() throws {
    #expect(store.outcome(of: experiment, on: subject) == nil)
    let outcome = try found()
    store.save(outcome, of: experiment, on: subject)
    #expect(store.outcome(of: experiment, on: subject) == outcome)
    #expect(ResultStore(folder: folder.path).outcome(of: experiment, on: subject) == outcome)
  }

  @Test("Nothing but the finished entry is left behind")
  func files() throws {
    store.save(try found(), of: experiment, on: subject)
    #expect(
      folder.files.map { ($0 as NSString).lastPathComponent } == [
        "entry.json", "normals.f32", "outcome.json", "perturbations.f32",
      ])
    #expect(folder.files.allSatisfy { $0.hasPrefix("results/") })
  }

  @Test(
    "A damaged file makes the entry count as missing, and it is computed anew", arguments: 0..<4,
    ["cut", "flip", "gone"])
  func corruption(file: Int, damage: String) throws {
    let outcome = try found()
    store.save(outcome, of: experiment, on: subject)
    let path = folder.path + "/" + folder.files[file]
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    switch damage {
    case "cut": bytes.removeLast(bytes.count / 2)
    case "flip": bytes[bytes.count / 2] ^= 1
    default: try FileManager.default.removeItem(atPath: path)
    }
    if damage != "gone" { try bytes.write(to: URL(fileURLWithPath: path)) }
    #expect(store.outcome(of: experiment, on: subject) == nil)
    #expect(try experiment.outcome(on: subject, in: store, Reports().context) == outcome)
    #expect(store.outcome(of: experiment, on: subject) == outcome)
  }

  @Test(
    "An entry whose list of arrays was edited counts as missing, whether its digest was edited too or not")
  func editedEntry() throws {
    let outcome = try found()
    let edits: [(inout [[String: Any]]) -> Void] = [
      { $0.removeAll() }, { $0.removeLast() }, { $0.append($0[0]) }, { $0[0]["name"] = "other" },
      { $0[0]["name"] = "../../../../etc/passwd" }, { $0[0]["shape"] = [-1, 3] },
      { $0[0]["shape"] = [Int.max, Int.max] }, { $0[0]["shape"] = [] as [Int] },
    ]
    for edit in edits {
      store.save(outcome, of: experiment, on: subject)
      let path = folder.path + "/" + folder.files.first { $0.hasSuffix("entry.json") }!
      var entry = try #require(
        try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
      var arrays = try #require(entry["arrays"] as? [[String: Any]])
      edit(&arrays)
      entry["arrays"] = arrays
      try JSONSerialization.data(withJSONObject: entry).write(to: URL(filePath: path))
      #expect(store.outcome(of: experiment, on: subject) == nil)
      var whole = try JSONDecoder().decode(StoreEntry.self, from: Data(contentsOf: URL(filePath: path)))
      whole.digest = whole.computedDigest
      try JSONEncoder().encode(whole).write(to: URL(filePath: path))
      #expect(store.outcome(of: experiment, on: subject) == nil)
    }
    store.save(outcome, of: experiment, on: subject)
    #expect(store.outcome(of: experiment, on: subject) == outcome)
  }

  @Test("What a process left that is gone is swept with the first entry of another")
  func abandonedDrafts() throws {
    let host = ProcessInfo.processInfo.hostName.replacing("/", with: "-")
    // No process has such a number (proc(5): pid_max is at most 2²²).
    let left = "\(folder.path)/drafts/\(host).4194999.\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: left, withIntermediateDirectories: true)
    try Data([1]).write(to: URL(filePath: left + "/outcome.json"))
    let alive = "\(folder.path)/drafts/\(host).\(getpid()).\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: alive, withIntermediateDirectories: true)
    store.save(try found(), of: experiment, on: subject)
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(FileManager.default.fileExists(atPath: alive))
  }

  @Test("An entry under another's name is not taken for one's own")
  func foreign() throws {
    store.save(try found(), of: experiment, on: subject)
    let other = Subjects.smooth(count: 7, validation: nil)
    let (mine, theirs) = (store.path(of: experiment, on: subject)!, store.path(of: experiment, on: other)!)
    try FileManager.default.createDirectory(
      atPath: (theirs as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: mine, toPath: theirs)
    #expect(store.outcome(of: experiment, on: other) == nil)
  }

  @Test("Parameters, images, truth and model all tell entries apart")
  func keys() {
    var settings = experiment.settings
    settings.iterations += 1
    let keys = [
      ResultKey(experiment, subject), ResultKey(Robustness(settings: settings), subject),
      ResultKey(experiment, Subjects.smooth(count: 7, validation: nil)),
      ResultKey(experiment, Subjects.smooth(count: 6, validation: 3)),
      ResultKey(experiment, Subjects.smooth(count: 6, validation: nil, seed: 4)),
      ResultKey(NormalSpectrum(), subject),
    ]
    #expect(Set(keys.map { $0!.digest }).count == keys.count)
  }

  @Test("The key is JSON with sorted keys, and holds name, version, parameters and subject")
  func keyText() {
    let key = ResultKey(NoiseTolerance(share: 0.5, seed: 2), subject)!
    let expected =
      #"{"experiment":"noise","parameters":{"seed":2,"share":0.5},"subject":"\#(subject.digest)","versions":{"noise":2}}"#
    #expect(key.text == expected)
  }

  @Test("Names of classes belong to outcomes that tell them alone")
  func names() {
    var classifier = subject.classifier
    classifier.classNames = ["Katze", "Hund", "Schiff", "Frosch"]
    let renamed = Subject(
      classifier: classifier, images: subject.images, validation: subject.validation, image: subject.image)
    #expect(ResultKey(NormalSpectrum(), subject)!.digest == ResultKey(NormalSpectrum(), renamed)!.digest)
    #expect(ResultKey(Prediction(), subject)!.digest != ResultKey(Prediction(), renamed)!.digest)
    let fooling = Fooling(perturbation: .given(Subjects.basis(1, like: subject)))
    #expect(ResultKey(fooling, subject)!.digest != ResultKey(fooling, renamed)!.digest)
  }

  @Test("A basis stands in the key by its content")
  func basisKeys() {
    let basis = Subjects.basis(2, like: subject)
    var other = basis.vectors
    other.elements[0] += 1e-6
    let first = ResultKey(Fooling(perturbation: .given(basis)), subject)!
    let second = ResultKey(Fooling(perturbation: .given(Basis(name: basis.name, vectors: other))), subject)!
    #expect(first.digest != second.digest)
    #expect(first.text.utf8.count < 340)
  }

  @Test("A folder that cannot be written is complained of once, and everything works without")
  func unwritable() throws {
    let file = folder.path + "/file"
    try Data().write(to: URL(fileURLWithPath: file))
    let complaints = Mutex<[String]>([])
    let store = ResultStore(folder: file + "/cache") { text in complaints.withLock { $0.append(text) } }
    let outcome = try found()
    for _ in 0..<2 { #expect(try experiment.outcome(on: subject, in: store, Reports().context) == outcome) }
    let said = complaints.withLock { $0 }
    #expect(said == ["cannot keep results in \(file)/cache (Not a directory); going on without a cache"])
  }

  @Test("A stored outcome is not computed again")
  func reuse() throws {
    let reports = Reports<Robustness.Outcome>()
    let first = try experiment.outcome(on: subject, in: store, reports.context)
    let count = reports.count
    #expect(count > 0)
    #expect(try experiment.outcome(on: subject, in: store, reports.context) == first)
    #expect(reports.count == count)
  }

  @Test("The standard folder follows the XDG rules")
  func standardFolder() {
    #expect(ResultStore.standardFolder(["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/boundaryscope")
    #expect(ResultStore.standardFolder(["XDG_CACHE_HOME": "", "HOME": "/h"]) == "/h/.cache/boundaryscope")
    #expect(ResultStore.standardFolder(["XDG_CACHE_HOME": "c", "HOME": "/h"]) == "/h/.cache/boundaryscope")
    #expect(ResultStore.standardFolder([:]) == nil)
  }

  @Test("Many at once may save and read one entry: it is whole or not there, and nobody complains")
  func race() throws {
    let complaints = Mutex<[String]>([])
    let (outcome, experiment, subject) = (try found(), experiment, subject)
    let stores = (0..<4).map { _ in
      ResultStore(folder: folder.path) { sentence in complaints.withLock { $0.append(sentence) } }
    }
    DispatchQueue.concurrentPerform(iterations: 4) { i in
      for _ in 0..<60 {
        stores[i].save(outcome, of: experiment, on: subject)
        if let read = stores[i].outcome(of: experiment, on: subject) { #expect(read == outcome) }
      }
    }
    #expect(complaints.withLock { $0 }.isEmpty)
    #expect(store.outcome(of: experiment, on: subject) == outcome)
    #expect(folder.files.allSatisfy { $0.hasPrefix("results/") })
  }
}
