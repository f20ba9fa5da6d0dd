internal import Checkup
internal import Drawing
internal import Experiments

/// The questions that the report is made of.
struct ReportQuestions {
  let plan: ExaminationPlan
  let labels: Question<Prediction>?
  let judgement: Question<ReadingJudgement>?
  let copies: Question<NearDuplicates>?
  let activity: Question<Activity>?
  /// Of a few images, and of all that there is time for.
  let firstDistances: Question<Masking>?
  let distances: Question<Masking>?
  let alterations: Question<Alterations>?
  let outliers: Question<Outliers>?
  let noise: Question<NoiseTolerance>?
  let even: Question<FoolingByNorm>?
  let random: Question<FoolingByNorm>?
  let curvature: Question<SharedCurvature>?
  let shared: Question<FoolingByNorm>?
  let bending: Question<SubspaceShape>?

  /// In the order in which they are asked: what tells most for its time first, and of distances a few.
  var requests: [Request] {
    let first = firstDistances ?? distances
    let rest = firstDistances == nil ? nil : distances
    let all: [Request?] = [
      labels?.request, judgement?.request, activity?.request, first?.request, copies?.request,
      alterations?.request, outliers?.request, noise?.request, even?.request, random?.request,
      rest?.request, curvature?.request, shared?.request, bending?.request,
    ]
    return all.compactMap { $0 }
  }

  /// What a part of the page comes of.
  func requests(_ topic: ReportPage.Topic) -> [Request] {
    let own: [Request?] =
      switch topic {
      case .labels: [labels?.request]
      case .distance: [firstDistances?.request, distances?.request]
      case .vectors: [even?.request, random?.request, shared?.request]
      case .curvature: [curvature?.request, bending?.request]
      case .changes: [alterations?.request]
      case .outliers: [outliers?.request]
      case .checks: [labels?.request]
      }
    return own.compactMap { $0 }
  }
}

extension Workspace {
  /// Which images the parts of a report take; nil where nothing is open, or too few images are.
  var examinationPlan: ExaminationPlan? {
    guard let model = subject.model else { return nil }
    // The shares of the parts overlap, so that forty seconds of them make about a minute.
    var examination = Examination(seconds: 40)
    (examination.seed, examination.radius) = (parameters.seed, parameters.radius)
    return ExaminationPlan(examination, of: subject.count, multiplyAdds: model.multiplyAdds)
  }

  /// With ξ of the header.
  var report: ReportQuestions? {
    guard let plan = examinationPlan else { return nil }
    let (all, examination, radius) = (Selection(0..<plan.count), plan.examination, parameters.radius)
    let activity = plan.size(of: .channels).flatMap { ask(Activity(), Selection(0..<min($0, plan.count))) }
    let even = plan.learnt(for: .universal).map { images in
      (images, Directions.universal(examination.even(radius: radius, images: images.count)))
    }
    let shared = plan.learnt(for: .curvature).map { images in
      (images, examination.curvature(radius: radius, points: images.count))
    }
    let tried = plan.judged.prefix(Examination.tried)
    func curve(_ found: (Range<Int>, Directions)?) -> Question<FoolingByNorm>? {
      found.flatMap { images, directions in
        ask(
          examination.curve(of: Direction(directions), radius: radius),
          Selection(images, validation: tried))
      }
    }
    func distances(_ images: Range<Int>?) -> Question<Masking>? {
      images.flatMap { ask(Masking(seed: examination.seed), Selection($0)) }
    }
    return ReportQuestions(
      plan: plan, labels: ask(Prediction(includesLogits: true), all), judgement: judgement,
      copies: ask(NearDuplicates(), all), activity: activity, firstDistances: distances(plan.firstDistances),
      distances: distances(plan.judged(for: .distances)),
      alterations: alterations(plan, covering: work.findings[activity]?.strongest),
      outliers: plan.judged(for: .outliers).flatMap { ask(Outliers(seed: examination.seed), Selection($0)) },
      noise: noise, even: curve(even),
      random: even == nil ? nil : curve((tried, .random(seed: examination.seed))),
      curvature: shared.flatMap { ask($0.1, Selection($0.0)) },
      shared: curve(shared.map { ($0.0, .curvature($0.1)) }),
      bending: shared.flatMap { images, found in
        plan.judged(for: .bending).flatMap {
          ask(
            examination.bending(along: .curvature(found), radius: radius),
            Selection(images, validation: $0))
        }
      })
  }

  /// What the first screen says of it, with its price; nil where there can be none.
  var reportOffer: String? {
    guard let requests = report?.requests else { return nil }
    let title = "the verdict on this model"
    let isUnderWay = requests.contains { request in
      work.isPending(request) && request.study.map { type(of: $0).screen == .report } ?? false
    }
    if isUnderWay { return title + " is being found" }
    return title + (price(of: requests).map { ", " + $0 } ?? " is there")
  }

  private func alterations(_ plan: ExaminationPlan, covering pixel: [Int]?) -> Question<Alterations>? {
    plan.changes.flatMap { part in
      plan.judged(for: part).flatMap {
        ask(plan.examination.alterations(part, covering: pixel), Selection($0))
      }
    }
  }
}

// MARK: - In words

extension NearDuplicates: Study {
  static var screen: ScreenName { .report }
  static var isSmall: Bool { true }

  func title(_ selection: Selection) -> String { "copies of images" }
}

extension Activity: Study {
  static var screen: ScreenName { .report }

  func title(_ selection: Selection) -> String { "dead channels and inputs" }
}

extension Masking: Study {
  static var screen: ScreenName { .report }

  func title(_ selection: Selection) -> String { "distances to the boundary" }
}

extension Alterations: Study {
  static var screen: ScreenName { .report }

  func title(_ selection: Selection) -> String { includesCorruptions ? "corruptions" : "changes of images" }
}

extension Outliers: Study {
  static var screen: ScreenName { .report }

  func title(_ selection: Selection) -> String { "noise and shuffled patches" }
}

extension FoolingByNorm: Study {
  static var screen: ScreenName { .report }

  func title(_ selection: Selection) -> String { "\(perturbation.directions.name) at \(radii.count) norms" }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel { .go(to: .report) }
}
