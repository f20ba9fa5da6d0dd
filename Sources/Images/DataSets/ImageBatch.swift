public import Tensors

/// Images of a set that were read, with what happened to the others.
public struct ImageBatch: Sendable {
  /// An image that could not be read.
  public struct Skipped: Sendable {
    public let index: Int
    /// Why it could not be read.
    public let problem: ImageError
  }

  /// N×C×H×W, pixels in [0, 1].
  public let images: Tensor
  /// Which image of the set each of them is.
  public let indices: [Int]
  /// Those of the range that could not be read, by ascending index; ``images`` is without them.
  public let skipped: [Skipped]
  /// What is to be said of how pictures were read, and of how many.
  public let remarks: [PictureRemark: Int]

  init(
    _ images: Tensor, indices: [Int], skipped: [Skipped] = [], remarks: [PictureRemark: Int] = [:]
  ) {
    self.images = images
    self.indices = indices
    self.skipped = skipped
    self.remarks = remarks
  }

  /// All of `range`.
  init(_ images: Tensor, _ range: Range<Int>) { self.init(images, indices: Array(range)) }

  /// What a person should know of the reading, a sentence each.
  public var sentences: [String] {
    var sentences = PictureRemark.allCases.compactMap { remark in
      remarks[remark].map { remark.sentence(of: $0) }
    }
    if let first = skipped.first {
      let all = skipped.count == 1 ? "1 picture is" : "\(skipped.count) pictures are"
      sentences.append(
        "\(all) left out, \(images.count) are used: \(first.problem)"
          + (skipped.count > 1 ? ", and others" : ""))
    }
    return sentences
  }
}

extension PictureRemark {
  func sentence(of count: Int) -> String {
    let pictures = count == 1 ? "1 picture" : "\(count) pictures"
    return switch self {
    case .turnIgnored:
      "\(pictures) with an EXIF turn, not applied, as in Pillow and torchvision; --exif apply turns them"
    case .turned: "\(pictures) turned as the EXIF or TIFF tag says; --exif ignore leaves them as they are"
    case .greyCut:
      "\(pictures) in grey of more than 8 bits: what exceeds 255 is white, as in Pillow's convert('RGB'); "
        + "scale to 8 bits first if the model was trained that way"
    }
  }
}

extension DataSet {
  /// The batch of the pictures that `picture` gives for `range`, fitted one by one; a work of several threads.
  ///
  /// A picture that cannot be read is left out, unless it is the only one that was asked for or no other can be read.
  /// One that does not suit the model is an error: what makes it suit goes for all.
  func batch(
    _ range: Range<Int>, _ fitting: Fitting,
    _ picture: @Sendable (Int) throws(ImageError) -> (picture: Picture, remarks: [PictureRemark])
  ) throws(ImageError) -> ImageBatch {
    try check(range)
    let outcomes = try collect(range) { index throws(ImageError) in
      let read = try picture(index)
      let place = count == 1 ? name : "\(name), image \(title(index))"
      return (Result { () throws(ImageError) in try fitting.apply(read.picture, place) }, read.remarks)
    }
    var batch = Collected(name)
    for (index, outcome) in zip(range, outcomes) { try batch.add(index, outcome) }
    return try batch.batch(entry: fitting.shape)
  }

  func batch(
    _ range: Range<Int>, _ fitting: Fitting, _ picture: @Sendable (Int) throws(ImageError) -> Picture
  ) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { index throws(ImageError) in (try picture(index), []) }
  }

  private func collect<Read: Sendable>(
    _ range: Range<Int>, _ read: @Sendable (Int) throws(ImageError) -> Read
  ) throws(ImageError) -> [Result<Read, ImageError>] {
    let piece = 16
    do throws(any Error) {
      return try parallel(over: (range.count + piece - 1) / piece) { k throws(any Error) in
        let from = range.lowerBound + k * piece
        return (from..<min(range.upperBound, from + piece)).map { index in
          Result { () throws(ImageError) in try read(index) }
        }
      }.flatMap { $0 }
    } catch {
      throw .unreadable(name, "reading was interrupted")
    }
  }
}

/// A batch that grows by one picture after another.
private struct Collected {
  typealias Fitted = (Result<Picture, ImageError>, [PictureRemark])

  private let name: String
  private var shape: Shape?
  private var elements: [Float] = []
  private var indices: [Int] = []
  private var skipped: [ImageBatch.Skipped] = []
  private var remarks: [PictureRemark: Int] = [:]

  init(_ name: String) { self.name = name }

  mutating func add(_ index: Int, _ outcome: Result<Fitted, ImageError>) throws(ImageError) {
    switch outcome {
    case .failure(let problem): skipped.append(ImageBatch.Skipped(index: index, problem: problem))
    case .success(let (fitted, said)):
      let picture = try fitted.get()
      let entry: Shape = [picture.channels, picture.height, picture.width]
      if let shape, shape != entry { throw .unequal(name, shape, entry) }
      shape = entry
      picture.appendPlanes(to: &elements)
      indices.append(index)
      for remark in said { remarks[remark, default: 0] += 1 }
    }
  }

  /// `entry` is the shape of an image where none was asked for.
  func batch(entry: Shape?) throws(ImageError) -> ImageBatch {
    if indices.isEmpty, let first = skipped.first { throw first.problem }
    guard let entry = shape ?? entry else { throw .empty(name) }
    let tensor = Tensor(shape: Shape([indices.count] + entry.extents), elements: elements)
    return ImageBatch(tensor, indices: indices, skipped: skipped, remarks: remarks)
  }
}
