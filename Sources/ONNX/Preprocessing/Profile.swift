internal import CanonicalJSON
internal import Files
internal import FoundationEssentials
public import Networks

/// What a model wants done to pixels before it, and what is known about it: a JSON file beside the model, or options.
///
/// Pixels arrive in [0, 1], RGB. First `scale`, then (x − `mean`) / `std` in units of the scaled pixels, a number for
/// each channel in the order in which the model takes them (one number goes for all). What is nil is not done.
public struct Profile: Codable, Hashable, Sendable {
  /// What white becomes, with black at 0.
  public enum Scale: String, Codable, Sendable, CaseIterable {
    /// Pixels from 0 to 1.
    case unit
    /// Pixels from 0 to 255.
    case byte
    /// Pixels from 0 to 16, as scikit-learn's digits have them.
    case sixteen = "16"

    /// The number that white is.
    var white: Float {
      switch self {
      case .unit: 1
      case .byte: 255
      case .sixteen: 16
      }
    }
  }

  /// The order in which the model takes the channels of a colour.
  public enum Channels: String, Codable, Sendable, CaseIterable {
    case rgb
    case bgr
  }

  /// Where the channels stand in the model's input.
  public enum Layout: String, Codable, Sendable, CaseIterable {
    /// By the extents: channels last where the last extent is 1 or 3 and the one before the rows is not.
    case auto
    case nchw
    case nhwc
  }

  /// nil leaves pixels in [0, 1], or brings them to 0 to 255 where a mean is above 1.
  public var scale: Scale?
  /// One number for each channel, or one for all; nil subtracts nothing.
  public var mean: [Float]?
  /// One number for each channel, or one for all, none of them 0; nil divides by nothing.
  public var std: [Float]?
  /// nil stands for RGB; of no matter for other than three channels.
  public var channels: Channels?
  /// nil stands for ``Layout/auto``.
  public var layout: Layout?
  /// One name a class.
  public var classes: [String]?
  /// The output that holds the logits.
  public var output: String?
  /// What pictures are resized to: their short side, or height and width.
  public var resize: Preprocessing.Resize?
  /// The side of the square cut out of their middle.
  public var crop: Int?
  /// How half a row or column of the crop is rounded; nil as torchvision does it.
  public var centring: Preprocessing.Centring?
  /// The filter of resizing; nil for bilinear.
  public var interpolation: Preprocessing.Interpolation?
  /// The values of inputs besides the image, such as a flag of training.
  public var set: [String: Double]?
  /// The share of right answers on the test set, as measured or published.
  public var accuracy: Double?
  /// The set that the model was trained on, as `--images` calls its images to judge with.
  public var dataset: String?

  public init(
    scale: Scale? = nil, mean: [Float]? = nil, std: [Float]? = nil, channels: Channels? = nil,
    layout: Layout? = nil, classes: [String]? = nil, output: String? = nil,
    resize: Preprocessing.Resize? = nil, crop: Int? = nil, interpolation: Preprocessing.Interpolation? = nil
  ) {
    self.scale = scale
    self.mean = mean
    self.std = std
    self.channels = channels
    self.layout = layout
    self.classes = classes
    self.output = output
    self.resize = resize
    self.crop = crop
    self.interpolation = interpolation
  }

  /// The profile beside a model: `model.json` for `model.onnx`; empty where there is none.
  ///
  /// - Throws: ``ModelError/badProfile(path:problem:)`` where the file is there and is no profile.
  public init(besideModelAt path: String) throws {
    let file = Self.place(besideModelAt: path)
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try RegularFile.contents(of: file, atMost: Self.largestFile)
    } catch .missing {
      self.init()
      return
    } catch {
      throw ModelError.badProfile(path: file, problem: error.description)
    }
    do {
      self = try CanonicalJSON.decoder.decode(Profile.self, from: Data(bytes))
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw ModelError.badProfile(path: file, problem: "'\(key)' has an unknown value")
    } catch DecodingError.typeMismatch(_, let context) {
      let key = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw ModelError.badProfile(path: file, problem: "'\(key)' has a value of the wrong type")
    } catch {
      throw ModelError.badProfile(path: file, problem: "the profile is not valid JSON")
    }
  }

  /// Where the profile of a model lies.
  public static func place(besideModelAt path: String) -> String {
    (path.hasSuffix(".onnx") ? String(path.dropLast(5)) : path) + ".json"
  }

  /// In bytes: a hundred times a profile with all names of ImageNet-21k.
  private static let largestFile = 1 << 26

  /// This profile, with what `options` say in the place of its own.
  public func overridden(by options: Profile) -> Profile {
    var profile = self
    profile.scale = options.scale ?? scale
    profile.mean = options.mean ?? mean
    profile.std = options.std ?? std
    profile.channels = options.channels ?? channels
    profile.layout = options.layout ?? layout
    profile.classes = options.classes ?? classes
    profile.output = options.output ?? output
    profile.resize = options.resize ?? resize
    profile.crop = options.crop ?? crop
    profile.centring = options.centring ?? centring
    profile.interpolation = options.interpolation ?? interpolation
    profile.set = (set ?? [:]).merging(options.set ?? [:]) { $1 }
    if profile.set?.isEmpty == true { profile.set = nil }
    profile.accuracy = options.accuracy ?? accuracy
    profile.dataset = options.dataset ?? dataset
    return profile
  }

  /// Height and width of the images where the model leaves them open.
  var imageSize: [Int]? {
    if let crop { return [crop, crop] }
    return switch resize {
    case .shortSide(let side)?: [side, side]
    case .exactly(let height, let width)?: [height, width]
    case nil: nil
    }
  }

  /// The profile in one canonical line of JSON: part of what a digest is made of.
  var canonicalBytes: Data { (try? CanonicalJSON.encoder.encode(self)) ?? Data() }
}
