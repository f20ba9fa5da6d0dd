internal import Experiments

/// A part of an examination: how much of the seconds it may take, and of how many images it says something.
public enum ExaminationPart: CaseIterable, Sendable {
  case channels, distances, corruptions, changes, outliers, noise, universal, rates, sections, spectrum,
    curvature,
    bending

  /// As people are told what did not fit.
  var title: String {
    switch self {
    case .channels: "channels"
    case .distances: "distances"
    case .corruptions: "corruptions"
    case .changes: "mirror, shift, border and grey"
    case .outliers: "outliers"
    case .noise: "noise"
    case .universal: "a universal perturbation"
    case .rates: "rates at four norms"
    case .sections: "two sections"
    case .spectrum: "the curvatures at a boundary point"
    case .curvature: "curvature"
    case .bending: "curvature of unseen images"
    }
  }

  /// Share of the seconds, forward passes an image, and the fewest and most images.
  private var terms: (share: Double, passes: Double, least: Int, most: Int) {
    switch self {
    case .channels: (0.08, 1.2, 16, 2000)
    case .distances: (0.28, 480, 8, 64)
    case .corruptions: (0.14, 45, 40, 500)
    case .changes: (0.14, 5, 20, 500)
    case .outliers: (0.04, 3, 20, 300)
    case .noise: (0.06, 13, 16, 300)
    case .universal: (0.1, 60, 16, 150)
    case .rates: (0.1, 39, 40, 400)
    // Not images, but eighty passes each of two pictures and their boundary lines.
    case .sections: (0.1, 80, 18, 50)
    case .spectrum: (0.07, 800, 1, 1)
    case .curvature: (0.14, 16 * 4.4 + 120, 10, 100)
    case .bending: (0.07, 140, 10, 100)
    }
  }

  /// Seconds of a pass, where it took so many for these images.
  func pace(seconds: Double, count: Int) -> Double { seconds / (terms.passes * Double(max(1, count))) }

  /// Images that its share of the seconds is enough for; nil where it is not for the fewest.
  ///
  /// `left` are the seconds that earlier parts have left over, where that is known, `pace` those of a forward pass of one
  /// image.
  func count(within seconds: Double, left: Double? = nil, pace: Double) -> Int? {
    let (share, passes, least, most) = terms
    if let left, left <= 0 { return nil }
    let allowed = max(share * seconds, 0.3 * (left ?? 0))
    let count = Int(min(1e6, allowed / max(1e-9, pace * passes)))
    return count >= least ? min(count, most) : nil
  }

  /// Points a side of two sections that so many times eighty passes are enough for.
  static func side(ofSections count: Int) -> Int { count >= 50 ? 33 : count >= 32 ? 25 : 17 }

  /// That it does not fit, and which `--seconds` have room for it.
  ///
  /// Where earlier parts took longer than they were thought to, more seconds are needed than were given, `spent`.
  func apology(pace: Double, spent: Double = 0) -> String {
    let (share, passes, least, _) = terms
    let needed = max(Double(least) * pace * passes / share, 1.25 * spent)
    return "\(title) (--seconds \(Int(min(1e9, needed).rounded(.up))) has room for it)"
  }
}

/// Which images each part of an examination looks at, where a pass takes what most machines take for it.
///
/// It follows from the number of images and the model's multiply-adds alone, so that another session asks for the very
/// outcomes that this one kept.
public struct ExaminationPlan: Hashable, Sendable {
  /// Whose seconds are shared out among the parts, and whose seed and radius these take.
  public let examination: Examination
  /// Images in all.
  public let count: Int
  /// Seconds of a forward pass of one image.
  private let pace: Double

  /// Takes as many of the images as a quarter of the seconds labels, 1,000 at most; nil where there are fewer than
  /// ``fewest``.
  public init?(_ examination: Examination, of images: Int, multiplyAdds: Int) {
    self.examination = examination
    pace = Double(multiplyAdds) * Activity.expectedPace
    let labelled = 0.25 * examination.seconds / max(1e-9, pace)
    count = min(images, max(Self.fewest, Int(min(1000, labelled))))
    if count < Self.fewest { return nil }
  }

  /// Half of them are judged on.
  public static let fewest = 20

  /// Those that directions are learnt from.
  public var learnt: Range<Int> { 0..<count / 2 }
  /// Those that rates, distances and changes are of.
  public var judged: Range<Int> { count / 2..<count }

  /// How many images a part takes; nil where it does not fit.
  public func size(of part: ExaminationPart) -> Int? {
    part.count(within: examination.seconds, pace: pace)
  }

  /// The first of the images learnt from, as many as a part takes; nil where it does not fit.
  public func learnt(for part: ExaminationPart) -> Range<Int>? { size(of: part).map { learnt.prefix($0) } }
  /// The first of the images judged on, as many as a part takes; nil where it does not fit.
  public func judged(for part: ExaminationPart) -> Range<Int>? { size(of: part).map { judged.prefix($0) } }

  /// A quarter of the images whose distances are measured, for a first look; nil where those are few enough.
  public var firstDistances: Range<Int>? {
    judged(for: .distances).flatMap { $0.count >= 32 ? $0.prefix($0.count / 4) : nil }
  }

  /// Whether corruptions fit, or changes without severities at least; nil where neither does.
  public var changes: ExaminationPart? {
    [.corruptions, .changes].first { size(of: $0) != nil }
  }

  /// What does not fit, each with how long it would take.
  public var skipped: [String] {
    var parts = ExaminationPart.allCases.filter { $0 != .changes && size(of: $0) == nil }
    if changes == nil { parts.append(.changes) }
    return parts.map { $0.apology(pace: pace) }
  }
}
