internal import Foundation

/// What takes bytes of strangers: each is tried with bytes of a fuzzer, and with those that once broke it.
///
/// Nothing may trap, run for long, or fill the memory; what comes of the bytes is not looked at.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A model's file, through import, folding, a pass and its derivatives.
  case model
  /// A graph that is made of the bytes, so that it gets past the reader.
  case graph
  case picture
  /// NumPy arrays, as images and as numbers.
  case array
  /// Zip and tar with arrays and pictures.
  case archive
  /// CIFAR, IDX, MATLAB, pickles, lists: the first byte says under which name.
  case set
  /// A profile, and lists of class names.
  case profile
  /// A session or a tour.
  case script
  /// The files of an entry of the cache: the first byte says which.
  case entry
  /// What a terminal sends: keys, mouse, pastes, answers.
  case terminal

  public func run(_ bytes: [UInt8]) {
    switch self {
    case .model: ModelTrial.read(bytes)
    case .graph: ModelTrial.read(GraphGrammar.model(bytes))
    case .picture: DataTrial.picture(bytes)
    case .array: DataTrial.array(bytes)
    case .archive: DataTrial.archive(bytes)
    case .set: DataTrial.set(bytes)
    case .profile: TextTrial.profile(bytes)
    case .script: TextTrial.script(bytes)
    case .entry: EntryTrial.read(bytes)
    case .terminal: TextTrial.terminal(bytes)
    }
  }
}

/// A folder of this process for files that are tried.
enum Scratch {
  static let folder: String = {
    let path = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(getpid())").path
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }()

  /// Writes a file for one trial at a time.
  static func file(_ name: String, _ bytes: [UInt8]) -> String {
    let path = "\(folder)/\(name)"
    try? Data(bytes).write(to: URL(filePath: path))
    return path
  }
}
