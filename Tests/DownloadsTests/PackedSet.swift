import Foundation
import Images
import Tensors

/// A tiny set of CIFAR-10 records, packed as such sets are published.
struct PackedSet {
  let folder: URL
  let archive: [UInt8]
  let set: PublishedSet
  var data: DataFolder { DataFolder(folder.appending(path: "data").path) }

  static let records: [[UInt8]] = (0..<3).map { batch in
    (0..<4).flatMap { (n: Int) -> [UInt8] in
      [UInt8(n)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 * (batch + 2) + n) }
    }
  }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "packed-\(UUID().uuidString)")
    let inner = folder.appending(path: "tiny-batches-bin")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    for (name, bytes) in zip(["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"], Self.records) {
      try Data(bytes).write(to: inner.appending(path: name))
    }
    try Data("ignored".utf8).write(to: inner.appending(path: "readme.html"))
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "-czf", "tiny.tar.gz", "tiny-batches-bin"]
    tar.currentDirectoryURL = folder
    try tar.run()
    tar.waitUntilExit()
    archive = [UInt8](try Data(contentsOf: folder.appending(path: "tiny.tar.gz")))
    set = Self.published(archive)
  }

  private static func published(_ archive: [UInt8]) -> PublishedSet {
    var digest = Digest()
    digest.update(archive)
    let size = records[0].count
    return PublishedSet(
      name: "tiny", title: "Tiny", addresses: [],
      sources: [.init(name: "tiny.tar.gz", bytes: archive.count, sha256: digest.hexadecimal)],
      isArchive: true,
      files: ["data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"].map { .init($0, size) },
      test: ["test_batch.bin"], train: ["data_batch_1.bin", "data_batch_2.bin"], counts: (test: 4, train: 8))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
