internal import Drawing
package import Experiments
internal import Explorer
package import Images
package import Laboratory
package import Networks
internal import Pages
package import Tensors

/// A training seen through its checkpoints: one plane through one image as the boundary in it moves, and what is measured of
/// each checkpoint, all on the same images.
package struct TrainingFilm {
  /// What is found of one checkpoint.
  package struct Frame: Encodable, Sendable {
    package let checkpoint: String
    /// Share of labels that are right; nil where nobody knows the truth.
    package let accuracy: Double?
    /// Median distance to the boundary, px; nil where no other label was found.
    package let medianNorm: Double?
    /// Share of labels that one universal vector of norm ξ changes.
    package let fooling: Double?
    /// The plane, in the axes of the film.
    package let section: SectionMap.Outcome
  }

  /// In the order of training.
  let checkpoints: [Classifier]
  let images: ImageSet
  /// The image of the plane.
  let image: ImageSet
  /// ξ of the fooling rates, px.
  package let radius: Double
  /// ‖r‖ of the last checkpoint at the image.
  private let norm: Double
  /// Half the side of the plane, px.
  private let extent: Double
  /// x + r of the last checkpoint and x + v: with x the plane of every frame.
  private let corners: ImageSet
  private let finder: OutcomeFinder
  private let seed: UInt64
  private let size: Int

  /// The plane through the image along r of the last checkpoint and a random direction; ξ is a fifth of the norm at which
  /// random noise changes 80 % of the last checkpoint's labels, where it is not given.
  ///
  /// - Throws: ``Refusal`` where the last checkpoint finds no boundary near the image; what the experiments throw.
  package init(
    of checkpoints: [Classifier], images: ImageSet, image: ImageSet, radius: Double?, extent: Double?,
    size: Int, seed: UInt64,
    finder: OutcomeFinder
  ) throws {
    (self.checkpoints, self.images, self.image) = (checkpoints, images, image)
    (self.finder, self.seed, self.size) = (finder, seed, size)
    let last = checkpoints[checkpoints.count - 1]
    let nearest = try finder(Robustness(), on: Subject(classifier: last, images: image))
    guard let each = nearest.each.first, each.isFooled else {
      throw Refusal(
        .badData,
        "\(last.name), the last checkpoint, finds no other label near image \(image.indices[0]); choose another --index"
      )
    }
    norm = each.norm
    let x = image.images.entryElements(0)
    var generator = SeededGenerator(seed: seed, stream: 11)
    let v = generator.unitVector(x.count)
    let r = nearest.perturbations.entryElements(0)
    let across = zip(x, v).map { $0 + Float(each.norm) * $1 }
    corners = ImageSet(
      name: "plane",
      images: Tensor(shape: image.images.shape.batch(of: 2), elements: zip(x, r).map { $0 + $1 } + across))
    if let radius {
      self.radius = radius
    } else {
      let noise = try finder(
        NoiseTolerance(share: 0.8, seed: seed), on: Subject(classifier: last, images: images))
      self.radius = (noise.radius ?? 5 * each.norm) / 5
    }
    // Wide enough to see where the boundary was before it came so near.
    self.extent = extent ?? max(2.5 * each.norm, self.radius / 2)
  }

  /// Finds everything, the last checkpoint first: what is newest is seen first, and gives the scale.
  package func frames(_ tell: (Frame) -> Void = { _ in }) throws -> [Frame] {
    var frames: [Frame] = []
    for classifier in checkpoints.reversed() {
      let frame = try frame(of: classifier)
      tell(frame)
      frames.append(frame)
    }
    return frames.reversed()
  }

  private func frame(of classifier: Classifier) throws -> Frame {
    let subject = Subject(classifier: classifier, images: images)
    let labels = try finder(Prediction(), on: subject)
    let distances = try finder(Robustness(), on: subject)
    var section = SectionMap(
      index: 0, along: Direction(.image(1)), extent: extent, width: size, height: size,
      product: .secant(step: Float(norm)))
    section.towards = 0
    let plane = try finder(section, on: Subject(classifier: classifier, images: corners, image: image))
    var universal = UniversalFooling(method: .even, radius: radius, seed: seed)
    universal.passes = 2
    let half = max(1, images.count / 2)
    let fooling =
      images.count < 4
      ? nil
      : try finder(
        universal,
        on: Subject(classifier: classifier, images: images[0..<half], validation: images[half..<images.count])
      )
    return Frame(
      checkpoint: classifier.name, accuracy: labels.accuracy, medianNorm: distances.medianNorm,
      fooling: fooling?.validation?.rate, section: plane)
  }
}

// MARK: - Pictures

extension TrainingFilm {
  /// A frame as a figure: the plane at the left, what was measured up to this checkpoint at the right.
  static func scene(_ frames: [Frame], at place: Int, classNames: [String]) -> FigureScene {
    let frame = frames[place]
    var map = Heatmap(frame.section, classNames: classNames, showsCircle: false, showsDisk: false)
    map?.markers = [.init(PlanePoint(s: 0, t: 0), glyph: "x")]
    map?.horizontal = "s along a random direction, px"
    map?.vertical = "t along r of the last, px"
    let plane = FigureScene.titled(
      frame.checkpoint, note: "\(place + 1) of \(frames.count)", map.map { .one($0) } ?? .rows([]))
    return .columns([
      plane, .rows(strips.compactMap { strip in strip.scene(frames, at: place).map { (1, $0) } }),
    ])
  }

  /// One number of each checkpoint, against its place in the training.
  private struct Strip: Sendable {
    let title: String
    let unit: String
    let style: CurveStyle
    let value: @Sendable (Frame) -> Double?

    /// As far as a place, with axes that hold all; nil where it is known of no checkpoint.
    func scene(_ frames: [Frame], at place: Int) -> FigureScene? {
      let all = frames.map { value($0) ?? .nan }
      guard all.contains(where: \.isFinite) else { return nil }
      let series = LinePlot.Series(
        "", x: (0...place).map { Double($0 + 1) }, y: Array(all[0...place]), showsMarkers: frames.count <= 30,
        style: style)
      let plot = LinePlot(
        [series], horizontal: Axis(1...Double(max(2, frames.count))),
        vertical: Axis(around: all, includesZero: true),
        verticalTitle: unit)
      return .titled(title, note: "", .one(StripChart(plot)))
    }
  }

  private static let strips = [
    Strip(title: "accuracy", unit: "%", style: .other(0)) { $0.accuracy.map { 100 * $0 } },
    Strip(title: "median ‖r‖", unit: "px", style: .curvature) { $0.medianNorm },
    Strip(title: "labels that one vector changes", unit: "%", style: .even) { $0.fooling.map { 100 * $0 } },
  ]
}

/// A plot that is low and wide.
private struct StripChart: SheetDrawable {
  let plot: LinePlot
  init(_ plot: LinePlot) { self.plot = plot }

  func height(at width: Double, _ style: SheetStyle) -> Double { 0.3 * width }
  func draw(on sheet: inout Sheet, in box: Sheet.Box) { plot.draw(on: &sheet, in: box) }
  func draw(on canvas: inout Canvas) { plot.draw(on: &canvas) }
}
