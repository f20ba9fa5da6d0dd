package import Drawing
package import Experiments

// Which look a direction has on every screen and in every figure.

extension SubspaceChoice {
  var style: CurveStyle {
    switch self {
    case .shared: .curvature
    case .normals: .normals
    case .random: .random
    }
  }
}

extension UniversalFooling.Method {
  /// nil for methods that no screen compares.
  package var style: CurveStyle? {
    switch self {
    case .uap: .universal
    case .curvature: .curvature
    case .normals: .normals
    case .random: .random
    case .gradient: .ascent
    case .even: .even
    case .logistic, .singular: nil
    }
  }
}
