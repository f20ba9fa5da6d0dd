/// A network with what the rest of the program needs to know about it.
public struct Classifier: Sendable {
  /// Takes pixels in [0, 1], N×C×H×W, RGB; the model's own preprocessing is an operation of the network.
  public var network: Network
  public var name: String
  /// One name a class; empty where nobody said.
  public var classNames: [String]
  /// SHA-256 of the model file, its external data and its profile but for names, in hexadecimal: what the cache goes by.
  public var digest: String
  /// A sentence on what was done to the model's graph, such as a softmax taken off; nil where nothing was.
  public var remark: String?
  /// How pixels are read, and where that is known from; nil for a network that came from no file.
  public var preprocessing: Preprocessing?

  public init(
    network: Network, name: String, classNames: [String], digest: String, remark: String? = nil,
    preprocessing: Preprocessing? = nil
  ) {
    self.network = network
    self.name = name
    self.classNames = classNames
    self.digest = digest
    self.remark = remark
    self.preprocessing = preprocessing
  }

  /// Whether the names are those of a published set that the model only looks trained on.
  public var namesAreGuessed: Bool { preprocessing?.names?.source == .guess }

  /// The name of class k, counted from 0; `class k` where there is none.
  public func className(_ k: Int) -> String { k < classNames.count ? classNames[k] : "class \(k)" }
}
