/// Why a file cannot be read; the name of the file belongs before it.
public enum FileProblem: Error, Equatable {
  case missing
  /// What the system, or the kind of the file, has against it.
  case unreadable(String)
  /// Larger than what is asked for may be.
  case tooLarge(limit: Int)
  /// It was written, cut short or replaced after it was opened.
  case changed
}

extension FileProblem: CustomStringConvertible {
  /// What is wrong, without the file's name.
  public var description: String {
    switch self {
    case .missing: "no such file"
    case .unreadable(let reason): reason
    case .tooLarge(let limit): "it has more than \(limit) bytes, which no file of its kind has"
    case .changed: "it changed while it was being read; open it again once it is complete"
    }
  }
}
