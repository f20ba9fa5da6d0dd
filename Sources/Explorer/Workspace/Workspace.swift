internal import Drawing
internal import Experiments
internal import Jobs
internal import Networks

/// What all screens share: what is opened, what was found about it, and the numbers of the header.
struct Workspace: Sendable {
  var viewport: Viewport
  var catalogue = Catalogue()
  /// What the header names: a model and images.
  var subject = OpenSubject()
  var openings = Openings()
  /// Models beside the open one.
  var others = OtherModels()
  /// Vectors of `.npy` files, by their paths.
  var arrays: [String: Availability<Basis>] = [:]
  var thumbnails = Thumbnails()
  var parameters = Parameters()
  /// What was asked for, and what has come of it.
  var work = Work()
  /// The first sentence of a report that is whole.
  var verdict: String?
  /// What a tour says now.
  var narration: Narration?
  /// Points a side that a section has at most, by what a pass costs; set once for a model, so that pictures stay the
  /// same.
  var chosenFineness: Int?
  var notice: Notice?
  /// What was typed at questions, the latest last.
  var typed: [Prompt.Kind: [String]] = [:]
  /// What did not go as asked, the latest last.
  var problems: [String] = []

  /// A sentence about what just happened.
  struct Notice: Hashable, Sendable {
    var text: String
    var isProblem = false
  }

  init(appearance: Appearance) { viewport = Viewport(appearance: appearance) }
}

/// What the terminal can show, and what it is asked to.
struct Viewport: Sendable {
  var appearance: Appearance
  var size = Size(rows: 24, columns: 80)
  /// What holds the link back, for the footer.
  var link = ""
  /// What the link has carried.
  var linkDetails = ""
  var isMouseOn = true
  /// What the terminal shows pictures with, whether they are on or not.
  var pixels: CellPixels?

  init(appearance: Appearance) {
    self.appearance = appearance
    pixels = appearance.pixels
  }
}

/// The models and sets that can be opened.
struct Catalogue: Sendable {
  var models: [ModelEntry] = []
  var sets: [SetEntry] = []
  /// Models and sets that were opened by a path that no list has, the latest first.
  var openedModels: [ModelEntry] = []
  var openedSets: [SetEntry] = []
  /// The set that is being fetched, or would be.
  var installing = Installing.none
}

/// What is being opened.
struct Openings: Sendable {
  /// The model and the images that were asked for.
  var pending: Set<Opening> = []
  /// Whether a model was opened and its images are still to come.
  var awaitsImages = false
  /// Until everything that the program begins with is there.
  var isStarting = true
  /// Models and sets that were opened so far, as messages told.
  var count = 0
  /// Digests of the models and sets that the session was told to hold.
  var held: Set<String> = []
}

extension Workspace {
  /// Whether something is still to come that was asked for to be opened.
  var isOpening: Bool {
    openings.isStarting || openings.awaitsImages || !openings.pending.isEmpty
      || others.states.values.contains(where: \.isAsked) || arrays.values.contains(where: \.isAsked)
  }

  mutating func say(_ text: String, problem: Bool = false) {
    notice = Notice(text: text, isProblem: problem)
    if problem, problems.last != text { problems = Array((problems + [text]).suffix(50)) }
  }
}

// MARK: - What analyses begin with

extension Workspace {
  /// The first of those that are learnt from, whose boundary points are averaged.
  var curvatureImages: Range<Int> { subject.training.prefix(parameters.curvature.points) }

  /// R_q on the first hundred images: enough to tell it within a few per cent.
  var noise: Question<NoiseTolerance>? {
    ask(
      NoiseTolerance(seed: parameters.seed),
      Selection(0..<min(subject.isSmall ? 100 : subject.mostLarge, subject.count)))
  }
}
