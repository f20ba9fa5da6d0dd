internal import Foundation
internal import Glibc

/// The room that the entries of a store take: outcomes, and what was unpacked of archives.
///
/// An entry's age counts from when it was last written or used. Other processes may write and remove entries at any
/// moment; what is gone already counts as removed.
struct StoreSpace {
  let folder: String

  struct Entry {
    let path: String
    let bytes: Int
    /// Seconds since 1970.
    let used: Double
  }

  /// Outcomes, kept places and unpacked archives, in no order.
  func entries() -> [Entry] { outcomes() + unpacked() }

  private func outcomes() -> [Entry] {
    subfolders(of: "\(folder)/results").flatMap(subfolders).map { path in
      let files = names(in: path).map { status("\(path)/\($0)") }
      return Entry(
        path: path, bytes: files.reduce(0) { $0 + Int($1?.st_size ?? 0) },
        used: status("\(path)/entry.json").map(Self.time) ?? 0)
    }
  }

  private func unpacked() -> [Entry] {
    subfolders(of: "\(folder)/unpacked").map { path in
      Entry(path: path, bytes: bytes(below: path), used: status(path).map(Self.time) ?? 0)
    }
  }

  /// Says that an outcome was of use.
  static func touch(_ path: String) { utimensat(AT_FDCWD, "\(path)/entry.json", nil, 0) }

  /// Says that something unpacked was of use.
  static func touch(unpacked path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// Removes the oldest entries until what is left takes `limit` bytes at most.
  ///
  /// - Parameters:
  ///   - limit: in bytes.
  ///   - kept: the path of an entry that stays.
  /// - Returns: the bytes that are left.
  func shrink(to limit: Int, keeping kept: String) -> Int {
    let entries = entries().sorted { $0.used < $1.used }
    var bytes = entries.reduce(0) { $0 + $1.bytes }
    for entry in entries where bytes > limit && entry.path != kept {
      remove(entry.path)
      bytes -= entry.bytes
    }
    return bytes
  }

  /// A name for something that is not in its place yet, or no more.
  func draft() -> String { "\(folder)/drafts/\(Self.owner).\(UUID().uuidString)" }

  /// Renames a whole entry into its place.
  ///
  /// Other processes may put and read entries of the same name at any moment: what was there goes away by a rename
  /// too, so that nobody sees half of it, and where another process was quicker, its entry of the same key stands.
  func put(_ draft: String, at path: String) throws {
    for _ in 0..<8 {
      if rename(draft, path) == 0 { return }
      guard errno == ENOTEMPTY || errno == EEXIST else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
      let old = self.draft()
      if rename(path, old) == 0 { try? FileManager.default.removeItem(atPath: old) }
    }
  }

  /// Removes what processes left that ended while they wrote: those of this machine that are gone, and whatever is a
  /// day old.
  func sweep() {
    let yesterday = Date().timeIntervalSince1970 - 86_400
    for name in names(in: "\(folder)/drafts") {
      let path = "\(folder)/drafts/\(name)"
      let isOld = status(path).map(Self.time).map { $0 < yesterday } ?? false
      if isOld || Self.isAbandoned(name) { try? FileManager.default.removeItem(atPath: path) }
    }
  }

  /// By a rename first, so that nobody reads half of an entry.
  private func remove(_ path: String) {
    let draft = draft()
    try? FileManager.default.createDirectory(
      atPath: "\(folder)/drafts", withIntermediateDirectories: true)
    if rename(path, draft) == 0 { try? FileManager.default.removeItem(atPath: draft) }
  }
}

// MARK: - Owners of drafts

extension StoreSpace {
  /// This machine and process, such as `host.4711`: a cache may be shared by several machines.
  private static let owner = "\(host).\(getpid())"

  private static let host = ProcessInfo.processInfo.hostName.replacing("/", with: "-")

  private static func isAbandoned(_ draft: String) -> Bool {
    guard draft.hasPrefix(host + "."),
      let process = draft.dropFirst(host.count + 1).split(separator: ".").first.flatMap({ pid_t($0) })
    else { return false }
    return kill(process, 0) != 0 && errno == ESRCH
  }
}

// MARK: - Files

extension StoreSpace {
  private func names(in path: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
  }

  private func subfolders(of path: String) -> [String] {
    names(in: path).map { "\(path)/\($0)" }.filter { (status($0)?.st_mode ?? 0) & S_IFMT == S_IFDIR }
  }

  /// The bytes of all files in a folder and in those within it; links count nothing.
  func bytes(below path: String) -> Int {
    names(in: path).reduce(0) { sum, name in
      guard let found = status("\(path)/\(name)") else { return sum }
      switch found.st_mode & S_IFMT {
      case S_IFDIR: return sum + bytes(below: "\(path)/\(name)")
      case S_IFREG: return sum + Int(found.st_size)
      default: return sum
      }
    }
  }

  private func status(_ path: String) -> stat? {
    var found = stat()
    return lstat(path, &found) == 0 ? found : nil
  }

  private static func time(_ status: stat) -> Double {
    Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
  }
}
