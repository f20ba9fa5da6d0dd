public import LinearAlgebra
internal import Tensors

/// S_f: the directions that the minimal perturbations of many images share.
///
/// The matrix of r(x)/‖r(x)‖, one a column, has as many singular values as there are images; its left singular
/// vectors span S_f, the most important first. Cost: O(n²·d).
/// Source: Moosavi-Dezfooli et al., ICLR 2018, section 4.
public struct BoundaryNormals: Sendable, Codable {
  /// Descending; n values, whose squares sum to n.
  public let singularValues: [Double]
  /// Left singular vectors, as rows.
  public let subspace: Subspace
  /// n: fooled images.
  public let count: Int

  /// From those of the images that were fooled; keeps `vectors` singular vectors, all where nil.
  public init(of perturbations: MinimalPerturbations, vectors: Int? = nil) {
    let size = perturbations.perturbations.entryCount
    let fooled = perturbations.fooledIndices.filter { perturbations.norms[$0] > 0 }
    let rows = fooled.flatMap { n in
      perturbations.perturbations.entryElements(n).map { Double($0) / perturbations.norms[n] }
    }
    let decomposition = SingularValues(rows, rows: fooled.count, columns: size)
    let kept = min(vectors ?? .max, decomposition.values.count)
    count = fooled.count
    singularValues = decomposition.values
    subspace = Subspace(
      orthonormal: decomposition.rowSpace[..<(kept * size)].map(Float.init), dimension: size)
  }
}
