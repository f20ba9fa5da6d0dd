internal import Foundation

extension ResultStore {
  /// What a store takes and may take.
  public struct Usage: Codable, Sendable, Equatable {
    /// Where the entries are.
    public var folder: String
    /// Outcomes, places that long runs have kept, and unpacked archives.
    public var entries: Int
    /// What the files of all entries take.
    public var bytes: Int
    /// In bytes.
    public var limit: Int
  }

  /// One gigabyte.
  public static let standardLimit = 1_000_000_000

  /// The most bytes that entries may take: what the folder's file `limit` says, for all who use the folder.
  public var limit: Int {
    let text = try? String(contentsOfFile: limitFile, encoding: .utf8)
    let said = text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    return said.flatMap { $0 > 0 ? $0 : nil } ?? Self.standardLimit
  }

  /// Cost: a look at each file of the folder.
  public func usage() -> Usage {
    let entries = space.entries()
    return Usage(
      folder: folder, entries: entries.count, bytes: entries.reduce(0) { $0 + $1.bytes }, limit: limit)
  }

  /// Sets the limit from now on, and removes the oldest entries that are beyond it.
  public func setLimit(_ bytes: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("\(bytes)\n".utf8).write(to: URL(filePath: limitFile), options: .atomic)
    _ = space.shrink(to: bytes, keeping: "")
  }

  private var limitFile: String { "\(folder)/limit" }
}
