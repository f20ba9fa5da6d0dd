internal import Tensors

/// Whatever an experiment found, whole or so far.
public struct Finding: Sendable, Encodable, Equatable {
  /// With its JSON and its arrays.
  public let outcome: any StoredOutcome

  public init(_ outcome: some StoredOutcome) { self.outcome = outcome }

  /// The bytes of its arrays, which are most of what it takes.
  public var byteCount: Int { outcome.arrays.values.reduce(0) { $0 + 4 * $1.elements.count } }

  /// What an experiment of this kind found; nil where another kind did.
  public func of<E: Experiment>(_: E.Type) -> E.Outcome? { outcome as? E.Outcome }

  public func encode(to encoder: any Encoder) throws { try outcome.encode(to: encoder) }

  public static func == (a: Finding, b: Finding) -> Bool {
    func equal<One: StoredOutcome>(_ one: One) -> Bool { one == b.outcome as? One }
    return equal(a.outcome)
  }
}
