internal import Glibc

/// One of the user's own folders (XDG Base Directory Specification 0.8).
public enum UserFolder: String, Sendable, CaseIterable {
  /// What can be computed again.
  case cache = "XDG_CACHE_HOME"
  /// What the user writes.
  case configuration = "XDG_CONFIG_HOME"
  /// What was downloaded, and the user's own models.
  case data = "XDG_DATA_HOME"
  /// What outlives a session without being worth a copy.
  case state = "XDG_STATE_HOME"

  /// The folder `boundaryscope` in it: in the folder that the variable names, else in its standard place in the home;
  /// nil where neither is an absolute path, for a relative one means another folder in each directory.
  public func path(_ variable: (String) -> String? = processVariable) -> String? {
    func absolute(_ name: String) -> String? { variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
    let folder = absolute(rawValue) ?? absolute("HOME").map { $0 + "/" + standardPlace }
    return folder.map { $0 + "/boundaryscope" }
  }

  private var standardPlace: String {
    switch self {
    case .cache: ".cache"
    case .configuration: ".config"
    case .data: ".local/share"
    case .state: ".local/state"
    }
  }

  /// A variable of the process's environment.
  public static func processVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
