internal import Drawing
internal import Experiments
internal import Jobs
internal import Networks

/// What all screens share: what is opened, what was found about it, and the numbers of the header.
struct Workspace: Sendable {
  var appearance: Appearance
  var size = Size(rows: 24, columns: 80)
  var models: [ModelEntry] = []
  var sets: [SetEntry] = []
  var model: OpenedModel?
  var images: OpenedImages?
  /// Models that are looked at beside the open one, the latest last.
  var comparedModels: [ComparedModel] = []
  /// What is being opened, as people call it.
  var opening: Set<String> = []
  /// The set that is being fetched.
  var installation: Installation?
  /// The set that the next Enter fetches.
  var offeredInstallation: String?
  /// Whether a model was opened and its images are still to come.
  var awaitsImages = false
  /// Until everything that the program begins with is there.
  var isStarting = true
  /// What a tour says now.
  var narration: Narration?
  var thumbnails: [Int: Thumbnail] = [:]
  /// The image that all screens look at.
  var image = 0
  var parameters = Parameters()
  /// How S_c is found.
  var curvature = SharedCurvature(product: .secant(step: 3))
  var findings = Findings()
  var jobs: [JobRecord] = []
  /// Sent, but not yet known under a number; whether a person asked for it.
  var sent: [Request: Bool] = [:]
  var notice: Notice?
  /// What holds the link back, for the footer; and what it has carried.
  var link = ""
  var linkDetails = ""
  var isMouseOn = true
  /// The screen to go to next, where a screen asks for another one.
  var destination: ScreenName?
  /// The direction to show in a section, where a screen asks for one.
  var wantedDirection: Direction?
  /// The line of text to ask for next.
  var question: Prompt?

  /// A sentence about what just happened.
  struct Notice: Hashable, Sendable {
    var text: String
    var isProblem = false
  }

  init(appearance: Appearance) { self.appearance = appearance }
}

extension Workspace {
  /// Names of the model's classes; those of the images where the model has none.
  var classNames: [String] {
    if let names = model?.classNames, !names.isEmpty { return names }
    guard let images, let model, images.classNames.count == model.classCount else { return [] }
    return images.classNames
  }

  func className(_ k: Int) -> String { classNames.indices.contains(k) ? classNames[k] : "class \(k)" }

  /// Whether a model and at least one image are open.
  var isReady: Bool { model != nil && (images?.count ?? 0) > 0 }

  var imageCount: Int { images?.count ?? 0 }

  /// The request that asks for an analysis of what is open; nil while nothing is.
  func request(_ analysis: Analysis) -> Request? {
    guard let model, let images, images.count > 0 else { return nil }
    return Request(analysis, model: model.digest, images: images.digest)
  }

  mutating func say(_ text: String, problem: Bool = false) {
    notice = Notice(text: text, isProblem: problem)
  }
}

extension Workspace {
  mutating func keep(_ pictures: [Int: Thumbnail]) {
    thumbnails.merge(pictures.filter { $0.key >= 0 && $0.key < imageCount }) { $1 }
    // A thousand pictures of 32×32 are 3 MB; those farthest from what is looked at go first.
    guard thumbnails.count > 1000 else { return }
    let kept = thumbnails.keys.sorted { abs($0 - image) < abs($1 - image) }.prefix(600)
    thumbnails = thumbnails.filter { kept.contains($0.key) }
  }
}

// MARK: Images that analyses learn from and are judged on

extension Workspace {
  /// Elements of an image; a guess of 32×32 RGB while nothing is open.
  var pixels: Int { model.map { $0.inputShape.reduce(1) { $0 * max(1, $1) } } ?? 3072 }

  /// Whether an analysis of a thousand images is a matter of seconds to a minute.
  var isSmall: Bool { pixels <= 4096 }

  /// The first half of the images: 1,000 at most, as few as 100 where images are large.
  var training: Range<Int> { 0..<min(isSmall ? 1000 : 100, max(min(1, imageCount), imageCount / 2)) }

  /// Images after those of ``training``: 500 tell a rate to 0.04, and a curve of 100 draws in half a minute.
  var validation: Range<Int> {
    let start = training.upperBound
    return start..<min(imageCount, start + (isSmall ? 500 : 100))
  }

  /// The n first images, whose boundary points are averaged.
  var curvatureImages: Range<Int> { 0..<min(curvature.points, imageCount) }

  var universal: UniversalFooling {
    UniversalFooling(method: .uap, radius: parameters.radius, seed: parameters.seed)
  }

  /// How a direction is learnt; nil for those that need not be.
  func learning(_ direction: Direction) -> Learning? {
    switch direction {
    case .universal: .universal(universal, training: training, validation: validation)
    case .curvature: .curvature(tellingCurvature, images: curvatureImages)
    case .normals: .normals(NormalSpectrum(), images: training)
    case .random, .file, .image: nil
    }
  }

  /// The recipe of S_c with h and the seed of the header.
  var sharedCurvature: SharedCurvature {
    var parameters = curvature
    if case .secant = parameters.product {
      parameters.product = .secant(step: Float(self.parameters.step))
    } else {
      parameters.ascent = 0
    }
    parameters.seed = self.parameters.seed
    return parameters
  }

  /// R_q on the first hundred images: enough to tell it within a few per cent.
  var noise: Request? {
    request(.noise(NoiseTolerance(seed: parameters.seed), images: 0..<min(100, imageCount)))
  }
}
