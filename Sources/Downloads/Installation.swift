internal import Glibc
public import Images
public import Tensors

/// Brings a published set into the data folder: fetched or copied, checked, unpacked; whole or not at all.
///
/// ```swift
/// try Installation(of: .cifar10, into: folder).run(interruption) { phase, done, total in … }
/// ```
public struct Installation: Sendable {
  /// What is being done, and how many of how many bytes of it.
  public typealias Report = (_ phase: String, _ completed: Int, _ total: Int) throws -> Void

  let set: PublishedSet
  let folder: DataFolder
  /// A file or a folder on this machine to take instead of the servers' files.
  let copy: String?
  /// A folder of a server to ask instead of the publisher's.
  let mirror: String?
  var pause = 0.5

  public init(of set: PublishedSet, into folder: DataFolder, from copy: String? = nil, mirror: String? = nil)
  {
    self.set = set
    self.folder = folder
    self.copy = copy
    self.mirror = mirror
  }

  /// - Throws: ``DownloadError``, or ``Interrupted``; what had come by then stays for the next attempt.
  public func run(_ interruption: Interruption, report: Report) throws {
    if set.isInstalled(in: folder) { return }
    let staging = "\(folder.path)/sets/.\(set.name).\(getpid()).new"
    try makeFolder(staging)
    defer { removeFolder(staging) }
    if let copy {
      try LocalCopy(set: set, path: copy).place(in: staging, interruption, report: report)
    } else {
      try fetch(into: staging, interruption, report: report)
    }
    for file in set.files where !file.isPresent(in: staging) {
      throw DownloadError.missingMember(copy ?? set.sources[0].name, file.name)
    }
    try putInPlace(staging)
    for source in set.sources { unlink(incoming(source)) }
  }

  private func incoming(_ source: PublishedSet.Source) -> String {
    "\(folder.incoming)/\(set.name)-\(source.name)"
  }

  private func fetch(into staging: String, _ interruption: Interruption, report: Report) throws {
    try makeFolder(folder.incoming)
    var before = 0
    for source in set.sources {
      let download = Download(
        set: set, source: source, addresses: mirror.map { [$0] } ?? set.addresses, path: incoming(source),
        pause: pause)
      try download.run(interruption) { try report("fetch \(set.title)", before + $0, set.bytes) }
      before += source.bytes
    }
    for source in set.sources { try install(incoming(source), of: source, in: staging, interruption, report) }
  }

  /// Unpacks a checked archive, or moves a checked file.
  private func install(
    _ path: String, of source: PublishedSet.Source, in staging: String, _ interruption: Interruption,
    _ report: Report
  ) throws {
    try report("unpack \(set.title)", 0, 1)
    if set.isArchive {
      _ = try TarArchive(path: path).unpack(Set(set.files.map(\.name)), into: staging, interruption)
    } else {
      let target = "\(staging)/\(source.name)"
      guard rename(path, target) == 0 else { throw DownloadError.cannotWrite(target, PartialFile.problem) }
    }
    try report("unpack \(set.title)", 1, 1)
  }

  /// Gives the finished folder its name; what is left of a damaged installation goes.
  private func putInPlace(_ staging: String) throws {
    let target = folder.path(of: set)
    removeFolder(target)
    guard rename(staging, target) == 0 else { throw DownloadError.cannotWrite(target, PartialFile.problem) }
  }

  private func makeFolder(_ path: String) throws {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o777) == 0 || errno == EEXIST else {
        throw DownloadError.cannotWrite(made, PartialFile.problem)
      }
    }
  }

  /// Removes a folder of this set with the files of the set in it, and nothing else.
  private func removeFolder(_ path: String) {
    for file in set.files { unlink("\(path)/\(file.name)") }
    rmdir(path)
  }
}
