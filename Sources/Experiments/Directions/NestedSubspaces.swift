internal import LinearAlgebra

/// The spans of the first m of some directions, for several m: what curves against the dimension are drawn of.
public struct NestedSubspaces: Hashable, Sendable, Encodable {
  /// The directions, of which the first m span each subspace.
  public var basis: Directions
  /// m: the first m directions of the basis each time.
  public var dimensions: [Int]

  public init(_ basis: Directions, dimensions: [Int]) {
    self.basis = basis
    self.dimensions = dimensions
  }

  /// The options of a command that say them; nil where text cannot.
  var arguments: [String]? {
    basis.text.map { ["--basis", $0, "--dimension", dimensions.map(String.init).joined(separator: ",")] }
  }
}

extension ExperimentContext {
  /// The name of the directions, and the subspace that holds all the others, once it is sure that it suits the images.
  func subspace(
    of nested: NestedSubspaces, on subject: Subject
  ) throws -> (name: String, largest: Subspace) {
    let basis = try basis(nested.basis, on: subject, count: nested.dimensions.max() ?? 1)
    return (basis.name, try subject.subspace(basis, nested.dimensions))
  }
}
