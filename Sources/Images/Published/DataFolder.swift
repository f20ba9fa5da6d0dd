internal import Files

/// The folder that installed sets and the user's own models lie in.
public struct DataFolder: Sendable, Equatable {
  /// Where the folders `sets`, `models` and `incoming` lie.
  public let path: String

  public init(_ path: String) { self.path = path }

  /// The user's folder for data; nil where there is none.
  public static var standard: DataFolder? { UserFolder.data.path().map { DataFolder($0) } }

  /// The user's own models.
  public var models: String { path + "/models" }

  /// Where the files of a set lie.
  public func path(of set: PublishedSet) -> String { "\(path)/sets/\(set.name)" }

  /// Where what has come of a file stays until all of it is there.
  public var incoming: String { path + "/incoming" }
}
