public import Networks
public import Tensors

/// Images that an experiment looks at, with what is known about them.
public struct ImageSet: Sendable {
  /// As people find it again: a file, a folder, a range.
  public let name: String
  /// N×C×H×W, pixels in [0, 1].
  public let images: Tensor
  /// The true class of each image, used for accuracies alone; nil for one, or for all, where nobody knows.
  public let truth: [Int?]?
  /// Where the range of their set begins that they come from.
  public let start: Int
  /// Where in that range each of them stands: what could not be read is missing.
  public let offsets: [Int]
  /// The names of the model's classes where the set alone knows them; else empty.
  public var classNames: [String] = []
  /// What a person should know of the images before a number, a sentence each.
  public var remarks: [String] = []
  /// SHA-256 of shape, pixels, truth and missing places: what the store goes by.
  public let digest: String

  /// Cost: one pass over the pixels; `offsets` are 0, 1, 2… unless said.
  public init(name: String, images: Tensor, truth: [Int?]? = nil, start: Int = 0, offsets: [Int]? = nil) {
    precondition(
      truth == nil || truth!.count == images.count, "\(truth!.count) labels for \(images.count) images")
    self.name = name
    self.images = images
    self.truth = truth
    self.start = start
    self.offsets = offsets ?? Array(0..<images.count)
    var digest = Digest()
    digest.update(images)
    for label in truth ?? [] { digest.update(label ?? -1) }
    if self.offsets != Array(0..<images.count) { for offset in self.offsets { digest.update(offset) } }
    self.digest = digest.hexadecimal
  }

  public var count: Int { images.count }

  /// Which image of the set each of them is.
  public var indices: [Int] { offsets.map { start + $0 } }

  /// The images with these indices, in this order.
  public func gathering(_ indices: [Int], name: String? = nil) -> ImageSet {
    var gathered = ImageSet(
      name: name ?? self.name, images: images.gathering(indices),
      truth: truth.map { t in indices.map { t[$0] } }, start: start, offsets: indices.map { offsets[$0] })
    gathered.classNames = classNames
    gathered.remarks = remarks
    return gathered
  }

  /// A range of them, just as it is where it is opened by itself: what was kept of the one is found for the other.
  public subscript(range: Range<Int>) -> ImageSet {
    if range == 0..<count { return self }
    let base = range.isEmpty ? 0 : offsets[range.lowerBound]
    var part = ImageSet(
      name: name, images: images.gathering(Array(range)), truth: truth.map { Array($0[range]) },
      start: start + base, offsets: offsets[range].map { $0 - base })
    (part.classNames, part.remarks) = (classNames, remarks)
    return part
  }

  /// The true class of each image, where all are known.
  public var completeTruth: [Int]? {
    guard let known = truth?.compactMap({ $0 }), known.count == count else { return nil }
    return known
  }
}

/// What an experiment looks at: a classifier and images.
public struct Subject: Sendable {
  /// The network that is looked at, with the names of its classes.
  public let classifier: Classifier
  /// The images that the experiment learns from, or looks at where it learns nothing.
  public let images: ImageSet
  /// Images that the experiment does not learn from and is judged on; nil where it needs none.
  public let validation: ImageSet?
  /// The one image that is looked at, where directions are learnt from others; nil where it is one of the images.
  public let image: ImageSet?
  /// The same images as other models take them.
  public let others: [Subject]
  /// SHA-256 over the digests of the parts, names of classes aside: what the store goes by.
  public let digest: String

  public init(
    classifier: Classifier, images: ImageSet, validation: ImageSet? = nil, image: ImageSet? = nil,
    others: [Subject] = []
  ) {
    var classifier = classifier
    if !images.classNames.isEmpty, classifier.classNames.isEmpty || classifier.namesAreGuessed {
      classifier.classNames = images.classNames
    }
    self.classifier = classifier
    self.images = images
    self.validation = validation
    self.image = image
    self.others = others
    var parts = [classifier.digest, images.digest, validation?.digest ?? "-"]
    if let image { parts.append("image " + image.digest) }
    parts += others.map { "other " + $0.digest }
    var digest = Digest()
    digest.update(Array(parts.joined(separator: " ").utf8))
    self.digest = digest.hexadecimal
  }
}

extension Subject {
  /// The network, once it is sure that the images suit it.
  public func network(interruptibleBy interruption: Interruption?) throws -> Network {
    let network = classifier.network
    for set in [images, validation, image].compactMap({ $0 }) {
      guard set.images.shape.rank == 4, set.count > 0 else {
        throw SubjectError("\(set.name) holds no images; choose a range that does")
      }
      guard set.images.shape.entry == network.imageShape.entry else {
        throw SubjectError(
          "\(set.name) has images of \(set.images.shape.entry), but \(classifier.name) takes "
            + "\(network.imageShape.entry); resize them or choose others")
      }
    }
    return network.interruptible(by: interruption)
  }

  /// The same for experiments on boundaries, of which one class has none.
  public func boundaryNetwork(interruptibleBy interruption: Interruption?) throws -> Network {
    let network = try network(interruptibleBy: interruption)
    guard network.classCount > 1 else {
      throw SubjectError("\(classifier.name) has one class and so no decision boundary")
    }
    return network
  }

  /// The same images as another model takes them.
  func other(_ model: OtherModel) throws -> Subject {
    if let found = others.first(where: { $0.classifier.digest == model.digest }) { return found }
    guard classifier.digest == model.digest else { throw SubjectError("\(model.name) is not open") }
    return self
  }

  /// What the body gives; where logits are not finite, the sentence names the image that has them.
  func namingImages<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let failure as NonFiniteLogits {
      for set in [images, validation].compactMap({ $0 }) {
        do {
          _ = try classifier.network.logits(set.images)
        } catch let own as NonFiniteLogits {
          throw SubjectError(
            "\(classifier.name) gives logits that are not finite for image \(own.image) of \(set.name): "
              + "\(own.text) for \(classifier.className(own.classIndex))")
        }
      }
      throw SubjectError(
        "\(classifier.name) gives logits that are not finite (\(failure.text)) where a perturbation takes images "
          + "of \(images.name); choose a smaller one")
    }
  }

  /// The first `count` images alone, without validation images.
  func first(_ count: Int) -> Subject {
    guard count < images.count else { return Subject(classifier: classifier, images: images) }
    return Subject(classifier: classifier, images: images.gathering(Array(0..<count)))
  }

  /// Fails unless the directions have the shape of the images.
  func check(_ basis: Basis) throws {
    guard basis.vectors.shape.rank == 4, basis.dimension > 0,
      basis.vectors.shape.entry == images.images.shape.entry
    else {
      throw SubjectError(
        "\(basis.name) has the shape \(basis.vectors.shape), but the images are \(images.images.shape.entry); "
          + "pass directions of m×C×H×W or C×H×W")
    }
    guard basis.vectors.elements.allSatisfy(\.isFinite) else {
      throw SubjectError("\(basis.name) holds numbers that are not finite; compute it again")
    }
  }
}

/// Images or arrays that an experiment cannot use, as one sentence.
public struct SubjectError: Error, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }
}
