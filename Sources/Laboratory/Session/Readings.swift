internal import CanonicalJSON
internal import Drawing
internal import Explorer
internal import Foundation
internal import Images
internal import Networks
internal import ONNX
internal import Synchronization
internal import Tensors

/// How pictures are read that a person chose while the program runs, by the model's file.
final class Readings: Sendable {
  private let chosen = Mutex<[String: ModelReading]>([:])

  private static func key(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }

  /// Adds what is chosen to what was.
  func choose(_ reading: ModelReading, for path: String) {
    chosen.withLock { all in
      var known = all[Self.key(path)] ?? ModelReading()
      if reading.range != nil {
        (known.range, known.mean, known.std, known.channels) = (
          reading.range, reading.mean, reading.std, reading.channels
        )
      }
      if reading.resize != nil { (known.resize, known.crop) = (reading.resize, reading.crop) }
      all[Self.key(path)] = known
    }
  }

  /// What was chosen as a profile; empty where nothing was.
  func profile(of path: String) -> Profile {
    chosen.withLock { $0[Self.key(path)] }.map { Profile($0) } ?? Profile()
  }

  /// The same as words of a command line.
  func arguments(of path: String) -> [String] {
    guard let reading = chosen.withLock({ $0[Self.key(path)] }) else { return [] }
    var words: [String] = []
    let profile = Profile(reading)
    let list = { (values: [Float]) in values.map { "\($0)" }.joined(separator: ",") }
    if let scale = profile.scale { words += ["--scale", scale.rawValue] }
    if let mean = profile.mean { words += ["--mean", list(mean)] }
    if let std = profile.std { words += ["--std", list(std)] }
    if let channels = profile.channels { words += ["--channels", channels.rawValue] }
    switch profile.resize {
    case .shortSide(let side)?: words += ["--resize", "\(side)"]
    case .exactly(let height, let width)?: words += ["--resize", "\(height)x\(width)"]
    case nil: break
    }
    if let crop = profile.crop { words += ["--crop", "\(crop)"] }
    return words
  }
}

extension Profile {
  init(_ reading: ModelReading) {
    self.init(resize: reading.resize, crop: reading.crop)
    guard let range = reading.range else { return }
    scale = range[1] > 16 ? .byte : range[1] > 1 ? .sixteen : .unit
    // What is not done is said too, or an earlier statement would be.
    mean = reading.mean ?? [0]
    std = reading.std ?? [1]
    channels = reading.channels.flatMap { Channels(rawValue: $0) }
  }

  /// Writes MODEL.json, with what stands there already and is not said now; returns the path.
  static func write(_ reading: Profile, besideModelAt path: String) throws -> String {
    let profile = try Profile(besideModelAt: path).overridden(by: reading)
    let file = Profile.place(besideModelAt: path)
    let encoder = CanonicalJSON.encoder
    encoder.outputFormatting.insert(.prettyPrinted)
    try OutputFile.write(Array(try encoder.encode(profile)) + Array("\n".utf8), to: file)
    return file
  }
}

// MARK: - Offers

extension Offer {
  /// What to do with pictures of another size than a model takes; nil for any other problem.
  init?(_ problem: any Error, modelAt path: String) {
    guard case ImageError.wrongSize(let place, let found, let wanted, true) = problem, found.rank == 3 else {
      return nil
    }
    let (height, width) = (wanted[1], wanted[2])
    let squash = ModelReading(resize: .exactly(height: height, width: width))
    var choices = [Choice(.character("s"), "squash them to \(width)×\(height)", .read(model: path, squash))]
    if height == width {
      let short = height >= 128 ? height * 8 / 7 : height
      let title =
        short == height
        ? "resize the short side to \(height) and cut out the middle"
        : "resize the short side to \(short) and cut \(height)×\(height) out of the middle, as ImageNet's networks are tested"
      let crop = ModelReading(resize: .shortSide(short), crop: height)
      choices.insert(Choice(.enter, title, .read(model: path, crop)), at: 0)
    }
    self.init(
      title: "images of another size",
      text: "\(place) has \(found[2])×\(found[1]) pixels, the model takes \(width)×\(height).",
      choices: choices)
  }

  /// Asks for pictures, where nothing says which a model knows; `set` is what it was trained on, where that is to be had.
  static func pictures(for model: OpenModel, set: PublishedSet?) -> Offer {
    let shape = model.imageShape
    let size = "\(shape[2])×\(shape[1])" + (shape[0] == 1 ? ", grey" : "")
    let known = model.profile.dataset.map { "It was trained on \($0). " } ?? ""
    var choices = [Choice(.enter, "name a folder, a file or a set", .askImages)]
    if let set {
      choices.append(
        Choice(
          .character("f"), "fetch \(set.title), \((set.bytes + 500_000) / 1_000_000) MB",
          .install(set: set.name)))
    }
    if shape[0] == 3, shape[1] == 32, shape[2] == 32 {
      choices.append(
        Choice(
          .character("d"), "use the drawn shapes anyway: their classes are not the model's",
          .images(spec: "shapes")))
    }
    return Offer(
      title: "which images?",
      text:
        "\(model.classifier.name) takes images of \(size) and tells \(model.classifier.network.classCount) "
        + "classes apart. \(known)Give it images of that kind; a folder of class folders also gives its accuracy.",
      choices: choices)
  }
}
