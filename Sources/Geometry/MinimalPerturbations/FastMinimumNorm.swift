internal import Foundation
public import Networks
public import Tensors

/// Minimal perturbations by the fast minimum-norm attack in ℓ2: a second opinion that does not begin where DeepFool ends.
///
/// With G the region margin and g = ∇G/‖∇G‖ at x + δ, a step adapts the radius ε and then goes up the margin and back
/// onto the ball: δ ← Π_ε(δ + α·g). Until a δ beyond the boundary was seen ε is ‖δ‖ − G/‖∇G‖, the distance to first
/// order; then it is 1 − γ of itself, and no more than the shortest norm, where x + δ is beyond, and 1 + γ of itself
/// where it is not. α falls from 1 pixel unit to 0.01, γ from 0.05 to 0.001, as half cosines. The shortest δ is landed on
/// the boundary. Unlike as published, x + δ may leave [0, 1]: no other search of r keeps it there.
/// Cost for each image: a forward and a backward pass a step, some five forward passes to land. Memory: the images, three
/// times. Source: Pintor, Roli, Brendel, Biggio, Fast minimum-norm adversarial attacks, NeurIPS 2021, algorithm 1.
public struct FastMinimumNorm: Sendable {
  /// Gradients an image; the published 100 gain a hundredth more.
  public static let standardSteps = 50

  /// Steps done.
  public private(set) var done = 0
  /// Steps in all: gradients an image.
  public let steps: Int
  private let network: Network
  private let images: Tensor
  private let own: [Int]
  private var balls: [ShrinkingBall]

  /// Takes images N×C×H×W and the label of each.
  public init(_ network: Network, of images: Tensor, labels: [Int], steps: Int = standardSteps) {
    precondition(images.count == labels.count, "\(labels.count) labels for \(images.count) images")
    (self.network, self.images, self.steps) = (network, images, steps)
    own = labels
    balls = labels.map { _ in ShrinkingBall(size: images.entryCount) }
  }

  /// A step of all images; false once all are done.
  public mutating func advance() throws -> Bool {
    guard done < steps else { return false }
    let deltas = Tensor(shape: images.shape, elements: balls.flatMap(\.delta))
    let slopes = try RegionSlopes(network, of: images + deltas, own: own)
    let share = Double(done) / Double(steps)
    for i in balls.indices where slopes.isKnown[i] {
      balls[i].step(
        margin: Double(slopes.margins[i]), gradient: Array(slopes.gradients.entryElements(i)), share: share)
    }
    done += 1
    return true
  }

  /// ‖r‖ of each image on the boundary; nil where no other label was met.
  public func norms() throws -> [Double?] {
    var norms: [Double?] = balls.map { _ in nil }
    let met = balls.indices.filter { balls[$0].found != nil }
    guard !met.isEmpty else { return norms }
    let x = images.gathering(met)
    let landing = try Landing(
      network, from: x, along: Tensor(shape: x.shape, elements: met.flatMap { balls[$0].found! }),
      own: met.map { own[$0] }, isFooled: met.map { _ in true })
    let lengths = landing.perturbations.entryNorms
    for (n, i) in met.enumerated() where landing.isFooled[n] { norms[i] = lengths[n] }
    return norms
  }
}

/// Where the search of one image stands.
private struct ShrinkingBall: Sendable {
  private(set) var delta: [Float]
  /// The shortest δ seen beyond the boundary; nil before one was.
  private(set) var found: [Float]?
  private var shortest = Double.infinity
  private var radius = Double.infinity

  private static let (firstStep, lastStep) = (1.0, 0.01)
  private static let (firstRate, lastRate) = (0.05, 0.001)

  init(size: Int) { delta = [Float](repeating: 0, count: size) }

  /// Takes the margin and its gradient at x + δ, `share` of all steps being done.
  mutating func step(margin: Double, gradient: [Float], share: Double) {
    let (slope, length) = (Tensors.norm(gradient), Tensors.norm(delta))
    if margin >= 0, length < shortest { (shortest, found) = (length, delta) }
    guard slope > 0, slope.isFinite, margin.isFinite else { return }
    let fall = (1 + cos(.pi * share)) / 2
    let rate = Self.lastRate + (Self.firstRate - Self.lastRate) * fall
    let step = Self.lastStep + (Self.firstStep - Self.lastStep) * fall
    if margin >= 0 {
      radius = min(radius * (1 - rate), shortest)
    } else {
      radius = found == nil ? length - margin / slope : radius * (1 + rate)
    }
    add(Float(step / slope), gradient, to: &delta)
    let reached = Tensors.norm(delta)
    if reached > radius { delta = scaled(delta, by: Float(radius / reached)) }
  }
}
