internal import Networks
internal import Tensors

/// One image taken across its nearest boundary by DeepFool as the universal perturbation's code does it.
///
/// Linearised at the overshot point x + (1 + η)·r, so that one forward pass serves the stopping test and the
/// gradients, whose backward passes run on several threads. Source: LTS4/universal, deepfool.py.
struct Crossing: Sendable {
  /// The step (1 + η)·r that crosses.
  private(set) var perturbation: [Float]
  /// Linearisations used; the limit where the label did not change.
  private(set) var iterations = 0

  init(
    _ network: Network, at image: Tensor, label: Int, overshoot: Float, iterations limit: Int, candidates: Int
  ) throws {
    perturbation = [Float](repeating: 0, count: image.entryCount)
    var linearization = network.linearize(at: image)
    let rivals = linearization.logits.rivals(count: candidates)[0].filter { $0 != label }
    while iterations < limit {
      let step = try linearization.flatStep(from: label, to: rivals, network.interruption)
      add(1 + overshoot, step, to: &perturbation)
      iterations += 1
      linearization = network.linearize(at: image.addingToEach(1, perturbation))
      if linearization.logits.argmaxOfEntries[0] != label { break }
    }
  }
}

extension Linearization {
  /// The flat step of a tile of one image, a backward pass a candidate, on several threads.
  fileprivate func flatStep(
    from own: Int, to candidates: [Int], _ interruption: Interruption?
  ) throws -> [Float] {
    let pieces = min(candidates.count, Threads.count)
    let gradients = try parallel(over: pieces, interruption: interruption) { p in
      differences(
        from: [own], to: [candidates],
        ranks: p * candidates.count / pieces..<(p + 1) * candidates.count / pieces)
    }
    let rows = Tensor(concatenating: gradients)
    var step = FlatStep(size: rows.entryCount)
    for (j, other) in candidates.enumerated() {
      step.offer(difference: difference(0, from: own, to: other), gradient: rows.entryElements(j))
    }
    return step.step
  }
}
