internal import Geometry
public import Jobs
internal import Networks

extension NormalSpectrum {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    extent.stretches(of: Robustness(settings: settings))
  }
}

extension SharedCurvature {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let isVaried = augmentation != .none
    let used = extent.over(isVaried ? 0..<points : extent.selection.images.prefix(points))
    let found =
      if recipe.target != nil { [JobPlan.Stretch]() } else if isVaried {
        Robustness().stretches(on: used)
      } else {
        used.stretches(of: Robustness())
      }
    let steps = min(iterations, extent.pixels)
    let products = plan(steps).products + ascentProducts(steps)
    return found + [
      .init("operator products", passes: Double(products) * used.learnt * Cost.product(product))
    ]
  }
}

extension CurvatureScan {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    candidates.enumerated().flatMap { i, candidate in
      let all = extent.over(extent.selection.images.prefix(candidate.points)).stretches(of: candidate)
      // The boundary points of the first are those of the others.
      return (i == 0 || isOverTargets ? all : all.filter { $0.phase != "boundary points" }) + [
        .init("recipes", passes: 2 * extent.learnt + 3 * extent.judged)
      ]
    }
  }
}

extension UniversalFooling {
  /// Passes over the images: an image that is not fooled yet costs a search, the others one forward pass.
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let (n, judged) = (extent.learnt, extent.selection.validation == nil ? 0 : extent.judged)
    switch method {
    case .uap:
      return (0..<passes).map { pass in
        let unfooled = pass == 0 ? 0.7 : 0.4
        return .init(
          Self.phase(pass: pass, of: passes),
          passes: n * (2 + unfooled * Cost.boundary(classes: extent.classes)) + judged)
      }
    case .gradient, .logistic, .even:
      let sides = method == .even ? 2.0 : 1
      let all = gradients.map(Double.init) ?? Double(passes) * n * sides
      let labels = augmentation == .none ? 0 : all / sides
      return [
        .init("steps", passes: all * Cost.gradient + labels + Double(passes) * (n + judged) + n + 4 * judged)
      ]
    case .curvature:
      return extent.stretches(of: .curvature(curvature ?? SharedCurvature(product: .secant(step: 1))))
    case .normals: return extent.stretches(of: .normals(NormalSpectrum()))
    case .random: return []
    case .singular: return [.init("power steps", passes: 5 * 30 * min(64, n) * 2)]
    }
  }

  /// What counts the images of a pass.
  static func phase(pass: Int, of passes: Int) -> String { "images, pass \(pass + 1) of at most \(passes)" }
}

extension Diversity {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    switch source {
    case .seeds(let universal):
      (0..<count).flatMap { _ in
        extent.stretches(of: universal) + [.init("perturbations", passes: extent.judged)]
      }
    case .draws(let directions, _, _):
      extent.stretches(of: directions) + [.init("perturbations", passes: Double(count) * extent.judged)]
    }
  }
}
