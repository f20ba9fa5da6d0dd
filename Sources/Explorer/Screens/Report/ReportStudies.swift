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
  let sections: [Question<SectionMap>]
  let spectrum: Question<PointSpectrum>?
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
      rest?.request, spectrum?.request, curvature?.request, shared?.request, bending?.request,
    ]
    // Planes are what one looks at: they come as soon as the vector that they run along is known.
    let cut = all.firstIndex { $0 == random?.request }.map { $0 + 1 } ?? all.count
    return (all[..<cut] + sections.map(\.request) + all[cut...]).compactMap { $0 }
  }

  /// What a part of the page comes of.
  func requests(_ topic: ReportPage.Topic) -> [Request] {
    let own: [Request?] =
      switch topic {
      case .labels: [labels?.request]
      case .distance: [firstDistances?.request, distances?.request]
      case .vectors: [even?.request, random?.request, shared?.request]
      case .sections: sections.map(\.request)
      case .curvature: [curvature?.request, bending?.request, spectrum?.request]
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
    var examination = Examination(seconds: 60)
    (examination.seed, examination.radius) = (parameters.seed, parameters.radius)
    return ExaminationPlan(examination, of: subject.count, multiplyAdds: model.multiplyAdds)
  }

  var report: ReportQuestions? { examinationPlan.map { ReportQuestions($0, self) } }

  /// What the first screen says of it: its verdict, or what it would be, with its price; nil where there can be none.
  var reportOffer: String? {
    guard let requests = report?.requests else { return nil }
    let title = "the verdict on this model"
    let isUnderWay = requests.contains { request in
      work.isPending(request) && request.study.map { type(of: $0).screen == .report } ?? false
    }
    if isUnderWay { return title + ", in progress" }
    return price(of: requests).map { title + ", " + $0 } ?? verdict ?? title
  }
}

// MARK: - What it asks

extension ReportQuestions {
  /// With ξ of the header.
  init(_ plan: ExaminationPlan, _ workspace: Workspace) {
    let all = Selection(0..<plan.count)
    self.plan = plan
    labels = workspace.ask(Prediction(includesLogits: true), all)
    judgement = workspace.judgement
    copies = workspace.ask(NearDuplicates(), all)
    activity = plan.size(of: .channels).flatMap {
      workspace.ask(Activity(), Selection(0..<min($0, plan.count)))
    }
    let (few, most) = (plan.firstDistances, plan.judged(for: .distances))
    (firstDistances, distances) = (workspace.distances(few, plan), workspace.distances(most, plan))
    alterations = workspace.alterations(plan, covering: workspace.work.findings[activity]?.strongest)
    outliers = plan.judged(for: .outliers).flatMap {
      workspace.ask(Outliers(seed: plan.examination.seed), Selection($0))
    }
    noise = workspace.noise
    (even, random) = workspace.vectors(plan)
    (curvature, shared, bending) = workspace.bending(plan)
    let middle = workspace.middle(firstDistances ?? distances, plan)
    sections = middle.map { workspace.sections($0, plan) } ?? []
    spectrum = middle.flatMap { workspace.spectrum($0, plan) }
  }
}

/// The image at the median distance, and how far its boundary is.
struct MiddleImage: Hashable {
  let image: Int
  let norm: Double
}

extension Workspace {
  fileprivate func distances(_ images: Range<Int>?, _ plan: ExaminationPlan) -> Question<Masking>? {
    images.flatMap { ask(Masking(seed: plan.examination.seed), Selection($0)) }
  }

  fileprivate func alterations(
    _ plan: ExaminationPlan, covering pixel: [Int]?
  ) -> Question<Alterations>? {
    plan.changes.flatMap { part in
      plan.judged(for: part).flatMap {
        ask(plan.examination.alterations(part, covering: pixel), Selection($0))
      }
    }
  }

  /// A vector at several norms, learnt from these images.
  private func curve(
    _ directions: Directions, from images: Range<Int>, _ plan: ExaminationPlan
  ) -> Question<FoolingByNorm>? {
    plan.judged(for: .rates).flatMap {
      ask(
        plan.examination.curve(of: Direction(directions), radius: parameters.radius),
        Selection(images, validation: $0))
    }
  }

  fileprivate func vectors(
    _ plan: ExaminationPlan
  ) -> (even: Question<FoolingByNorm>?, random: Question<FoolingByNorm>?) {
    guard let images = plan.learnt(for: .universal) else { return (nil, nil) }
    let even = plan.examination.even(radius: parameters.radius, images: images.count)
    return (
      curve(.universal(even), from: images, plan),
      curve(.random(seed: plan.examination.seed), from: images, plan)
    )
  }

  /// Of the first distances: others that come later move no picture that stands already.
  func middle(_ distances: Question<Masking>?, _ plan: ExaminationPlan) -> MiddleImage? {
    guard let found = work.findings[distances]?.middle else { return nil }
    return MiddleImage(image: plan.judged.lowerBound + found.index, norm: found.norm)
  }

  fileprivate func sections(_ middle: MiddleImage, _ plan: ExaminationPlan) -> [Question<SectionMap>] {
    guard let count = plan.size(of: .sections), let images = plan.learnt(for: .universal) else { return [] }
    let even = plan.examination.even(radius: parameters.radius, images: images.count)
    return [Directions.universal(even), .random(seed: plan.examination.seed)].compactMap { directions in
      ask(
        plan.examination.section(
          along: Direction(directions), norm: middle.norm, radius: parameters.radius, count: count),
        Selection(images, image: middle.image))
    }
  }

  fileprivate func spectrum(_ middle: MiddleImage, _ plan: ExaminationPlan) -> Question<PointSpectrum>? {
    guard plan.size(of: .spectrum) != nil else { return nil }
    return ask(plan.examination.spectrum, Selection(image: middle.image))
  }

  fileprivate func bending(
    _ plan: ExaminationPlan
  ) -> (Question<SharedCurvature>?, Question<FoolingByNorm>?, Question<SubspaceShape>?) {
    guard let images = plan.learnt(for: .curvature) else { return (nil, nil, nil) }
    let shared = plan.examination.curvature(radius: parameters.radius, points: images.count)
    let shape = plan.examination.bending(along: .curvature(shared), radius: parameters.radius)
    return (
      ask(shared, Selection(images)), curve(.curvature(shared), from: images, plan),
      plan.judged(for: .bending).flatMap { ask(shape, Selection(images, validation: $0)) }
    )
  }
}

// MARK: - In words

extension NearDuplicates: Study {
  static var screen: ScreenName { .report }
  static var isSmall: Bool { true }

  func title(_ selection: Selection) -> String { "duplicate images" }
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
