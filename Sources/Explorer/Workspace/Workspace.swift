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
  /// Models beside the open one, by the path that they were asked for by.
  var others: [String: Availability<ComparedModel>] = [:]
  /// The paths of those that are compared with it, the latest last.
  var comparedPaths: [String] = []
  /// The path that was asked for in order to be compared; nil once it has come.
  var wantsToCompare: String?
  /// Digests of the models and sets that the session was told to hold.
  var held: Set<String> = []
  /// Models and sets that were opened so far, as messages told.
  var openedParts = 0
  /// Vectors of `.npy` files, by their paths.
  var arrays: [String: Availability<Basis>] = [:]
  /// The model and the images that are being opened.
  var opening: Set<Opening> = []
  /// The set that is being fetched, or would be.
  var installing = Installing.none
  /// Whether a model was opened and its images are still to come.
  var awaitsImages = false
  /// Until everything that the program begins with is there.
  var isStarting = true
  /// What a tour says now.
  var narration: Narration?
  var thumbnails = Thumbnails()
  /// The image that all screens look at.
  var image = 0
  var parameters = Parameters()
  /// How S_c is found.
  var curvature = SharedCurvature(product: .secant(step: 3))
  /// What was asked for, and what has come of it.
  var work = Work()
  var notice: Notice?
  /// What holds the link back, for the footer; and what it has carried.
  var link = ""
  var linkDetails = ""
  var isMouseOn = true

  /// A sentence about what just happened.
  struct Notice: Hashable, Sendable {
    var text: String
    var isProblem = false
  }

  init(appearance: Appearance) { self.appearance = appearance }
}

extension Workspace {
  /// Names of the model's classes; those of the images where they alone know them.
  var classNames: [String] {
    guard let model else { return [] }
    guard let images, images.classNames.count == model.classCount,
      model.classNames.isEmpty || model.namesAreGuessed
    else { return model.classNames }
    return images.classNames
  }

  func className(_ k: Int) -> String { classNames.indices.contains(k) ? classNames[k] : "class \(k)" }

  /// Whether a model and at least one image are open.
  var isReady: Bool { model != nil && (images?.count ?? 0) > 0 }

  var imageCount: Int { images?.count ?? 0 }

  /// Whether something is still to come that was asked for to be opened.
  var isOpening: Bool {
    isStarting || awaitsImages || !opening.isEmpty || others.values.contains(where: \.isAsked)
      || arrays.values.contains(where: \.isAsked)
  }

  mutating func say(_ text: String, problem: Bool = false) {
    notice = Notice(text: text, isProblem: problem)
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

  /// The first of those that are learnt from, whose boundary points are averaged.
  var curvatureImages: Range<Int> { training.prefix(curvature.points) }

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
  var noise: Question<NoiseTolerance>? {
    ask(NoiseTolerance(seed: parameters.seed), Selection(0..<min(100, imageCount)))
  }
}
