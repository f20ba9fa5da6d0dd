/// Which images of a set an experiment looks at: the parts of a subject as half open ranges of indices.
public struct Selection: Hashable, Sendable {
  /// Those that are learnt from, or looked at where nothing is learnt.
  public var images: Range<Int>
  /// Those that are judged on; nil where there are no others.
  public var validation: Range<Int>?
  /// The one that is looked at, where directions are learnt from others.
  public var image: Int?

  public init(_ images: Range<Int>, validation: Range<Int>? = nil, image: Int? = nil) {
    self.images = images
    self.validation = validation
    self.image = image
  }

  /// One image alone.
  public init(image: Int) { self.init(image..<image + 1) }

  /// The image that is looked at: the first where none is said.
  public var looked: Int { image ?? images.lowerBound }

  /// Those that an outcome is about.
  public var judged: Range<Int> { validation ?? images }
}

extension Selection: Encodable {
  private enum CodingKeys: CodingKey { case images, validation, image }

  /// Ranges as `[first, end]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode([images.lowerBound, images.upperBound], forKey: .images)
    try container.encodeIfPresent(validation.map { [$0.lowerBound, $0.upperBound] }, forKey: .validation)
    try container.encodeIfPresent(image, forKey: .image)
  }
}
