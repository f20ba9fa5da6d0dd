package import Drawing
package import Experiments
internal import Explorer
internal import Images
package import Laboratory
package import Networks
internal import Pages
internal import Tensors

/// A training seen through its checkpoints: one plane through one image as the boundary in it moves, and what is measured of
/// each checkpoint, all on the same images.
package struct TrainingFilm {
  /// A model that was kept on the way; it is opened when its turn comes, and let go.
  package struct Checkpoint: Sendable {
    let name: String
    let open: @Sendable () throws -> Classifier

    package init(_ name: String, opening open: @escaping @Sendable () throws -> Classifier) {
      (self.name, self.open) = (name, open)
    }
  }

  /// In the order of training.
  let checkpoints: [Checkpoint]
  /// The last of them, which gives plane and scale.
  let last: Classifier
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
    of checkpoints: [Checkpoint], endingWith last: Classifier, images: ImageSet, image: ImageSet,
    radius: Double?, extent: Double?,
    size: Int, seed: UInt64,
    finder: OutcomeFinder
  ) throws {
    (self.checkpoints, self.last, self.images, self.image) = (checkpoints, last, images, image)
    (self.finder, self.seed, self.size) = (finder, seed, size)
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

  /// Finds everything, the last checkpoint first.
  ///
  /// One that cannot be measured, because its training went astray or its file is broken, is told so in its frame and ends
  /// nothing.
  ///
  /// - Throws: what the last checkpoint's experiments throw, and an interruption.
  package func frames() throws -> [Frame] {
    let newest = try frame(of: last)
    let earlier = try checkpoints.dropLast().reversed().map { checkpoint in
      do {
        return try frame(of: checkpoint.open())
      } catch let refusal as Refusal where refusal.status == .interrupted {
        throw refusal
      } catch is Interrupted {
        throw Interrupted()
      } catch {
        return Frame(
          checkpoint: checkpoint.name, problem: "\(error)", count: images.count, judged: unseen.count)
      }
    }
    return earlier.reversed() + [newest]
  }

  /// Images that nothing is learnt from; empty where there are too few for two halves.
  private var unseen: Range<Int> { images.count < 4 ? 0..<0 : images.count / 2..<images.count }

  private func frame(of classifier: Classifier) throws -> Frame {
    guard classifier.network.classCount == last.network.classCount else {
      throw SubjectError(
        "\(classifier.name) has \(classifier.network.classCount) classes, \(last.name) \(last.network.classCount)"
      )
    }
    let subject = Subject(classifier: classifier, images: images)
    let labels = try finder(Prediction(), on: subject)
    let distances = try finder(Robustness(), on: subject)
    var section = SectionMap(
      index: 0, along: Direction(.image(1)), extent: extent, width: size, height: size,
      product: .secant(step: Float(norm)))
    section.towards = 0
    let plane = try finder(section, on: Subject(classifier: classifier, images: corners, image: image))
    let (fooling, spectrum) = (try fooling(classifier), try spectrum(classifier))
    var frame = Frame(
      checkpoint: classifier.name, count: images.count, judged: unseen.count, section: plane)
    frame.values[.accuracy] = TrainingValue(labels)
    frame.values[.distance] = TrainingValue(distances)
    frame.values[.fooling] = fooling.flatMap { TrainingValue($0) }
    frame.values[.curvature] = spectrum.flatMap { TrainingValue($0) }
    return frame
  }

  /// The ends of the spectrum at the image's boundary point; nil where a checkpoint finds no other label there, or its
  /// softened copy has no finite curvatures.
  private func spectrum(_ classifier: Classifier) throws -> PointSpectrum.Outcome? {
    do {
      return try density(classifier)
    } catch let refusal as Refusal where refusal.status == .interrupted {
      throw refusal
    } catch is Interrupted {
      throw Interrupted()
    } catch {
      return nil
    }
  }

  private func density(_ classifier: Classifier) throws -> PointSpectrum.Outcome? {
    let one = Subject(classifier: classifier, images: image)
    guard try finder(Robustness(), on: one).each.first?.isFooled == true else { return nil }
    var density = PointSpectrum(index: 0, method: .density, product: .softened(beta: 10))
    (density.probes, density.steps, density.seed) = (1, 24, seed)
    return try finder(density, on: one)
  }

  private func fooling(_ classifier: Classifier) throws -> UniversalFooling.Outcome? {
    guard !unseen.isEmpty else { return nil }
    var universal = UniversalFooling(method: .even, radius: radius, seed: seed)
    universal.passes = 2
    let halves = Subject(
      classifier: classifier, images: images[0..<unseen.lowerBound], validation: images[unseen])
    return try finder(universal, on: halves)
  }
}

// MARK: - Pictures

extension TrainingFilm {
  /// One scene a frame.
  package func scenes(_ frames: [Frame]) -> [FigureScene] {
    let classNames = (0..<last.network.classCount).map(last.className)
    return frames.indices.map { Self.scene(frames, at: $0, classNames: classNames) }
  }

  /// A frame as a figure: the plane at the left, what was measured up to this checkpoint at the right.
  private static func scene(_ frames: [Frame], at place: Int, classNames: [String]) -> FigureScene {
    let frame = frames[place]
    var map = frame.section.flatMap {
      Heatmap($0, classNames: classNames, showsCircle: false, showsDisk: false)
    }
    map?.markers = [.init(PlanePoint(s: 0, t: 0), glyph: "x")]
    map?.horizontal = "s along a random direction, px"
    map?.vertical = "t along r of the last, px"
    let plane = FigureScene.titled(
      frame.checkpoint, note: frame.problem == nil ? "\(place + 1) of \(frames.count)" : "no numbers",
      map.map { .one($0) } ?? .rows([]))
    return .columns([
      plane, .rows(TrainingStrip.allCases.compactMap { strip(frames, at: place, $0).map { (1, $0) } }),
    ])
  }

  /// One number of each checkpoint up to a place; nil where it is known of none.
  private static func strip(_ frames: [Frame], at place: Int, _ strip: TrainingStrip) -> FigureScene? {
    let count = strip == .fooling ? frames[place].judged : strip == .curvature ? 1 : frames[place].count
    return strip.scene(
      frames.map { $0.values[strip] }, through: place, note: count == 1 ? "1 image" : "\(count) images")
  }
}
