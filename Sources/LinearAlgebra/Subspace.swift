internal import COpenBLAS
internal import Glibc
public import Tensors

/// A linear subspace of ℝᵈ by an orthonormal basis.
public struct Subspace: Sendable, Equatable, Codable {
  /// Length d of its vectors.
  public let dimension: Int
  /// How many basis vectors: m.
  public let count: Int
  /// m×d, one basis vector a row.
  public let basis: [Float]

  /// The span of the rows of `basis`, m×d, which are orthonormal already.
  public init(orthonormal basis: [Float], dimension: Int) {
    precondition(
      dimension > 0 && basis.count % dimension == 0, "\(basis.count) elements in rows of \(dimension)")
    self.dimension = dimension
    self.basis = basis
    count = basis.count / dimension
  }

  /// The span of these vectors; those that depend on earlier ones, to one part in 10⁶, are dropped.
  public init(spanning vectors: [[Float]], dimension: Int) {
    let rows = vectors.flatMap { $0 }
    self.init(
      orthonormal: orthonormalRows(rows, rows: vectors.count, columns: dimension), dimension: dimension)
  }

  /// A uniformly random subspace.
  public static func random(count: Int, dimension: Int, using generator: inout SeededGenerator) -> Subspace {
    precondition(count <= dimension, "\(count) independent directions in \(dimension) dimensions")
    return Subspace(
      spanning: (0..<count).map { _ in generator.gaussianVector(dimension) }, dimension: dimension)
  }

  /// Basis vector i.
  public subscript(i: Int) -> [Float] { Array(basis[i * dimension..<(i + 1) * dimension]) }

  /// The span of the first m basis vectors.
  public func prefix(_ m: Int) -> Subspace {
    Subspace(orthonormal: Array(basis[..<(min(m, count) * dimension)]), dimension: dimension)
  }
}

// MARK: - Vectors

extension Subspace {
  /// U·v: the coordinates in the basis of the projection of v.
  public func coordinates(of v: [Float]) -> [Float] {
    precondition(v.count == dimension, "a vector of \(v.count) elements for a subspace of ℝ^\(dimension)")
    var coordinates = [Float](repeating: 0, count: count)
    guard count > 0 else { return coordinates }
    prepareKernels()
    cblas_sgemv(
      CblasRowMajor, CblasNoTrans, Int32(count), Int32(dimension), 1, basis, Int32(dimension), v, 1, 0,
      &coordinates, 1)
    return coordinates
  }

  /// Uᵀ·a: the vector with these coordinates.
  public func vector(at coordinates: [Float]) -> [Float] {
    precondition(coordinates.count == count, "\(coordinates.count) coordinates for \(count) basis vectors")
    var v = [Float](repeating: 0, count: dimension)
    guard count > 0 else { return v }
    prepareKernels()
    cblas_sgemv(
      CblasRowMajor, CblasTrans, Int32(count), Int32(dimension), 1, basis, Int32(dimension), coordinates, 1,
      0,
      &v, 1)
    return v
  }

  /// The nearest vector of the subspace.
  public func projection(of v: [Float]) -> [Float] { vector(at: coordinates(of: v)) }

  /// U·g/‖U·g‖ with normal g: a unit vector, uniform on the sphere of the subspace.
  public func draw(using generator: inout SeededGenerator) -> [Float] {
    precondition(count > 0, "a subspace of no dimensions has no directions")
    return vector(at: generator.unitVector(count))
  }
}

// MARK: - Principal angles

extension Subspace {
  /// Cosines of the principal angles to another subspace, descending: the singular values of U·Wᵀ, within [0, 1].
  public func cosines(to other: Subspace) -> [Double] {
    SingularValues(products(with: other), rows: count, columns: other.count).values.map { min(1, max(0, $0)) }
  }

  /// Principal angles in radians, ascending; small ones from their sines, which an arc cosine would lose.
  public func angles(to other: Subspace) -> [Double] {
    let (few, many) = count <= other.count ? (self, other) : (other, self)
    let cosines = few.cosines(to: many)
    let remainders = (0..<few.count).flatMap { i in
      let v = few[i]
      let p = many.projection(of: v)
      return zip(v, p).map { Double($0) - Double($1) }
    }
    let sines = SingularValues(remainders, rows: few.count, columns: dimension).values.reversed()
    return zip(cosines, sines).map { cosine, sine in
      cosine * cosine < 0.5 ? acos(cosine) : asin(min(1, sine))
    }
  }

  private func products(with other: Subspace) -> [Double] {
    precondition(dimension == other.dimension, "subspaces of ℝ^\(dimension) and ℝ^\(other.dimension)")
    let rows = (0..<other.count).map { other[$0] }
    return (0..<count).flatMap { i in
      let u = self[i]
      return rows.map { dot(u, $0) }
    }
  }
}
