internal import Glibc

/// The folder that installed sets and the user's own models lie in.
public struct DataFolder: Sendable, Equatable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// `boundaryscope` in `$XDG_DATA_HOME`, else in `~/.local/share`; nil where there is neither.
  public static var standard: DataFolder? {
    // A relative path in XDG_DATA_HOME is to be ignored (XDG Base Directory Specification 0.8).
    if let data = environment("XDG_DATA_HOME") { return DataFolder(data + "/boundaryscope") }
    return environment("HOME").map { DataFolder($0 + "/.local/share/boundaryscope") }
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), value.hasPrefix("/") else { return nil }
    return value
  }

  /// The user's own models.
  public var models: String { path + "/models" }

  /// Where the files of a set lie.
  public func path(of set: PublishedSet) -> String { "\(path)/sets/\(set.name)" }

  /// Where what has come of a file stays until all of it is there.
  public var incoming: String { path + "/incoming" }
}
