public import Experiments
public import Jobs
public import Networks
internal import Tensors

/// Which rectified channels never let anything through, and which inputs never matter.
///
/// A channel is dead where its rectifier is 0 at every place of every image; an input where the gradients of all logits'
/// region margin are 0 there on every image. Cost: 1.5 forward passes an image; a gradient for each of the first
/// ``gradients``.
public struct Activity: Experiment {
  public static let name = "activity"
  public static let version = 1

  /// Images whose gradients are taken.
  public var gradients: Int

  public init(gradients: Int = 64) { self.gradients = gradients }

  /// What was found of rectified channels, and of gradients.
  public struct Outcome: StoredOutcome {
    public var count: Int
    /// The peaks of each rectifier with slope 0 over all images, in the order of the graph.
    public var channels: [ChannelPeaks]
    /// Images whose gradients were taken, the first of the set.
    public var gradients: Int
    /// The share of ‖∇G‖² that each channel of the image holds, mean over the images.
    public var inputs: [Double]
    /// Elements of the image whose gradient is 0 on all of them, as a share.
    public var deadInputs: Double
    /// The largest share of ‖∇G‖² in one pixel, its channels together: median over the images.
    public var concentration: Double
    /// Row and column of the pixel that holds most of ‖∇G‖² over all images; nil where there is no gradient.
    @OrNull public var strongest: [Int]?
    /// Images whose gradient is 0 everywhere, and those where it is not finite.
    public var zeroGradients: Int
    /// Images with a gradient that is not finite; no share counts them.
    public var brokenGradients: Int

    /// Rectified channels of all nodes together, single units among them.
    public var rectified: Int { channels.reduce(0) { $0 + $1.peaks.count } }
    /// Rectified channels that are 0 at every place of every image.
    public var dead: Int { channels.reduce(0) { $0 + $1.dead } }
  }

  public func stretches(on extent: Extent) -> [JobPlan.Stretch] {
    let count = Double(extent.selection.images.count)
    return [.init("activity", passes: 1.5 * count + 2.2 * min(count, Double(gradients)))]
  }

  public func run(on subject: Subject, _ context: ExperimentContext<Outcome>) throws -> Outcome {
    let network = try subject.boundaryNetwork(interruptibleBy: context.interruption)
    let images = subject.images.images
    try context.report(Progress(completed: 0, total: 2, phase: "activity"))
    let channels = try network.channelPeaks(at: images)
    let few = images[0..<min(gradients, images.count)]
    let found = try network.gradients(of: Margin.region(own: try network.labels(few)), at: few)
    var outcome = Outcome(
      count: images.count, channels: channels, gradients: few.count, inputs: [], deadInputs: 0,
      concentration: 0,
      zeroGradients: 0, brokenGradients: 0)
    outcome.take(found.gradients)
    return outcome
  }
}

extension Activity.Outcome {
  fileprivate mutating func take(_ gradients: Tensor) {
    let (channels, size) = (gradients.shape[1], gradients.entryCount)
    let area = size / max(1, channels)
    var (largest, sum) = ([Double](), [Double](repeating: 0, count: area))
    var (energy, seen) = ([Double](repeating: 0, count: channels), [Bool](repeating: false, count: size))
    for n in 0..<gradients.count {
      let g = Array(gradients.entryElements(n))
      guard g.allSatisfy(\.isFinite) else {
        brokenGradients += 1
        continue
      }
      let total = g.reduce(0.0) { $0 + Double($1) * Double($1) }
      guard total > 0 else {
        zeroGradients += 1
        continue
      }
      var places = [Double](repeating: 0, count: area)
      for i in 0..<size where g[i] != 0 {
        places[i % area] += Double(g[i]) * Double(g[i]) / total
        seen[i] = true
        energy[i / area] += Double(g[i]) * Double(g[i]) / total
      }
      largest.append(places.max() ?? 0)
      for i in 0..<area { sum[i] += places[i] }
    }
    let count = Double(max(1, gradients.count - zeroGradients - brokenGradients))
    let columns = gradients.shape[3]
    strongest =
      largest.isEmpty ? nil : sum.indices.max { sum[$0] < sum[$1] }.map { [$0 / columns, $0 % columns] }
    concentration = largest.isEmpty ? 0 : largest.sorted()[largest.count / 2]
    inputs = energy.map { $0 / count }
    deadInputs = Double(seen.filter { !$0 }.count) / Double(max(1, size))
  }
}
