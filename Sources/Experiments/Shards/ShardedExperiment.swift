/// An experiment that is a list or a sum over images, so that machines can each find a part of it.
///
/// No number of one image depends on which others are looked at, so the parts together are the whole, bit for bit.
public protocol ShardedExperiment: Experiment {
  /// How many images it is over.
  static func extent(of subject: Subject) -> Int

  /// The subject with a range of these images alone; whatever is learnt is learnt from the same images as in the whole.
  static func part(of subject: Subject, _ range: Range<Int>) -> Subject

  /// Whether an outcome that was read from a file has the lists and arrays of this subject, with labels that exist.
  ///
  /// ``joined(_:on:)`` takes no others: whoever makes a part by hand can give it a right digest.
  func suits(_ outcome: Outcome, _ subject: Subject) -> Bool

  /// The outcome on the whole subject from those on consecutive parts of it.
  func joined(_ parts: [Outcome], on subject: Subject) throws -> Outcome
}

/// One of `count` parts of equal size, by one image at most.
public struct Shard: Codable, Hashable, Sendable {
  /// From 1.
  public var number: Int
  public var count: Int

  /// Nil where there is no such part.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    (self.number, self.count) = (number, count)
  }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let (number, count) = (
      try values.decode(Int.self, forKey: .number), try values.decode(Int.self, forKey: .count)
    )
    guard let shard = Shard(number, of: count) else {
      throw DecodingError.dataCorruptedError(forKey: .number, in: values, debugDescription: "no such part")
    }
    self = shard
  }

  /// Its images, of so many.
  public func range(of images: Int) -> Range<Int> {
    // Whole blocks: the products of large numbers of images fit into an Int.
    let place = { (k: Int) in images / count * k + min(k, images % count) }
    return place(number - 1)..<place(number)
  }
}

/// Experiments that look at each image by itself.
protocol ImageByImage: ShardedExperiment {}

extension ImageByImage {
  public static func extent(of subject: Subject) -> Int { subject.images.count }

  public static func part(of subject: Subject, _ range: Range<Int>) -> Subject {
    Subject(classifier: subject.classifier, images: subject.images[range], others: subject.others)
  }
}

/// Experiments that judge a direction or a subspace on images, image by image.
protocol JudgedImageByImage: ShardedExperiment {}

extension JudgedImageByImage {
  public static func extent(of subject: Subject) -> Int { (subject.validation ?? subject.images).count }

  public static func part(of subject: Subject, _ range: Range<Int>) -> Subject {
    Subject(
      classifier: subject.classifier, images: subject.images,
      validation: (subject.validation ?? subject.images)[range], image: subject.image, others: subject.others)
  }
}
