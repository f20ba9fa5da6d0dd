public import Tensors

/// What an experiment found: numbers, which are its JSON, and arrays, which are kept beside it.
public protocol StoredOutcome: Codable, Sendable, Equatable {
  /// The arrays that are not in the JSON, by name.
  var arrays: [String: Tensor] { get set }
}

extension StoredOutcome {
  public var arrays: [String: Tensor] {
    get { [:] }
    set { precondition(newValue.isEmpty, "\(Self.self) keeps no arrays") }
  }
}

/// A value whose absence is written as `null`, so that a key that scripts rely on is always there.
@propertyWrapper
public struct OrNull<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
