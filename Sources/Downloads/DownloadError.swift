public import Images

/// Why a set could not be installed: one sentence each, phrased here alone.
public enum DownloadError: Error, Equatable, CustomStringConvertible {
  case noDataFolder
  case noLibrary(PublishedSet)
  case unreachable(String, PublishedSet)
  case refused(String, status: Int)
  case cut(String, got: Int, of: Int)
  case tooLong(String, bytes: Int)
  case wrongBytes(String, expected: String, found: String)
  case failed(String, String)
  case noCopy(String, PublishedSet)
  case wrongCopy(String, String)
  case damagedArchive(String, String)
  case missingMember(String, String)
  case cannotWrite(String, String)

  public var description: String {
    switch self {
    case .noDataFolder: "no place for data: set XDG_DATA_HOME or HOME to an absolute path"
    case .noLibrary(let set):
      "cannot fetch anything without libcurl: apt-get install libcurl4, or take a copy: "
        + Self.copy(set)
    case .unreachable(let url, let set):
      "cannot reach \(Self.host(url)); check the network, or take a copy: \(Self.copy(set))"
    case .refused(let url, let status):
      "cannot fetch \(url): the server answers \(status); try again later, or pass --mirror URL"
    case .cut(let url, let got, let bytes):
      "\(url) keeps breaking off, last at \(got) of \(bytes) bytes; the same command goes on from there"
    case .tooLong(let url, let bytes):
      "\(url) sends more than the \(bytes) bytes that were published; nothing was installed"
    case .wrongBytes(let place, let expected, let found):
      "\(place) is not the published file: its SHA-256 is \(found.prefix(16))…, not \(expected.prefix(16))…; "
        + "nothing was installed"
    case .failed(let url, let why): "cannot fetch \(url): \(why)"
    case .noCopy(let path, let set):
      "\(path) is not a copy of \(set.title): it holds "
        + (set.isArchive
          ? "neither \(set.sources[0].name) nor all of \(set.files.map(\.name).joined(separator: ", "))"
          : "not all of \(set.files.map(\.name).joined(separator: ", "))")
    case .wrongCopy(let path, let why): "\(path) is not a copy of the published file: \(why)"
    case .damagedArchive(let path, let why): "\(path) cannot be unpacked: \(why)"
    case .missingMember(let path, let name): "\(path) does not hold \(name) as published"
    case .cannotWrite(let path, let why): "cannot write \(path): \(why)"
    }
  }

  private static func copy(_ set: PublishedSet) -> String {
    "boundaryscope data install \(set.name) --from FILE-OR-FOLDER"
  }

  /// The server's name in an address.
  private static func host(_ url: String) -> String {
    let parts = url.split(separator: "/")
    return parts.count > 1 ? String(parts[1]) : url
  }
}
