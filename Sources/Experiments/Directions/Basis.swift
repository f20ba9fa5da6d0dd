public import Tensors

/// Named directions in image space, m×C×H×W, such as the basis of a subspace or one perturbation (m = 1).
///
/// As a parameter it stands for its content: two bases are equal whose name, shape and numbers are.
public struct Basis: Hashable, Sendable, Encodable {
  /// As the screen calls it: `S_c`, `UAP`, a file's name.
  public let name: String
  /// m×C×H×W; the rows of a subspace's basis are orthonormal.
  public let vectors: Tensor
  /// SHA-256 of the shape and the numbers, in hexadecimal.
  public let digest: String

  public init(name: String, vectors: Tensor) {
    self.name = name
    self.vectors = vectors
    var digest = Digest()
    digest.update(vectors)
    self.digest = digest.hexadecimal
  }

  /// m.
  public var dimension: Int { vectors.count }

  /// Direction i alone.
  public func vector(_ i: Int, name: String? = nil) -> Basis {
    Basis(name: name ?? "\(self.name) \(i + 1)", vectors: vectors.entry(i))
  }

  public static func == (a: Basis, b: Basis) -> Bool { a.name == b.name && a.digest == b.digest }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    hasher.combine(digest)
  }

  private enum CodingKeys: CodingKey {
    case name
    case digest
  }
}

/// 1, 2, 5, 10, 20, … up to a limit.
package func usualDimensions(upTo limit: Int) -> [Int] {
  [1, 2, 3, 5, 10, 20, 50, 100].filter { $0 <= limit }
}
