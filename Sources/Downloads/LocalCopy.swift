internal import Files
internal import Glibc
internal import Images
internal import Tensors

/// A copy of a published set that lies on this machine: the published files, a folder with them, or what they unpack to.
struct LocalCopy {
  let set: PublishedSet
  let path: String

  /// Puts the set's files into `staging`.
  ///
  /// Published files are checked by their SHA-256. Of unpacked files nothing but their sizes was published, so these
  /// alone are compared.
  func place(in staging: String, _ interruption: Interruption, report: Installation.Report) throws {
    let sources = set.sources.map { (source: $0, path: place(of: $0.name)) }
    if sources.allSatisfy({ access($0.path, R_OK) == 0 }) {
      for (source, path) in sources { try place(path, as: source, in: staging, interruption, report) }
      return
    }
    let files = set.files.map { (file: $0, folder: folder(of: $0)) }
    guard let first = files.first?.folder, files.allSatisfy({ $0.folder == first }) else {
      throw DownloadError.noCopy(path, set)
    }
    for (k, file) in set.files.enumerated() {
      try report("copy \(set.title)", k, set.files.count)
      let source = try open("\(first)/\(file.name)")
      try copy(source, to: "\(staging)/\(file.name)", interruption)
    }
  }

  /// The path itself where it names that file, else the file in that folder.
  private func place(of name: String) -> String {
    path.split(separator: "/").last.map(String.init) == name ? path : "\(path)/\(name)"
  }

  /// The folder in which the unpacked file lies as published: the path, or a folder in it as the archives have one.
  private func folder(of file: PublishedSet.Installed) -> String? {
    [path, "\(path)/cifar-10-batches-bin", "\(path)/cifar-100-binary"].first { file.isPresent(in: $0) }
  }

  private func place(
    _ path: String, as source: PublishedSet.Source, in staging: String, _ interruption: Interruption,
    _ report: Installation.Report
  ) throws {
    try report("check \(source.name)", 0, 1)
    let file = try open(path)
    guard file.size == source.bytes else {
      throw DownloadError.wrongCopy(path, "it has \(file.size) bytes, not \(source.bytes)")
    }
    var digest = Digest()
    try read(file, interruption) { digest.update($0) }
    guard digest.hexadecimal == source.sha256 else {
      throw DownloadError.wrongBytes(path, expected: source.sha256, found: digest.hexadecimal)
    }
    if set.isArchive {
      _ = try TarArchive(path: path).unpack(Set(set.files.map(\.name)), into: staging, interruption)
      try naming(path) { () throws(FileProblem) in try file.checkCurrent() }
    } else {
      try copy(file, to: "\(staging)/\(source.name)", interruption)
    }
  }

  private func copy(_ source: RegularFile, to target: String, _ interruption: Interruption) throws {
    var file = try PartialFile(target)
    defer { file.close() }
    try file.restart()
    try read(source, interruption) { try file.append($0) }
  }

  private func open(_ path: String) throws -> RegularFile {
    try naming(path) { () throws(FileProblem) in try RegularFile(path) }
  }

  private func read(
    _ file: RegularFile, _ interruption: Interruption, _ take: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    do {
      try file.forEachPiece { piece in
        try interruption.check()
        try take(piece)
      }
    } catch let problem as FileProblem {
      throw DownloadError.wrongCopy(file.path, problem.description)
    }
  }

  private func naming<T>(_ path: String, _ body: () throws(FileProblem) -> T) throws -> T {
    do throws(FileProblem) {
      return try body()
    } catch {
      throw DownloadError.wrongCopy(path, error.description)
    }
  }
}
