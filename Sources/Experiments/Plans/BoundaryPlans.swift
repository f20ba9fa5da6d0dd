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

// MARK: - What a network is sensitive to

extension FourierHeatMap {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    // Half of all frequencies, or of those up to the cutoff, of an image with three channels.
    let most = Double(extent.pixels) / 3
    let kept = Double((2 * min(cutoff, 10_000) + 1) * (2 * min(cutoff, 10_000) + 1))
    return [.init("frequencies", passes: min(most, kept) / 2 * extent.judged)]
  }
}

extension BandMargins {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let each = Cost.boundary(classes: extent.classes)
    return extent.over(extent.selection.judged).stretches(of: Robustness()) + [
      .init("images", passes: Double(count) * extent.judged * each)
    ]
  }
}

extension Linearity {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let gradients = Double(1 + settings.starts * (settings.steps + 1))
    return [.init("images", passes: extent.judged * (1 + gradients * Cost.gradient))]
  }
}

extension NoiseCertificate {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let draws = Double(smoothing.draws + smoothing.selection)
    let noise = persistence.map { 30 * Double($0.draws) * extent.judged } ?? 0
    return extent.over(extent.selection.judged).stretches(of: Robustness()) + [
      .init("draws", passes: draws * extent.judged), .init("images under noise", passes: noise),
    ]
  }
}

extension Persistence {
  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let noise = noise.map { 30 * Double($0.draws) * extent.judged } ?? 0
    return extent.stretches(of: along.directions) + [
      .init("images on their way", passes: Double(2 * steps + 50) * extent.judged),
      .init("images under noise", passes: noise),
    ]
  }
}
