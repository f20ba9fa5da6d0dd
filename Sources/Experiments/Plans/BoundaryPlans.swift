internal import Geometry
public import Jobs
internal import Networks

extension Prediction {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    [.init("images", passes: extent.learnt)]
  }
}

extension Robustness {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let refined = refinement == .none ? 0.0 : Cost.refinement
    return [
      .init("boundary points", passes: extent.learnt * (Cost.boundary(classes: extent.classes) + refined))
    ]
  }
}

extension NoiseTolerance {
  /// A radius that grows from 1 to where it is found, and the bracket around it.
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    [.init("radii", passes: 13 * extent.learnt)]
  }
}

extension SectionMap {
  /// Cells, and the boundary line with some forty passes a place; before them what is not known of r and the direction.
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let image = extent.over(extent.selection.looked..<extent.selection.looked + 1)
    return image.stretches(of: Robustness()) + extent.stretches(of: along.directions) + [
      .init("cells", passes: Double(width * height) + 2 * Double(places) * 20)
    ]
  }
}

extension PointSpectrum {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let product = Cost.product(product)
    let image = extent.over(extent.selection.looked..<extent.selection.looked + 1)
    return image.stretches(of: Robustness()) + [
      method == .full
        ? .init("columns", passes: Double(extent.pixels) * product)
        : .init("operator products", passes: Double(probes * steps) * product)
    ]
  }
}
