/// A symmetric matrix known by its products with vectors alone.
public protocol SymmetricOperator: Sendable {
  /// Length d of the vectors it takes and gives.
  var dimension: Int { get }

  /// A·v; throws what its evaluation throws, an interruption above all.
  func product(_ v: [Float]) throws -> [Float]
}
