public import Tensors

/// How pictures are brought to the size and channels that a model takes; nothing is resized that nobody asked for.
public struct Fitting: Sendable, Equatable {
  /// What pictures are resized to.
  public enum Resize: Sendable, Equatable, ExpressibleByIntegerLiteral {
    case shortSide(Int)
    case exactly(height: Int, width: Int)

    public init(integerLiteral side: Int) { self = .shortSide(side) }
  }

  /// Resize pictures to this before anything else, as asked by the user or by the model's files.
  public var resize: Resize?
  /// How pixels between pixels are found.
  public var filter = Resampling.Filter.bilinear
  /// Whether arrays, which nothing resizes, are taken only where they need none; false where nobody asked for a size.
  public var bindsArrays = true
  /// Cut a square of this side from the middle, after resizing.
  public var crop: CentreCrop?
  /// C×H×W that the model takes; nil takes pictures as they are.
  public var shape: Shape?
  /// Whether pictures are turned as their tags say.
  public var turning: Turning

  public init(resize: Resize? = nil, crop: CentreCrop? = nil, shape: Shape? = nil, turning: Turning = .pillow)
  {
    precondition(shape.map { $0.rank == 3 } ?? true, "a picture's shape is C×H×W")
    self.resize = resize
    self.crop = crop
    self.shape = shape
    self.turning = turning
  }

  /// Whether an array of `height`×`width` pixels needs no resizing.
  func suits(height: Int, width: Int) -> Bool {
    guard bindsArrays else { return true }
    if let crop, crop.side != height || crop.side != width { return false }
    return switch resize {
    case .shortSide(let side)?: height == side && width == side
    case .exactly(let high, let wide)?: height == high && width == wide
    case nil: true
    }
  }

  /// The picture as the model takes it.
  ///
  /// Grey becomes three equal channels where the model wants three. A coloured picture becomes grey only where its
  /// three channels are equal: there is more than one way to weigh colours, and the model's is not known.
  /// - Throws: ``ImageError`` that says what to pass where the size is another one.
  public func apply(_ picture: Picture, _ place: String) throws(ImageError) -> Picture {
    var picture = picture
    switch resize {
    case .shortSide(let side)?: picture = try picture.resized(shortSide: side, filter, place)
    case .exactly(let height, let width)?:
      picture = try picture.resized(width: width, height: height, filter, place)
    case nil: break
    }
    if let crop {
      guard let cropped = crop.apply(picture) else {
        throw .tooSmallToCrop(place, width: picture.width, height: picture.height, side: crop.side)
      }
      picture = cropped
    }
    guard let shape else { return picture }
    if shape[0] == 3 {
      picture = picture.inColor
    } else if shape[0] == 1 {
      guard let grey = picture.inGrey else { throw .colorToGrey(place) }
      picture = grey
    }
    let found: Shape = [picture.channels, picture.height, picture.width]
    if found != shape { throw .wrongSize(place, found: found, wanted: shape, resizable: true) }
    return picture
  }
}
