internal import Networks
internal import Tensors

/// What most models of a size and number of classes want, where nothing else tells.
///
/// ImageNet's networks are nearly all trained on pixels normalised by its moments, caffe's on bytes of blue, green, red
/// with its means taken off: that is done, and called a guess. Networks that take channels last come from a library
/// with three customs, small images have as many: there the usual options are named and nothing is done.
enum Guess {
  static func statement(_ input: ImageInput, classes: Int, producer: String) -> Statement? {
    guard isImageNet(input, classes), input.arrangement == .nchw else { return nil }
    let place = "\(classes) classes of \(input.imageShape.entry) pixels, as ImageNet has"
    let producer = producer.lowercased()
    if producer.contains("caffe") {
      let profile = Profile(scale: .byte, mean: [104, 117, 123], channels: .bgr)
      return Statement(source: .guess, place: place + ", written by caffe", profile: profile)
    }
    if producer.contains("tf") || producer.contains("keras") || producer.contains("tensorflow") { return nil }
    let (mean, std) = PixelRange.imageNet
    return Statement(source: .guess, place: place, profile: Profile(scale: .unit, mean: mean, std: std))
  }

  /// The options that would be usual.
  static func hint(_ input: ImageInput, classes: Int) -> String? {
    let shape = input.imageShape
    if isImageNet(input, classes) {
      return "--mean 0.5 --std 0.5, or --scale byte --channels bgr --mean 103.9,116.8,123.7"
    }
    switch (shape[1], shape[2], classes) {
    case (3, 32, 10), (3, 32, 100):
      return "--mean 0.4914,0.4822,0.4465 --std 0.247,0.2435,0.2616, or --mean 0.5 --std 0.5"
    case (1, 28, 10): return "--mean 0.1307 --std 0.3081"
    default: return nil
    }
  }

  private static func isImageNet(_ input: ImageInput, _ classes: Int) -> Bool {
    let shape = input.imageShape
    return shape[1] == 3 && min(shape[2], shape[3]) >= 160 && (1000...1001).contains(classes)
  }
}
