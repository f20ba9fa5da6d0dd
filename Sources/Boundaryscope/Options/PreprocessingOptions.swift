internal import ArgumentParser
internal import Drawing
internal import Foundation
internal import Laboratory
internal import Networks
internal import ONNX

/// What a model wants done to pixels in [0, 1] before it; each option wins over the profile beside the model.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    name: .long,
    help: "unit: pixels from 0 to 1; byte: from 0 to 255; 16: from 0 to 16, as scikit-learn's digits.")
  var scale: Profile.Scale?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Subtracted after scaling; one number, or one for each channel.", valueName: "a,b,c"))
  var mean: NumberList?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp(
      "Divided by after subtracting; one number, or one for each channel.", valueName: "a,b,c"))
  var std: NumberList?

  @Option(name: .long, help: "The order in which the model takes its channels.")
  var channels: Profile.Channels?

  @Option(name: .long, help: "Where the channels are in the model's input.")
  var layout: Profile.Layout?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Resize the short side of pictures, or height and width.", valueName: "side|HxW"))
  var resize: ResizeSides?

  @Option(
    name: .long, parsing: .unconditional,
    help: ArgumentHelp("Cut a square out of the middle.", valueName: "side"), transform: WholeNumber.side)
  var crop: Int?

  @Option(name: .long, help: "How resizing interpolates.")
  var interpolation: Preprocessing.Interpolation?

  @Option(
    name: .customLong("output-name"), help: ArgumentHelp("The output with the logits.", valueName: "name"))
  var outputName: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The value of an input besides the image, such as training=0.", valueName: "name=value"))
  var set: [SetValue] = []

  @Option(
    name: .long, help: ArgumentHelp("Class names, one per line.", valueName: "file"), completion: .file())
  var labels: String?

  mutating func validate() throws {
    let sides = (resize?.sides ?? []).map { ("--resize", $0) } + (crop.map { [("--crop", $0)] } ?? [])
    for (name, side) in sides where !(1...16_384).contains(side) {
      throw ValidationError("\(name) \(side): a side is between 1 and 16384 pixels")
    }
  }

  func profile() throws -> Profile {
    var profile = Profile(
      scale: scale, mean: mean?.floats, std: std?.floats, channels: channels, layout: layout,
      classes: try labels.map(Self.classNames), output: outputName, resize: resize?.resize, crop: crop,
      interpolation: interpolation)
    if !set.isEmpty { profile.set = Dictionary(set.map { ($0.name, $0.value) }) { $1 } }
    return profile
  }

  /// The options that were said, as words of a command line.
  var arguments: [String] {
    let said: [(String, String?)] = [
      ("--scale", scale?.rawValue), ("--mean", mean?.text), ("--std", std?.text),
      ("--channels", channels?.rawValue), ("--layout", layout?.rawValue), ("--resize", resize?.text),
      ("--crop", crop.map(String.init)), ("--interpolation", interpolation?.rawValue),
      ("--output-name", outputName), ("--labels", labels),
    ]
    return said.flatMap { name, value in value.map { [name, $0] } ?? [] }
      + set.flatMap { ["--set", $0.text] }
  }

  private static func classNames(_ path: String) throws -> [String] {
    guard FileManager.default.fileExists(atPath: path) else {
      throw Refusal(.noSuchFile, "\(path): no such file")
    }
    guard let names = ClassNames.read(path) else {
      throw Refusal(.badData, "\(path) is not a text file of class names, one per line")
    }
    return names
  }
}

/// A short side, or height and width: `256`, `224x320`.
struct ResizeSides: ExpressibleByArgument {
  let sides: [Int]

  init?(argument: String) {
    let parts = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), !parts.contains(nil) else { return nil }
    sides = parts.compactMap { $0 }
  }

  var text: String { sides.map(String.init).joined(separator: "x") }

  var resize: Preprocessing.Resize {
    sides.count == 1 ? .shortSide(sides[0]) : .exactly(height: sides[0], width: sides[1])
  }
}

/// An input's name and its value: `training=0`.
struct SetValue: ExpressibleByArgument {
  let name: String
  let value: Double

  init?(argument: String) {
    guard let sign = argument.lastIndex(of: "="), sign > argument.startIndex,
      let value = Double(argument[argument.index(after: sign)...]), value.isFinite
    else { return nil }
    (name, self.value) = (String(argument[..<sign]), value)
  }

  var text: String { "\(name)=\(value)" }
}

/// Numbers with commas between them.
struct NumberList: ExpressibleByArgument {
  let numbers: [Double]

  var defaultValueDescription: String { numbers.map { Number.figure($0) }.joined(separator: ",") }

  /// As it was typed.
  let text: String

  var floats: [Float] { numbers.map { Float($0) } }

  init(_ numbers: [Double]) {
    self.numbers = numbers
    text = numbers.map { "\($0)" }.joined(separator: ",")
  }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard !parts.isEmpty, parts.allSatisfy({ $0.map { Float($0).isFinite } ?? false }) else { return nil }
    numbers = parts.compactMap { $0 }
    text = argument
  }
}
