internal import Glibc
internal import Images
internal import Tensors

/// One published file, fetched into ``path``: resumed after broken connections, and checked.
///
/// What has come stays in `path` whatever happens, so that the next attempt, in this process or another, goes on from
/// there. Only bytes that are wrong for certain are thrown away.
struct Download {
  let set: PublishedSet
  let source: PublishedSet.Source
  /// Folders of servers, tried one after another.
  let addresses: [String]
  let path: String
  /// Attempts in succession that may bring next to nothing.
  var patience = 4
  /// Bytes without which an attempt is fruitless, unless they were the last: a twentieth of a small file.
  private var least: Int { min(1 << 14, max(1, source.bytes / 20)) }
  /// Seconds before the second fruitless attempt in succession; doubled for each further one.
  var pause = 0.5

  /// Fetches what is missing and checks the whole.
  ///
  /// - Parameters:
  ///   - interruption: ends it; what has come stays.
  ///   - report: is told how many bytes have come.
  /// - Throws: ``DownloadError`` or ``Interrupted``.
  func run(_ interruption: Interruption, report: (Int) throws -> Void) throws {
    var problem: any Error = DownloadError.failed(source.name, "it has no known address")
    for address in addresses {
      let url = address.hasSuffix("/") ? address + source.name : "\(address)/\(source.name)"
      do {
        try fetch(url, interruption, report: report)
        return
      } catch let error as Interrupted {
        throw error
      } catch let error as DownloadError {
        if case .cannotWrite = error { throw error }
        if case .noLibrary = error { throw error }
        problem = error
      }
    }
    throw problem
  }

  private func fetch(_ url: String, _ interruption: Interruption, report: (Int) throws -> Void) throws {
    var file = try PartialFile(path)
    defer { file.close() }
    if file.count > source.bytes { try file.restart() }
    let isResumed = file.count > 0
    try complete(&file, url, interruption, report)
    var found = try file.digest(interruption)
    // What lay here before may have been another version of the file.
    if found != source.sha256, isResumed {
      try file.restart()
      try complete(&file, url, interruption, report)
      found = try file.digest(interruption)
    }
    guard found == source.sha256 else {
      try file.restart()
      throw DownloadError.wrongBytes(url, expected: source.sha256, found: found)
    }
  }

  /// Asks again from where it stopped until all bytes are there.
  private func complete(
    _ file: inout PartialFile, _ url: String, _ interruption: Interruption, _ report: (Int) throws -> Void
  ) throws {
    var fruitless = 0
    // A server without ranges starts anew each time: only getting further than ever is progress.
    var farthest = file.count
    while file.count < source.bytes {
      try report(file.count)
      try attempt(&file, url, interruption, report)
      let isNews = file.count >= farthest + least || file.count == source.bytes
      fruitless = isNews ? 0 : fruitless + 1
      farthest = max(farthest, file.count)
      guard fruitless < patience else { throw DownloadError.cut(url, got: file.count, of: source.bytes) }
      if fruitless > 0 { try wait(pause * Double(1 << (fruitless - 1)), interruption) }
    }
    try report(file.count)
  }

  /// One request; returns where asking again may help.
  private func attempt(
    _ file: inout PartialFile, _ url: String, _ interruption: Interruption, _ report: (Int) throws -> Void
  ) throws {
    var problem: (any Error)?
    let limit = source.bytes
    let end = FileTransfer(url: url, start: file.count).run(interruption) { bytes in
      do {
        guard file.count + bytes.count <= limit else { throw DownloadError.tooLong(url, bytes: limit) }
        try file.append(bytes)
        try report(file.count)
        return true
      } catch {
        problem = error
        return false
      }
    }
    try interruption.check()
    if let problem {
      if case DownloadError.tooLong = problem { try file.restart() }
      throw problem
    }
    switch end {
    case .complete, .cut, .stopped: return
    case .noResume: try file.restart()
    case .unreachable: throw DownloadError.unreachable(url, set)
    case .refused(let status): throw DownloadError.refused(url, status: status)
    case .failed(let why): throw DownloadError.failed(url, why)
    case .noLibrary: throw DownloadError.noLibrary(set)
    }
  }

  private func wait(_ seconds: Double, _ interruption: Interruption) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      try interruption.check()
      usleep(20_000)
    }
  }
}
