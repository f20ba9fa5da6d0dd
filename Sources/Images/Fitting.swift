public import Tensors

/// How pictures are brought to the size and channels that a model takes; nothing is resized that nobody asked for.
public struct Fitting: Sendable, Equatable {
  /// Resize the shorter side to this many pixels (antialiased bilinear), as asked by the user.
  public var resize: Int?
  /// Cut a square of this side from the middle, after resizing.
  public var crop: Int?
  /// C×H×W that the model takes; nil takes pictures as they are.
  public var shape: Shape?

  public init(resize: Int? = nil, crop: Int? = nil, shape: Shape? = nil) {
    precondition(shape.map { $0.rank == 3 } ?? true, "a picture's shape is C×H×W")
    self.resize = resize
    self.crop = crop
    self.shape = shape
  }

  /// The picture as the model takes it.
  ///
  /// Grey becomes three equal channels where the model wants three. A coloured picture becomes grey only where its
  /// three channels are equal: there is more than one way to weigh colours, and the model's is not known.
  /// - Throws: ``ImageError`` that says what to pass where the size is another one.
  public func apply(_ picture: Picture, _ place: String) throws(ImageError) -> Picture {
    var picture = picture
    if let resize { picture = try picture.resized(shortSide: resize, place) }
    if let crop {
      guard let cropped = picture.croppedAtCentre(side: crop) else {
        throw .tooSmallToCrop(place, width: picture.width, height: picture.height, side: crop)
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
