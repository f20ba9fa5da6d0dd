internal import Networks
internal import ONNXSchema
internal import Tensors

/// What a model seems to want done to its pixels, and why; shown, and never done unasked.
public struct PreprocessingGuess: Codable, Sendable, Equatable {
  /// The options that would do it, as the command line takes them; empty where nothing seems wanted.
  public var options: String
  /// The sign it goes by.
  public var reason: String
}

/// The scale and shift of pixels that the network begins with.
public struct RecognisedNormalization: Codable, Sendable, Equatable {
  /// `profile` or `graph`.
  public var source: String
  /// (x − mean)/std of pixels in [0, 1], a number each channel or one for all.
  public var mean: [Float]
  public var std: [Float]
  /// Whether the channels are taken in another order than red, green, blue.
  public var reordersChannels: Bool
}

extension RecognisedNormalization {
  /// The normalisation among the first operations on the image; nil where they are none.
  init?(_ graph: Graph) {
    guard let first = graph.nodes.first(where: { $0.inputs.contains(.image) }),
      graph.nodes.count(where: { $0.inputs.contains(.image) }) == 1
    else { return nil }
    var (scale, shift, order): ([Float], [Float], [Int]?)
    switch first.operation {
    case let rescaling as Rescaling:
      (scale, shift, order) = (rescaling.scale, rescaling.shift, rescaling.order)
    case let channels as ChannelAffine: (scale, shift, order) = (channels.scale, channels.shift, nil)
    case let affine as Affine: (scale, shift, order) = ([affine.scale], [affine.shift], nil)
    default: return nil
    }
    guard scale.allSatisfy({ $0 != 0 }), scale.count <= 4 else { return nil }
    source = first.type == "Preprocessing" ? "profile" : "graph"
    mean = zip(scale, shift).map { $1 == 0 ? 0 : -$1 / $0 }
    std = scale.map { 1 / $0 }
    reordersChannels = order != nil
  }
}

extension ModelFile {
  /// What the file's notes, or the sizes of its input and output, say of the pixels it was trained on.
  func preprocessingGuess(image: Shape, classes: Int, normalization: RecognisedNormalization?)
    -> PreprocessingGuess
  {
    if let normalization {
      let place =
        normalization.source == "graph" ? "the graph begins with it" : "the profile or the options say so"
      return PreprocessingGuess(options: "", reason: "pixels are normalised already: \(place)")
    }
    if let noted = notedPreprocessing { return noted }
    switch (image[1], image[2], classes) {
    case (3, 160..., 1000...1001):
      return PreprocessingGuess(
        options: "--mean 0.485,0.456,0.406 --std 0.229,0.224,0.225",
        reason:
          "\(classes) classes of \(image) pixels look like ImageNet, and most such networks were trained so")
    case (3, 32, 10...100):
      return PreprocessingGuess(
        options: "--mean 0.4914,0.4822,0.4465 --std 0.247,0.2435,0.2616",
        reason: "\(classes) classes of \(image) pixels look like CIFAR, whose moments these are")
    case (1, 28, 10...):
      return PreprocessingGuess(
        options: "--mean 0.1307 --std 0.3081",
        reason: "\(classes) classes of \(image) pixels look like MNIST, whose moments these are")
    default:
      return PreprocessingGuess(
        options: "", reason: "nothing in the file tells; pixels go in as they are, from 0 to 1")
    }
  }

  /// The notes on image inputs that Windows ML and its converters put into `metadata_props`.
  private var notedPreprocessing: PreprocessingGuess? {
    let notes = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { first, _ in first }
    var options: [String] = []
    if notes["Image.NominalPixelRange"] == "NominalRange_0_255" { options.append("--scale byte") }
    if notes["Image.NominalPixelRange"] == "Normalized_1_1" { options.append("--mean 0.5 --std 0.5") }
    if notes["Image.BitmapPixelFormat"]?.hasPrefix("Bgr") == true { options.append("--channels bgr") }
    guard !options.isEmpty else { return nil }
    return PreprocessingGuess(
      options: options.joined(separator: " "),
      reason: "the file's own notes on its input (metadata_props) say so")
  }
}
