public import Tensors

/// What is wrong with a picture, a data set or an array file: one sentence each, phrased here alone.
public enum ImageError: Error, Equatable, CustomStringConvertible {
  case missing(String)
  case unreadable(String, String)
  case cannotWrite(String, String)
  case empty(String)
  case notAPicture(String)
  /// What a file is, and what to make of it instead.
  case unsupported(String, String, instead: String = "convert it to PNG or JPEG, an array to .npz")
  case broken(String, String, String)
  case tooLarge(String, width: Int, height: Int)
  case tooManyBytes(String, limit: Int)
  case wrongSize(String, found: Shape, wanted: Shape, resizable: Bool)
  case tooSmallToCrop(String, width: Int, height: Int, side: Int)
  case resize(String, side: Int)
  case colorToGrey(String)
  case notResampled(String)
  case unequal(String, Shape, Shape)
  case records(String, bytes: Int)
  case array(String, String)
  case pixelRange(String, value: Float, index: Int)
  case pixels(String, least: Float, most: Float)
  case labels(String, String)
  case range(String, asked: Range<Int>, count: Int)
  case unknownSet(String, known: [String])
  case notInstalled(PublishedSet)
  case noPictures(String, hint: String)

  public var description: String {
    switch self {
    case .missing(let path): "no such file or folder: \(path)"
    case .unreadable(let path, let why): "cannot read \(path): \(why)"
    case .cannotWrite(let path, let why): "cannot write \(path): \(why)"
    case .empty(let path): "\(path) holds no images"
    case .notAPicture(let path):
      "\(path) is not a picture that can be read; PNG, JPEG, BMP, WebP, TIFF, GIF, PPM, PGM and PBM can"
    case .unsupported(let path, let what, let instead):
      "\(path) is \(what), which is not supported; \(instead)"
    case .broken(let path, let kind, let why): "\(path) is a damaged \(kind): \(why)"
    case .tooLarge(let path, let width, let height):
      "\(path) claims \(width)×\(height) pixels; "
        + "pictures of up to \(Picture.largestArea / 1_000_000) megapixels are read"
    case .tooManyBytes(let path, let limit):
      "\(path) unpacks to more than \(limit >> 20) MiB; unpack it on disk and pass the result"
    case .wrongSize(let path, let found, let wanted, let resizable):
      Self.wrongSize(path, found, wanted, resizable)
    case .tooSmallToCrop(let path, let width, let height, let side):
      "\(path) is \(width)×\(height) pixels, too small for a crop of \(side)×\(side): "
        + "pass --resize \(side) as well"
    case .resize(let path, let side):
      "\(path) cannot be resized to \(side) pixels: --resize takes 1 to \(Picture.longestSide)"
    case .colorToGrey(let path):
      "\(path) is coloured and the model takes grey images: convert it to grey first"
    case .notResampled(let path):
      "\(path) holds numbers other than bytes, which are not resized: write it in the model's size"
    case .unequal(let path, let a, let b):
      "the pictures of \(path) differ in size (\(a) and \(b)): pass --resize SIDE --crop SIDE"
    case .records(let path, let bytes):
      "\(path) has \(bytes) bytes, no whole number of CIFAR-10 (3073) or CIFAR-100 (3074) records"
    case .array(let path, let why): "\(path): \(why)"
    case .pixelRange(let path, let value, let index):
      "\(path), image \(index) holds the value \(value), outside [0, 1]: "
        + "write pixels as bytes or divide them by 255"
    case .pixels(let path, let least, let most):
      "\(path) holds values from \(least) to \(most): pixels run from 0 to 1 or from 0 to 255; undo the normalisation, "
        + "and give it as --mean and --std"
    case .labels(let path, let why): "\(path) does not give the labels: \(why)"
    case .range(let path, let asked, let count):
      "\(path) has images 0..\(count), so \(asked.lowerBound)..\(asked.upperBound) is out of range"
    case .unknownSet(let name, let known):
      "no file, folder or set is called \(name); sets: \(known.joined(separator: ", "))"
    case .notInstalled(let set):
      "\(set.title) is not installed: 'boundaryscope data install \(set.name)' fetches it "
        + "(\((set.bytes + 500_000) / 1_000_000) MB); with --from FOLDER it takes a copy you have"
    case .noPictures(let path, let hint): "\(path) holds no pictures\(hint)"
    }
  }

  /// Whether the file is not there at all, which scripts tell apart from a bad one.
  public var isMissingFile: Bool {
    switch self {
    case .missing, .unknownSet, .notInstalled: true
    default: false
    }
  }

  /// Whether a file could not be written, which the exit status tells apart from bad data.
  public var isWriteFailure: Bool { if case .cannotWrite = self { true } else { false } }

  private static func wrongSize(_ path: String, _ found: Shape, _ wanted: Shape, _ resizable: Bool) -> String
  {
    let sizes = "\(path) is \(found) and the model takes \(wanted)"
    if wanted[1] != wanted[2] { return "\(sizes): resize it to \(wanted[2])×\(wanted[1]) pixels first" }
    let side = wanted[1]
    return resizable
      ? "\(sizes): pass --resize \(side) --crop \(side)" : "\(sizes): write it in the model's size"
  }
}
