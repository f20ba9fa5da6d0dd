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

  /// Takes the network linearised at the image, where it has this label.
  init(
    _ first: Linearization, at image: Tensor, label: Int, overshoot: Float, iterations limit: Int,
    candidates count: Int
  ) throws {
    perturbation = [Float](repeating: 0, count: image.entryCount)
    var linearization = first
    let rivals = linearization.logits.rivals(count: count)[0].filter { $0 != label }
    var candidates = Candidates(own: label, classes: rivals)
    while iterations < limit {
      let search = try linearization.flatStep(candidates, size: image.entryCount)
      candidates = search.candidates
      add(1 + overshoot, search.nearest.step, to: &perturbation)
      iterations += 1
      linearization = first.network.linearize(at: image.addingToEach(1, perturbation))
      if linearization.logits.argmaxOfEntries[0] != label { break }
    }
  }
}

extension Linearization {
  /// The flat step of a tile of one image, a backward pass a candidate that has to be compared.
  fileprivate func flatStep(_ candidates: Candidates, size: Int) throws -> FlatStepSearch {
    var search = FlatStepSearch(candidates, logits: logits.entryElements(0), size: size)
    var portion = candidates.areNew ? candidates.classes.count : 2
    while portion > 0 {
      let next = search.next(portion)
      let classes = next.map { candidates.classes[$0] }
      try network.interruption?.check()
      let rows = differences(from: [candidates.own], to: [classes], ranks: classes.indices)
      for (j, candidate) in next.enumerated() { search.offer(candidate, rows.entryElements(j)) }
      portion = search.withinReach
    }
    return search
  }
}
