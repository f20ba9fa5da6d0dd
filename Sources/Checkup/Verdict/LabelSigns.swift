internal import Experiments
internal import Geometry

// Signs that the labels give, and the logits behind them: no pass more than the prediction.
extension Evidence {
  /// Images of a class from which on something is said of it.
  static let fewest = 15

  var labelSigns: [Sign] {
    var signs: [Sign] = []
    if let judgement {
      signs.append(
        Sign(
          "preprocessing", rank: 0, found: judgement.isSuspect, value: judgement.best?.accuracy,
          threshold: judgement.given?.accuracy,
          evidence: judgement.sentence ?? "no other reading of the pixels is better beyond doubt",
          action: judgement.isSuspect
            ? "pass \(judgement.best?.options ?? "") and run the report again; every other number waits for that"
            : "",
          source: "paired comparison of readings, 2 standard errors; \(judgement.labelled) labelled images"))
    }
    if let confusion { signs += accuracySigns(confusion) + classSigns(confusion) }
    if let calibration { signs += [miscalibration(calibration), saturation(calibration)] }
    signs.append(probabilities)
    signs.append(twins)
    if let duplicates { signs.append(copies(duplicates)) }
    return signs
  }

  private func accuracySigns(_ confusion: Confusion) -> [Sign] {
    let accuracy = confusion.accuracy
    return [
      Sign(
        "low accuracy", rank: 2,
        found: accuracy.trials >= 50 && accuracy.interval.upperBound < (confusion.classes > 2 ? 0.5 : 0.6),
        value: accuracy.rate, threshold: confusion.classes > 2 ? 0.5 : 0.6,
        evidence: "\(percent(accuracy)) of \(accuracy.trials) images are labelled correctly",
        action: "look at pixels and class order first, then at the training",
        source: "more labels wrong than right, 95 % interval of Wilson"),
      smallSet(confusion),
    ]
  }

  /// Too few images to tell models apart by: what was not found may be there.
  private func smallSet(_ confusion: Confusion) -> Sign {
    let interval = confusion.accuracy.interval
    let width = interval.upperBound - interval.lowerBound
    let thin = (0..<confusion.classes).count { confusion.size(of: $0) < Self.fewest }
    return Sign(
      "small test set", rank: 6, found: confusion.accuracy.trials > 0 && width > 0.2, value: width,
      threshold: 0.2,
      evidence:
        "accuracy is known to lie between \(percent(interval.lowerBound)) and \(percent(interval.upperBound)) from "
        + "\(confusion.accuracy.trials) images; \(thin) of \(confusion.classes) classes have fewer than \(Self.fewest)",
      action: "give 200 images or more: what was not found here may still be there",
      source: "95 % interval of Wilson wider than 20 points")
  }

  private func classSigns(_ confusion: Confusion) -> [Sign] {
    let never = confusion.neverNamed(least: Self.fewest)
    let swapped = confusion.swapped(least: Self.fewest)
    let alike = confusion.alike(least: Self.fewest)
    func named(_ pairs: [(Int, Int)]) -> String {
      pairs.prefix(3).map { "\(className($0.0)) and \(className($0.1))" }.joined(separator: "; ")
    }
    let isReadable = confusion.accuracy.rate > 0.2
    return [
      Sign(
        "class never predicted", rank: 3, found: isReadable && !never.isEmpty, value: Double(never.count),
        threshold: 0,
        evidence: never.isEmpty
          ? "every class with \(Self.fewest) images or more is predicted"
          : "no image gets the label \(never.prefix(3).map(className).joined(separator: ", "))",
        action: "compare the order of the class names with the training's, and the last layer's bias",
        source: "at least \(Self.fewest) images of the class, and no image gets its label"),
      Sign(
        "swapped classes", rank: 1, found: !swapped.isEmpty, value: Double(swapped.count), threshold: 0,
        evidence: swapped.isEmpty
          ? "no two classes are swapped"
          : "the images of each get the other's label more often than their own: \(named(swapped))",
        action: "put the class names in the order of the training",
        source: "both right less often than by chance, 95 % interval"),
      Sign(
        "confused classes", rank: 3, found: !alike.isEmpty, value: Double(alike.count), threshold: 0,
        evidence: alike.isEmpty
          ? "no two classes are told apart only by chance"
          : "the label does not tell which of the two it is: \(named(alike))",
        action: "look at the labels of the two in the training set: they may be mixed up",
        source: "P(b | b) − P(b | a) below 0.35 by its 95 % interval, other classes above one half"),
    ]
  }

  private func miscalibration(_ c: Calibration) -> Sign {
    let isMuch = c.error > 0.12 && c.error > c.chance
    return Sign(
      "miscalibration", rank: 5, found: c.count >= 100 && isMuch, value: c.error,
      threshold: max(0.12, c.chance),
      evidence:
        "expected calibration error \(short(c.error)) (chance \(short(c.chance))): on average \(c.excess >= 0 ? "overconfident" : "underconfident") by \(short(abs(c.excess)))",
      action: "divide the logits by \(short(c.temperature)), and look for "
        + (c.excess >= 0 ? "overfitting" : "noise in the training labels or too little training"),
      source: "Guo et al. 2017, 15 bins; above 0.12 and above the 95 % quantile of redrawn labels")
  }

  private func saturation(_ c: Calibration) -> Sign {
    Sign(
      "saturated logits", rank: 4, found: c.count >= 50 && c.temperature > 8, value: c.temperature,
      threshold: 8,
      evidence: "the likeliest temperature is \(short(c.temperature))",
      action:
        "take the logits before the scaling (or the temperature of a distillation): softmax and its gradient round to 0 and 1",
      source: "temperature by likelihood (Guo et al. 2017); Carlini and Wagner 2017 on distillation")
  }

  /// Outputs that are probabilities already, whose differences saturate.
  private var probabilities: Sign {
    let isShares =
      logits.count >= 10
      && logits.allSatisfy { row in
        row.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(row.reduce(0, +) - 1) < 1e-3
      }
    return Sign(
      "probabilities as logits", rank: 3, found: isShares,
      evidence:
        isShares ? "every output is between 0 and 1, and they sum to 1" : "the outputs are not probabilities",
      action: "export the model without its softmax",
      source: "AutoAttack's checks (Croce and Hein 2020)")
  }

  /// Two outputs that are the same on every image.
  private var twins: Sign {
    var pairs: [(Int, Int)] = []
    let classes = logits.first?.count ?? 0
    if logits.count >= 20, classes > 2, classes <= 1000 {
      let sums = (0..<classes).map { k in logits.reduce(0.0) { $0 + Double($1[k]) * Double($1[k]) } }
      for a in 0..<classes {
        for b in a + 1..<classes where abs(sums[a] - sums[b]) <= 1e-4 * max(sums[a], 1e-12) {
          let scale = (logits.map { abs($0[a]) }.max() ?? 0) * 1e-5
          if logits.allSatisfy({ abs($0[a] - $0[b]) <= max(scale, 1e-6) }) { pairs.append((a, b)) }
        }
      }
    }
    return Sign(
      "duplicate classes", rank: 3, found: !pairs.isEmpty, value: Double(pairs.count), threshold: 0,
      evidence: pairs.isEmpty
        ? "no two outputs are the same"
        : "the outputs of \(className(pairs[0].0)) and \(className(pairs[0].1)) are the same on every image",
      action: "look at the last layer's rows and at what the class list was joined from",
      source: "equal to 1e-5 of their size on \(logits.count) images")
  }

  private func copies(_ duplicates: Duplicates) -> Sign {
    let share = Double(duplicates.copies) / Double(max(1, duplicates.count))
    return Sign(
      "near-duplicate images", rank: 6, found: duplicates.copies >= 3 && share > 0.01,
      value: Double(duplicates.copies), threshold: 0.01 * Double(duplicates.count),
      evidence: duplicates.pairs.isEmpty
        ? "no two of \(duplicates.count) images are nearly the same"
        : "\(duplicates.copies) of \(duplicates.count) images are nearly the same as one before them, such as "
          + "\(duplicates.pairs[0][0]) and \(duplicates.pairs[0][1])",
      action: "remove copies: they make intervals too narrow, and may be in the training set too",
      source: "root mean square difference at most 2/255, more than 1 % of the images")
  }
}
