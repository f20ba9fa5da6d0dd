import Explorer
import Tensors

@testable import Checkup
@testable import Experiments

// What a report finds of the world: a sound classifier, but for corruptions that cost what they cost.
extension World {
  /// Nil for an experiment that is no part of a report.
  static func report(_ request: Request, isWhole: Bool) -> Finding? {
    let count = request.selection.judged.count
    switch request.experiment {
    case is NearDuplicates: return isWhole ? Finding(duplicates(count)) : nil
    case is Activity: return isWhole ? Finding(activity(count)) : nil
    case is Masking: return isWhole ? Finding(masking(request.selection.images)) : nil
    case let one as Alterations: return Finding(alterations(one, count, isWhole: isWhole))
    case is Outliers: return isWhole ? Finding(outliers(count)) : nil
    case let one as FoolingByNorm: return Finding(curve(one, count, isWhole: isWhole))
    default: return nil
    }
  }

  private static func duplicates(_ count: Int) -> Duplicates {
    var found = Duplicates(Tensor(zeros: [1, 1, 4, 4]))
    found.count = count
    return found
  }

  private static func activity(_ count: Int) -> Activity.Outcome {
    Activity.Outcome(
      count: count, channels: [], gradients: min(64, count), inputs: [0.3, 0.4, 0.3], deadInputs: 0,
      concentration: 0.02, strongest: [8, 8], zeroGradients: 0, brokenGradients: 0)
  }

  private static func masking(_ images: Range<Int>) -> Masking.Outcome {
    let each = images.map { i in
      Masking.Each(
        isFooled: true, deepfool: 1.2 * norm(i), refined: norm(i), fmn: (i % 3 == 0 ? 0.99 : 1.02) * norm(i),
        walk: i % 31 == 0 ? 0.97 * norm(i) : 3 * norm(i))
    }
    return Masking.Outcome(
      count: each.count, each: each, noise: 0.01, radius: 0.49, oneStep: 0.3, iterative: 0.5)
  }

  private static func alterations(_ one: Alterations, _ count: Int, isWhole: Bool) -> Alterations.Outcome {
    var outcome = Alterations.Outcome(count: count, labelled: count, accuracy: 0.86, effects: [])
    let single = ["mirror", "shift by 1 px", "border of 2 px", "grey", "strongest pixel covered"]
    for (i, name) in single.enumerated() {
      outcome.effects.append(effect(name, nil, loss: 0.02 * Double(i)))
    }
    let kinds = isWhole ? Alteration.Corruption.allCases : [.gaussianNoise, .shotNoise]
    for (i, kind) in kinds.enumerated() where one.includesCorruptions {
      for severity in 1...5 {
        outcome.effects.append(
          effect(kind.rawValue, severity, loss: 0.02 * Double(severity) * Double(i % 4 + 1)))
      }
    }
    return outcome
  }

  private static func effect(_ name: String, _ severity: Int?, loss: Double) -> Alterations.Effect {
    var effect = Alterations.Effect(name: name, severity: severity, changed: loss + 0.03)
    (effect.accuracy, effect.loss, effect.interval) = (0.86 - loss, loss, [loss - 0.03, loss + 0.03])
    return effect
  }

  private static func outliers(_ count: Int) -> Outliers.Outcome {
    Outliers.Outcome(
      count: count, confidence: 0.83,
      kinds: [
        .init(name: "noise", confidence: 0.6, auroc: 0.9, fpr95: 0.4),
        .init(name: "shuffled patches", confidence: 0.7, auroc: 0.8, fpr95: 0.6),
      ])
  }

  private static func curve(_ one: FoolingByNorm, _ count: Int, isWhole: Bool) -> FoolingByNorm.Outcome {
    let top =
      switch one.perturbation.directions {
      case .universal: 0.8
      case .curvature: 0.7
      default: 0.1
      }
    let radii = isWhole ? one.radii : Array(one.radii.prefix(2))
    let points = radii.map { radius in
      let rate = min(0.9, top * radius / 3)
      return FoolingByNorm.Point(
        radius: radius, rate: rate, interval: [max(0, rate - 0.05), rate + 0.05],
        opposite: max(0, rate - 0.02), ceiling: 0.91)
    }
    return FoolingByNorm.Outcome(count: count, points: points)
  }
}
