internal import Drawing
internal import Experiments

// What is known about single images.
extension Workspace {
  /// Images are labelled in portions, so that a look at some of them does not cost all.
  static let portion = 32

  /// The question that labels an image and its neighbours.
  func classification(of image: Int) -> Question<Prediction>? {
    guard image >= 0, image < subject.count else { return nil }
    let start = image / Self.portion * Self.portion
    return ask(Prediction(), Selection(start..<min(subject.count, start + Self.portion)))
  }

  /// k(x) and the best classes with their probabilities; nil until they are known.
  func label(of image: Int) -> Prediction.Label? {
    guard let predictions = work.findings.known(classification(of: image))?.predictions else { return nil }
    let place = image % Self.portion
    let isWhole = predictions.count == min(Self.portion, subject.count - (image - place))
    // Those of images that cannot be read are missing.
    return isWhole ? predictions[place] : predictions.first { $0.index == place }
  }

  /// The question for r of an image.
  func robustness(of image: Int) -> Question<Robustness>? {
    image >= 0 && image < subject.count ? ask(Robustness(), Selection(image: image)) : nil
  }

  /// ‖r‖, its cosine with the normal and the label beyond; nil until known.
  func perturbation(of image: Int) -> Robustness.Each? {
    work.findings.known(robustness(of: image))?.each.first
  }

  /// ‖r‖ of the image that is looked at; 0 until another label is found.
  var planeNorm: Double {
    perturbation(of: subject.image).flatMap { $0.isFooled ? $0.norm : nil } ?? 0
  }

  /// How far a plane through it reaches: beyond the boundary point and the universal norm.
  var planeExtent: Double { max(3 * planeNorm, 1.25 * parameters.radius) }

  /// Whether the way to an image's boundary is known, or known not to be.
  func isAnchored(_ image: Int) -> Bool {
    guard let request = robustness(of: image)?.request else { return false }
    return work.findings[request] != nil || work.findings.failures[request] != nil
  }

  /// R_q and q; nil until measured, or where no norm reaches the share.
  var noiseNorm: (radius: Double, share: Double)? {
    guard let outcome = work.findings[noise], let radius = outcome.radius else { return nil }
    return (radius, outcome.share)
  }

  /// Whether ξ is settled: chosen, measured, impossible to measure, or, for a dear network, guessed.
  var isRadiusSettled: Bool {
    guard !parameters.isRadiusChosen, !isDear, let noise else { return true }
    return work.findings[noise] != nil || work.findings[failure: noise.request] != nil
  }

  /// Guesses ξ until the random-noise norm is known: what 3 is for 32×32 RGB, by the root of the pixels.
  mutating func guessRadius() {
    guard !parameters.isRadiusChosen, subject.model != nil else { return }
    parameters.radius = Number.rounded(3 * (Double(subject.pixels) / 3072).squareRoot(), digits: 2)
  }

  /// Lets ξ follow the random-noise norm: R_q/5, to two digits.
  mutating func followNoise() {
    guard !parameters.isRadiusChosen, !isDear, let norm = noiseNorm, norm.radius.isFinite, norm.radius > 0
    else {
      return
    }
    parameters.radius = Number.rounded(norm.radius / 5, digits: 2)
  }

  /// How ξ relates to the norm of random noise, to be put behind its value.
  var radiusRemark: String {
    guard let norm = noiseNorm else {
      return isRadiusSettled ? ", random-noise norm unknown" : ", measuring the random-noise norm"
    }
    let ratio = Number.fixed(parameters.radius / norm.radius, 2)
    return " = \(ratio) R; random directions of norm R = \(Number.short(norm.radius)) px change "
      + "\(Number.percent(norm.share)) of the labels"
  }
}

extension Number {
  /// To this many significant digits.
  static func rounded(_ value: Double, digits: Int) -> Double {
    guard value.isFinite, value != 0 else { return value }
    var unit = 1.0
    while abs(value) / unit >= 10 { unit *= 10 }
    while abs(value) / unit < 1 { unit /= 10 }
    for _ in 1..<max(1, digits) { unit /= 10 }
    let count = (value / unit).rounded()
    // Division by a whole number keeps 0.3 from becoming 0.30000000000000004.
    return unit < 1 ? count / (1 / unit).rounded() : count * unit
  }
}
