/// A direction of image space by where it comes from; the session finds the vector, or computes it.
public enum Direction: Hashable, Sendable {
  /// The universal perturbation of the published algorithm.
  case universal
  /// Eigenvector i of the averaged curvature, counted from 0.
  case curvature(Int)
  /// Left singular vector i of the boundary normals, counted from 0.
  case normals(Int)
  /// A direction uniform on the sphere, by its seed.
  case random(UInt64)
  /// A `.npy` file.
  case file(String)
  /// From this image to another one of the set.
  case image(Int)

  /// As the screen calls it.
  public var name: String {
    switch self {
    case .universal: "universal (UAP)"
    case .curvature(let i): "S_c \(i + 1)"
    case .normals(let i): "S_f \(i + 1)"
    case .random(let seed): "random \(seed)"
    case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
    case .image(let i): "towards image \(i)"
    }
  }

  /// As an axis is labelled.
  var shortName: String { self == .universal ? "UAP" : name }

  /// What it is, in one sentence.
  var explanation: String {
    switch self {
    case .universal: "the published algorithm's universal perturbation of norm ξ, one vector for all images"
    case .curvature(let i): "eigenvector \(i + 1) of the averaged curvature of the boundary"
    case .normals(let i): "left singular vector \(i + 1) of the unit boundary normals"
    case .random(let seed): "a direction uniform on the sphere, seed \(seed)"
    case .file(let path): "the vector in \(path)"
    case .image(let i): "from this image towards image \(i) of the set"
    }
  }
}
