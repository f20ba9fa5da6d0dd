internal import Experiments
internal import Networks

// Signs that passes with changed images, gradients and searches give.
extension Evidence {
  var behaviourSigns: [Sign] {
    var signs = graphSigns + constancySigns
    // What else would be found says the same, in words that lead astray.
    if isConstant { return signs }
    if let activity { signs += activitySigns(activity) }
    if let masking { signs += maskingSigns(masking) }
    if let alterations { signs += alterationSigns(alterations) }
    return signs
  }

  private var graphSigns: [Sign] {
    [
      Sign(
        "training mode", rank: 1, found: isInTrainingMode,
        evidence: isInTrainingMode
          ? "batch normalisation or dropout is left in training mode; here it is switched off, elsewhere the other images of a batch change the labels"
          : "no operation is in training mode",
        action: "export after model.eval()",
        source: "the file's training_mode; batch normalisation (Ioffe and Szegedy 2015)"),
      Sign(
        "gradients through rounding", rank: 2, found: passesStraight,
        evidence: passesStraight
          ? "the model rounds or compares values: its own gradient is zero; the one shown passes straight through"
          : "no step stands between image and logits",
        action: "judge robustness on the model without the step as well: gradients say little behind one",
        source: "Athalye, Carlini, Wagner 2018: shattered gradients"),
    ]
  }

  /// Images that tell whether answers depend on the image at all.
  private static let fewestAnswers = 8

  /// Whether all images have the same logits, up to rounding.
  var isConstant: Bool {
    guard logits.count >= Self.fewestAnswers, let first = logits.first else { return false }
    return logits.allSatisfy { row in
      zip(row, first).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($1)) }
    }
  }

  private var constancySigns: [Sign] {
    guard logits.count >= Self.fewestAnswers else { return [] }
    return [
      Sign(
        "same answer to every image", rank: 0, found: isConstant,
        evidence: isConstant
          ? "all \(logits.count) images have the same logits: no boundary, distance or curvature exists"
          : "logits differ between images",
        action:
          "look for weights that are zero or not loaded, a multiplication by zero, or an input that nothing reads",
        source: "the logits themselves, equal up to rounding")
    ]
  }

  private func activitySigns(_ a: Activity.Outcome) -> [Sign] {
    let share = Double(a.dead) / Double(max(1, a.rectified))
    // Single units die in sound networks too: up to a third of a hidden layer was seen.
    func excess(_ layer: ChannelPeaks) -> Double {
      Double(layer.dead) / Double(layer.peaks.count) / (layer.isMap ? 0.25 : 0.5)
    }
    let worst = a.channels.filter { $0.peaks.count >= 8 }.max { excess($0) < excess($1) }
    let isMany = worst.map { excess($0) > 1 } ?? false
    let zero = a.zeroGradients + a.brokenGradients
    let blind = a.inputs.indices.filter { a.inputs[$0] < 1e-9 }
    return [
      Sign(
        "zero gradients", rank: 2, found: zero > 0, value: Double(zero), threshold: 0,
        evidence: "the margin's gradient is zero or not finite on \(zero) of \(a.gradients) images",
        action:
          "look for a saturated or non-differentiable front; searches along gradients say nothing there",
        source: "Pintor et al. 2022, indicator of zero gradients; AutoAttack's check"),
      Sign(
        "dead channels", rank: 4,
        found: a.count >= 200 && isMany, value: worst.map(excess),
        threshold: 1,
        evidence: "\(a.dead) of \(a.rectified) rectified channels are 0 on all \(a.count) images"
          + (worst.map {
            $0.dead > 0 && share > 0.01 ? ", \($0.dead) of \($0.peaks.count) in \($0.node)" : ""
          } ?? ""),
        action: "look at the learning rate and the initialisation of that layer, or prune it",
        source: "a quarter of a layer's maps, or half of its units, never active on \(a.count) images"),
      Sign(
        "dead input", rank: 3,
        found: a.gradients >= 16 && (!blind.isEmpty || a.deadInputs > 0.25), value: a.deadInputs,
        threshold: 0.25,
        evidence: blind.isEmpty
          ? "\(percent(a.deadInputs)) of the pixels have no gradient on any image"
          : "channel \(blind.map(String.init).joined(separator: ", ")) of the image has no gradient on any image",
        action: "look at what comes before the first layer",
        source: "gradients of \(a.gradients) images, all zero"),
    ]
  }

  private func maskingSigns(_ m: Masking.Outcome) -> [Sign] {
    let lost = m.count - m.reached
    var reasons: [String] = []
    if lost * 10 > m.count { reasons.append("no boundary was found from \(lost) of \(m.count) images") }
    if m.beaten * 20 > m.count, m.beaten > 1 {
      reasons.append("a search without gradients found shorter ways on \(m.beaten) of \(m.count) images")
    }
    if m.noise > 0.1 {
      reasons.append("random directions as long as r change \(percent(m.noise)) of the labels")
    }
    if m.oneStep > m.iterative + 0.1 {
      reasons.append(
        "one step changes \(percent(m.oneStep)) of the labels at the norm where the search changes \(percent(m.iterative))"
      )
    }
    return [
      Sign(
        "masked gradients", rank: 1, found: m.count >= 8 && !reasons.isEmpty, value: Double(m.beaten),
        threshold: 0,
        evidence: reasons.isEmpty
          ? "\(m.reached) of \(m.count) images reach a boundary, and a search without gradients is shorter on \(m.beaten)"
          : reasons.joined(separator: "; "),
        action:
          "do not take ‖r‖ for the distance to the boundary; look for saturation, rounding or noise in the model",
        source: "Carlini et al. 2019; Tramèr et al. 2020; Pintor et al. 2022")
    ]
  }

  private func alterationSigns(_ a: Alterations.Outcome) -> [Sign] {
    func sign(
      _ name: String, _ effect: String, limit: Double, _ what: String, _ action: String
    ) -> Sign? {
      guard let seen = a.effect(effect), let loss = seen.loss, let interval = seen.interval else {
        return nil
      }
      return Sign(
        name, rank: 4, found: interval[0] > limit, value: loss, threshold: limit,
        evidence:
          "\(what) costs \(points(loss)) of accuracy (95 %: \(points(interval[0])) to \(points(interval[1])))",
        action: action, source: "paired on \(a.labelled) images; above \(points(limit)) by the whole interval"
      )
    }
    return [
      sign(
        "border decides", "border of 2 px", limit: 0.15, "a blank border of 2 px",
        "look for frames, tags or padding in the training images that give the class away"),
      sign(
        "one pixel decides", "strongest pixel covered", limit: 0.03,
        "covering the pixel with the strongest gradient",
        "look for a mark in the training images that gives the class away"),
      sign(
        "colour decides", "grey", limit: 0.35, "taking the colours away",
        "look for a tint in the training images that goes with the class"),
      sign(
        "shift decides", "shift by 1 px", limit: 0.1, "moving the image by one pixel",
        "train with shifted images; look for a stride that skips pixels"),
    ].compactMap { $0 }
  }
}
