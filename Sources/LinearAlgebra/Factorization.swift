/// What k steps of the Lanczos iteration know of an operator: a tridiagonal matrix T and what is left over.
public struct Factorization: Sendable, Equatable, Codable {
  /// α from 1 to k.
  public private(set) var diagonal: [Double] = []
  /// β from 1 to k − 1.
  public private(set) var offDiagonal: [Double] = []
  /// β_k: the norm of what A·q_k has outside the space spanned so far.
  public private(set) var residual: Double = 0

  /// k: products taken.
  public var count: Int { diagonal.count }

  mutating func append(diagonal alpha: Double, residual beta: Double) {
    if !diagonal.isEmpty { offDiagonal.append(residual) }
    diagonal.append(alpha)
    residual = beta
  }

  /// The largest number met: what rounding errors are relative to.
  var scale: Double { (diagonal + offDiagonal).reduce(abs(residual)) { max($0, abs($1)) } }

  var eigensystem: SymmetricEigensystem {
    let k = count
    var t = [Double](repeating: 0, count: k * k)
    for i in 0..<k { t[i * k + i] = diagonal[i] }
    for i in offDiagonal.indices {
      t[i * k + i + 1] = offDiagonal[i]
      t[(i + 1) * k + i] = offDiagonal[i]
    }
    return SymmetricEigensystem(t, order: k)
  }

  /// The `count` largest eigenvalues of T, descending by sign and size, with how far each may be off.
  public func ritz(_ count: Int) -> [RitzValue] {
    let system = eigensystem
    return (0..<min(count, self.count)).map { i in
      RitzValue(value: system.values[i], residual: residual * abs(system.vectors[(i + 1) * self.count - 1]))
    }
  }
}

/// An approximate eigenvalue.
public struct RitzValue: Sendable, Equatable, Codable {
  public let value: Double
  /// |β_k s_k|: ‖A·v − θ·v‖ where A is linear; for secant operators only an estimate, and often far too small.
  public let residual: Double
}
