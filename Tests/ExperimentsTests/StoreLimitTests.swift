import Foundation
import Glibc
import Tensors
import TestSupport
import Testing

@testable import Experiments

/// The room that kept outcomes take.
@Suite("Limit of the store")
struct StoreLimitTests {
  private let folder: TemporaryFolder
  private let store: ResultStore

  init() throws {
    folder = try TemporaryFolder()
    store = ResultStore(folder: folder.path)
  }

  /// Experiments that differ by their seed; what they find is of one size.
  private func experiment(_ i: Int) -> NoiseTolerance { NoiseTolerance(share: 0.5, seed: UInt64(i)) }
  private let subject = Subjects.smooth(count: 4, validation: nil)

  private func save(_ i: Int) throws {
    store.save(try experiment(i).run(on: subject, Reports().context), of: experiment(i), on: subject)
  }

  private func isKept(_ i: Int) -> Bool { store.outcome(of: experiment(i), on: subject) != nil }

  /// Sets the clock of an entry back.
  private func age(_ i: Int, hours: Double) throws {
    let path = try #require(store.path(of: experiment(i), on: subject))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600 * hours)], ofItemAtPath: path + "/entry.json")
  }

  @Test("A gigabyte unless set, and what is set holds for every store of the folder")
  func setting() throws {
    #expect(store.limit == 1_000_000_000)
    try store.setLimit(5_000_000)
    #expect(ResultStore(folder: folder.path).limit == 5_000_000)
    try store.removeAll()
    #expect(store.limit == 5_000_000)
  }

  @Test("Usage counts what lies there")
  func usage() throws {
    for i in 1...3 { try save(i) }
    let usage = store.usage()
    let bytes = try folder.files.reduce(0) { sum, name in
      try sum + Data(contentsOf: URL(filePath: "\(folder.path)/\(name)")).count
    }
    #expect(usage.entries == 3 && usage.bytes == bytes)
    try store.removeAll()
    #expect(store.usage().entries == 0 && store.usage().bytes == 0)
  }

  @Test("The entry that was of use the longest time ago goes first; the new one stays")
  func eviction() throws {
    for i in 1...4 { try save(i) }
    let each = store.usage().bytes / 4
    for i in 1...4 { try age(i, hours: Double(10 - i)) }
    #expect(isKept(1))  // read now: no longer the oldest
    try store.setLimit(4 * each + each / 2)
    try save(5)
    #expect((1...5).map(isKept) == [true, false, true, true, true])
    try store.setLimit(1)
    #expect(store.usage().entries == 0)
    try save(6)
    #expect(isKept(6))
  }

  @Test("Another process's entries count too")
  func others() throws {
    for i in 1...4 { try save(i) }
    let each = store.usage().bytes / 4
    for i in 1...4 { try age(i, hours: Double(10 - i)) }
    try store.setLimit(4 * each + each / 2)
    let other = ResultStore(folder: folder.path)
    other.save(try experiment(5).run(on: subject, Reports().context), of: experiment(5), on: subject)
    #expect(other.usage().bytes <= 4 * each + each / 2)
    #expect(!isKept(1) && isKept(5))
  }

  @Test("What is unpacked of archives counts, is unpacked once, whole or not at all, and goes like the rest")
  func archives() throws {
    func unpack(_ digest: String, bytes: Int) throws -> String {
      try store.unpacked(digest) { folder in
        try FileManager.default.createDirectory(atPath: folder + "/a/b", withIntermediateDirectories: true)
        try Data(count: bytes).write(to: URL(filePath: folder + "/a/b/model.onnx"))
      }
    }
    struct Broken: Error {}
    #expect(throws: Broken.self) { try store.unpacked("x") { _ in throw Broken() } }
    #expect(store.usage().entries == 0)
    let first = try unpack("1", bytes: 10_000)
    #expect(try Data(contentsOf: URL(filePath: first + "/a/b/model.onnx")).count == 10_000)
    #expect(try unpack("1", bytes: 7) == first)
    #expect(store.usage().entries == 1 && store.usage().bytes == 10_000)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: first)
    let second = try unpack("2", bytes: 5000)
    try store.setLimit(12_000)
    #expect(!FileManager.default.fileExists(atPath: first))
    #expect(FileManager.default.fileExists(atPath: second))
    try save(1)
    try store.removeAll()
    #expect(folder.files.filter { $0 != "limit" } == [])
  }

  @Test("Drafts of processes that are gone are removed; those of running ones and of other machines stay")
  func drafts() throws {
    let drafts = folder.path + "/drafts"
    let host = ProcessInfo.processInfo.hostName
    // Process numbers end at 2²².
    let names = ["\(host).\(1 << 23).a", "\(host).\(getpid()).b", "elsewhere.\(1 << 23).c", "elsewhere.1.d"]
    for name in names {
      try FileManager.default.createDirectory(
        atPath: "\(drafts)/\(name)", withIntermediateDirectories: true)
      try Data([1]).write(to: URL(filePath: "\(drafts)/\(name)/outcome.json"))
    }
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -100_000)], ofItemAtPath: "\(drafts)/\(names[3])")
    try save(1)
    let left = try FileManager.default.contentsOfDirectory(atPath: drafts)
    #expect(left.sorted() == [names[1], names[2]].sorted())
  }
}

/// Numbers that several commands print must mean the same.
@Suite("Statistics")
struct StatisticsTests {
  @Test("The median of an even number of values lies between the middle two")
  func median() {
    #expect(Statistics([4, 1, 3, 2]).median == 2.5)
    #expect(Statistics([5, 1, 3]).median == 3)
    #expect(Statistics([]).median.isNaN)
  }

  @Test("The interval of a median is of the order statistics that a table gives; of few numbers all of them")
  func medianInterval() {
    // Conover's ranks for n = 100: 40 and 61.
    #expect(Statistics((1...100).map(Double.init)).medianInterval == 40...61)
    #expect(Statistics([3, 1, 2]).medianInterval == 1...3)
    #expect(Statistics([]).medianInterval == nil && Statistics([.nan, 1]).medianInterval == nil)
    // Of draws whose median is 0, 95 % of the intervals hold it, or a little more.
    var generator = SeededGenerator(seed: 4)
    let held = (0..<2000).count { _ in
      Statistics((0..<40).map { _ in Double(generator.gaussian()) }).medianInterval!.contains(0)
    }
    #expect((1880...1960).contains(held))
  }

  @Test("Of two draws on a line two are counted, and twenty in a plane")
  func draws() throws {
    let subject = Subjects.smooth(count: 6, validation: nil)
    let fooling = SubspaceFooling(
      basis: .given(Subjects.basis(3, like: subject)), dimensions: [1, 2], radius: 1)
    let outcome = try fooling.run(on: subject, Reports().context)
    #expect(outcome.curve.map(\.draws) == [2, 20])
  }
}
