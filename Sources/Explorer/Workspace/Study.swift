internal import Drawing
internal import Experiments
internal import Jobs
internal import Networks

// What the screens Universal, Transfer, Theory and second plots ask for.
extension Workspace {
  /// m of the curves and tables.
  static let dimensions = [1, 2, 5, 10, 20]

  func study(_ question: StudyRequest.Question) -> Request? {
    guard !validation.isEmpty else { return nil }
    return request(
      .study(StudyRequest(question, training: training, validation: validation, seed: parameters.seed)))
  }

  /// How S_c and S_f are learnt.
  var sharedLearning: Learning { .curvature(tellingCurvature, images: curvatureImages) }
  var normalLearning: Learning { .normals(NormalSpectrum(), images: training) }

  /// K_S on a part of the unseen images, which tells its mean; the command line takes more.
  func shape(_ curve: FoolingScreen.Curve) -> Request? {
    let source: SubspaceRequest.Source =
      switch curve {
      case .shared: .learnt(sharedLearning)
      case .normals: .learnt(normalLearning)
      case .random: .random(seed: parameters.seed)
      }
    guard !validation.isEmpty else { return nil }
    let some = validation.lowerBound..<min(validation.upperBound, validation.lowerBound + 200)
    let question = StudyRequest.Question.shape(
      source, dimensions: Self.dimensions, product: tellingCurvature.product, draws: 10)
    return request(
      .study(StudyRequest(question, training: training, validation: some, seed: parameters.seed)))
  }

  func flow(_ direction: Direction) -> Request? {
    study(.flow(direction, learning(direction), radius: parameters.radius))
  }

  var diversity: Request? {
    study(.diversity(sharedLearning, dimension: 10, radius: parameters.radius, count: 8))
  }

  var theorems: Request? {
    study(
      .theorems(
        normals: normalLearning, curvature: sharedLearning, dimensions: Self.dimensions,
        product: tellingCurvature.product))
  }

  var pointSpectrum: Request? {
    var spectrum = PointSpectrum(index: 0, method: .density, product: tellingCurvature.product)
    spectrum.seed = parameters.seed
    return study(.pointSpectrum(spectrum, image: image))
  }

  /// S_c's first direction against h in multiples of ξ, or against every target class where that is the recipe; the rates
  /// on some of the images that are learnt from tell which is best, the unseen ones judge it.
  var curvatureScan: Request? {
    guard !validation.isEmpty, let model else { return nil }
    var one = tellingCurvature
    (one.product, one.ascent) = (.secant(step: Float(parameters.step)), 0)
    (one.eigenvectors, one.iterations) = (10, 40)
    let scan =
      if one.recipe.target != nil {
        CurvatureScan.targets(0..<model.classCount, of: one, radius: parameters.radius)
      } else {
        CurvatureScan.steps(
          CurvatureScan.usualSteps.map { $0 * parameters.radius }, of: one, radius: parameters.radius)
      }
    let some = training.prefix(max(300, one.points))
    return request(
      .study(StudyRequest(.scan(scan), training: some, validation: validation, seed: parameters.seed)))
  }

  /// Works on with what an entry of a scan took: its h, or its target class.
  mutating func take(_ entry: CurvatureScan.Entry) {
    if let target = entry.recipe.target {
      curvature.recipe = entry.recipe
      say("S_c has the recipe of the authors, target \(className(target)).")
    } else if let step = entry.step {
      parameters.chosenStep = step
      say("h is \(Number.short(step)) px now.")
    }
  }

  /// The state of a request in a word or two.
  func state(_ request: Request?) -> String {
    guard let request else { return "–" }
    if findings.failures[request] != nil { return "failed" }
    guard let job = job(of: request) else { return isPending(request) ? "waiting" : "–" }
    return job.progress.map { $0.total > 0 ? Number.percent($0.fraction) + " done" : "running" } ?? "waiting"
  }
}

extension Canvas {
  /// What a panel says while there is nothing to show: what runs, why nothing came, or how to begin.
  mutating func waiting(
    for requests: [Request], idle: String, in area: Rectangle, _ workspace: Workspace
  ) {
    let text = Rectangle(
      row: area.row + max(0, area.rows / 4), column: area.column + 1, rows: area.rows * 3 / 4,
      columns: area.columns - 2)
    if let job = requests.lazy.compactMap({ workspace.job(of: $0) }).first {
      paragraph("Computing …", in: text, theme.muted)
      draw(
        JobGauge(job: job),
        in: Rectangle(row: text.row + 2, column: text.column, rows: 1, columns: text.columns))
    } else if let reason = requests.lazy.compactMap({ workspace.findings.failures[$0] }).first {
      paragraph(reason, in: text, theme.bad)
    } else {
      paragraph(idle, in: text, theme.muted)
    }
  }
}

extension Binding {
  /// Start and cancel for a screen that computes only when asked.
  static func work(_ requests: [Request], _ workspace: Workspace, _ title: String) -> [Binding] {
    var all: [Binding] = []
    if requests.contains(where: { workspace.findings[$0] == nil && !workspace.isPending($0) }) {
      all.append(Binding([.enter, .character("s")], "Enter", "start", .start, title))
    }
    if requests.contains(where: workspace.isPending) {
      all.append(Binding([.character("x")], "x", "cancel", .cancel, "Cancel what runs for this picture"))
    }
    return all
  }
}
