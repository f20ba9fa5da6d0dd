internal import Files
internal import Foundation
internal import Synchronization

/// Outcomes kept in a folder, so that nothing is computed twice.
///
/// An entry belongs to the name and version of an experiment, its parameters and the digest of its subject; it is
/// written elsewhere and then renamed, so that it is whole or not there. An entry that is damaged counts as missing.
/// Where the folder cannot be written, everything works without, and that is said once. Entries that were not of use
/// for the longest time go where they take more room than ``limit``.
public final class ResultStore: Sendable {
  /// Where the entries are.
  public let folder: String
  /// Seconds after which a long run keeps its place again: little to lose, little to write.
  let keepingInterval: Double
  private let complain: @Sendable (String) -> Void
  private let hasComplained = Mutex(false)
  /// Bytes that the entries take, as far as this process knows; nil before its first entry.
  private let bytes = Mutex<Int?>(nil)

  /// - Parameters:
  ///   - folder: made when it is first needed.
  ///   - keepingInterval: seconds after which a long run keeps its place again.
  ///   - complain: takes one sentence, once, where nothing can be kept.
  public init(
    folder: String, keepingInterval: Double = 2, complain: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.folder = folder
    self.keepingInterval = keepingInterval
    self.complain = complain
  }

  /// The user's folder for results; nil where there is none.
  public static func standardFolder(_ environment: [String: String]) -> String? {
    UserFolder.cache.path { environment[$0] }
  }

  /// What was kept for this experiment on this subject; nil where nothing is, or where it is damaged.
  public func outcome<E: Experiment>(of experiment: E, on subject: Subject) -> E.Outcome? {
    guard let key = ResultKey(experiment, subject) else { return nil }
    let path = path(of: key)
    guard let outcome = StoreEntry.read(E.Outcome.self, key: key.text, from: path) else { return nil }
    StoreSpace.touch(path)
    return outcome
  }

  /// Keeps an outcome for the next time.
  public func save<E: Experiment>(_ outcome: E.Outcome, of experiment: E, on subject: Subject) {
    guard let key = ResultKey(experiment, subject) else { return }
    write(outcome, key: key.text, to: path(of: key))
  }

  /// Forgets everything but the limit.
  public func removeAll() throws {
    for part in ["results", "unpacked", "drafts"]
    where FileManager.default.fileExists(atPath: "\(folder)/\(part)") {
      try FileManager.default.removeItem(atPath: "\(folder)/\(part)")
    }
    bytes.withLock { $0 = nil }
  }
}

// MARK: - Archives

extension ResultStore {
  /// The folder with what is in an archive, which `unpack` fills where it is not there yet: whole or not there.
  ///
  /// It counts as an entry, which goes where it was not of use for the longest time.
  ///
  /// - Parameters:
  ///   - digest: SHA-256 of the archive.
  ///   - unpack: takes the path of a new folder.
  /// - Returns: the folder's path.
  /// - Throws: what `unpack` throws, or why the folder cannot be made.
  package func unpacked(_ digest: String, by unpack: (String) throws -> Void) throws -> String {
    let path = "\(folder)/unpacked/\(digest)"
    let files = FileManager.default
    guard !files.fileExists(atPath: path) else {
      StoreSpace.touch(unpacked: path)
      return path
    }
    let draft = space.draft()
    try files.createDirectory(atPath: draft, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: draft) }
    try unpack(draft)
    try files.createDirectory(atPath: "\(folder)/unpacked", withIntermediateDirectories: true)
    let written = space.bytes(below: draft)
    try space.put(draft, at: path)
    makeRoom(for: written, at: path)
    return path
  }
}

// MARK: - Entries

extension ResultStore {
  /// Where this experiment keeps its place while it runs.
  func checkpoint<E: Experiment>(of experiment: E, on subject: Subject) -> Checkpoint? {
    ResultKey(experiment, subject).map {
      Checkpoint(store: self, key: $0.text, path: path(of: $0) + ".partial")
    }
  }

  func path<E: Experiment>(of experiment: E, on subject: Subject) -> String? {
    ResultKey(experiment, subject).map { path(of: $0) }
  }

  func write(_ outcome: some StoredOutcome, key: String, to path: String) {
    do {
      let written = try StoreEntry.write(outcome, key: key, to: path, within: space)
      makeRoom(for: written, at: path)
    } catch {
      let isFirst = hasComplained.withLock { said in
        defer { said = true }
        return !said
      }
      if isFirst { complain("cannot keep results in \(folder) (\(reason(error))); going on without a cache") }
    }
  }

  var space: StoreSpace { StoreSpace(folder: folder) }

  /// Counts an entry that was written, and lets the oldest go where there are too many; a tenth of the limit more than
  /// has to, since that takes a look at every entry.
  private func makeRoom(for written: Int, at path: String) {
    let limit = limit
    bytes.withLock { bytes in
      if let known = bytes {
        bytes = known + written
      } else {
        space.sweep()
        bytes = space.entries().reduce(0) { $0 + $1.bytes }
      }
      if let known = bytes, known > limit { bytes = space.shrink(to: limit - limit / 10, keeping: path) }
    }
  }

  private func path(of key: ResultKey) -> String { "\(folder)/results/\(key.digest.prefix(2))/\(key.digest)" }

  private func reason(_ error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
    let cause = (underlying ?? error) as NSError
    return cause.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(cause.code))) : "\(error)"
  }
}
