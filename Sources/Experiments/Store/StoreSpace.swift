internal import Foundation
internal import Glibc

/// The room that the entries of a store take.
///
/// An entry's age counts from when it was last written or read. Other processes may write and remove entries at any
/// moment; what is gone already counts as removed.
struct StoreSpace {
  let folder: String

  struct Entry {
    let path: String
    let bytes: Int
    /// Seconds since 1970.
    let used: Double
  }

  /// Entries and kept places, in no order.
  func entries() -> [Entry] {
    subfolders(of: "\(folder)/results").flatMap(subfolders).map { path in
      let files = names(in: path).map { status("\(path)/\($0)") }
      return Entry(
        path: path, bytes: files.reduce(0) { $0 + Int($1?.st_size ?? 0) },
        used: status("\(path)/entry.json").map(Self.time) ?? 0)
    }
  }

  /// Says that an entry was of use.
  static func touch(_ path: String) { utimensat(AT_FDCWD, "\(path)/entry.json", nil, 0) }

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

  private func status(_ path: String) -> stat? {
    var found = stat()
    return lstat(path, &found) == 0 ? found : nil
  }

  private static func time(_ status: stat) -> Double {
    Double(status.st_mtim.tv_sec) + 1e-9 * Double(status.st_mtim.tv_nsec)
  }
}
