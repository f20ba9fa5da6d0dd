internal import Networks
internal import Tensors

/// What of a vector's effect changes its sign with it, and what does not.
///
/// With the region margin G of k(x): even = ½(G(x + v) + G(x − v)) − G(x), which is what the boundary's bend gives, and
/// odd = ½(G(x + v) − G(x − v)), which is what its slope gives; G(x ± v) = G(x) + even ± odd. A linear network has no
/// even part but for a change of the rival; a quadratic margin has even = ½vᵀHv. In logit units. Cost: three forward
/// passes an image.
public struct OddEven: Sendable, Codable, Equatable {
  /// G(x), negative.
  public let margins: [Float]
  /// ½(G(x + v) + G(x − v)) − G(x) of every image.
  public let even: [Float]
  /// ½(G(x + v) − G(x − v)) of every image.
  public let odd: [Float]

  /// The parts of v, C×H×W, on the images of a test, with ‖v‖₂ scaled to `radius`; as it is where nil.
  public init(of v: [Float], radius: Double? = nil, on test: FoolingTest) throws {
    let v = FoolingTest.scaled(v, to: radius)
    let objective = Margin.region(own: test.labels)
    let clean = try test.network.values(of: objective, at: test.images)
    let ahead = try test.network.values(of: objective, at: test.images.addingToEach(1, v))
    let back = try test.network.values(of: objective, at: test.images.addingToEach(-1, v))
    margins = clean
    even = clean.indices.map { (ahead[$0] + back[$0]) / 2 - clean[$0] }
    odd = clean.indices.map { (ahead[$0] - back[$0]) / 2 }
  }

  /// The share of images whose margin each part alone would carry to the boundary, the odd one with either sign.
  public var alone: (even: Proportion, odd: Proportion) {
    let all = margins.count
    return (
      Proportion(margins.indices.count { margins[$0] + even[$0] > 0 }, of: all),
      Proportion(margins.indices.count { margins[$0] + abs(odd[$0]) > 0 }, of: all)
    )
  }
}
