internal import ArgumentParser
internal import Drawing
internal import Experiments
internal import Files
internal import Foundation
internal import Images
internal import Laboratory
internal import ONNX
internal import Tensors

/// Any graph at any arrays, so that others can check the operators against their own.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate any ONNX graph on arrays of your own.",
    discussion: """
      The arrays go into the graph as they are. Floats have single precision; integers and Booleans are exact. \
      Outputs go to the folder of --output, one .npy file each.
      """)

  @Argument(help: "An ONNX file, or the name of a bundled model.", completion: .file(extensions: ["onnx"]))
  var model: String

  @Option(
    name: .long, parsing: .upToNextOption,
    help: ArgumentHelp(
      "An array for each input, .npy or ONNX's .pb; without names, in the order of the inputs.",
      valueName: "[name=]file"))
  var input: [String] = []

  @Option(
    name: .customLong("output-name"),
    help: ArgumentHelp("Only this output, or any value within the graph.", valueName: "name"))
  var outputName: String?

  @OptionGroup var assets: AssetOptions

  @Flag(name: .long, help: "Print exactly one JSON document.")
  var json = false

  @Option(
    name: .long, help: ArgumentHelp("Where the arrays go.", valueName: "folder"), completion: .directory)
  var output: String?

  struct Outcome: Encodable {
    struct Output: Encodable {
      var name: String
      var shape: [Int]
      var type: String
      /// Where the array was written; null without `--output`.
      @OrNull var file: String?
    }
    var outputs: [Output]
  }

  func run() throws {
    let file = try ModelFile(path: try ModelOptions.path(of: model, assets))
    let results = try file.evaluate(try inputs(of: file), output: outputName)
    let folder = try output.map(Self.folder)
    var outcome = Outcome(outputs: [])
    for (i, result) in results.enumerated() {
      let path = folder.map { $0.appending(path: Self.fileName(result.name, i)).path }
      if let path { try NPY.write(result.value.numbers, shape: result.value.shape, to: path) }
      outcome.outputs.append(
        .init(name: result.name, shape: result.value.shape.extents, type: result.value.type.name, file: path))
    }
    if json { try printJSON(outcome) } else { describe(outcome, results.map(\.value)) }
  }

  /// The arrays by the inputs they are for.
  private func inputs(of file: ModelFile) throws -> [String: Value] {
    var free = file.inputNames
    var values: [String: Value] = [:]
    for argument in input {
      let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
      let isNamed = parts.count == 2 && !FileManager.default.fileExists(atPath: argument)
      guard isNamed || !free.isEmpty else {
        throw ModelError.badInput(
          name: argument, problem: "is one too many: the model has \(file.inputNames.count)")
      }
      let name = isNamed ? parts[0] : free[0]
      free.removeAll { $0 == name }
      values[name] = try Self.read(isNamed ? parts[1] : argument, for: name)
    }
    return values
  }

  private static func read(_ path: String, for name: String) throws -> Value {
    if path.hasSuffix(".pb") {
      let bytes: [UInt8]
      do throws(FileProblem) {
        bytes = try RegularFile.contents(of: path, atMost: 1 << 30)
      } catch {
        throw error == .missing
          ? ModelError.missingFile(path: path)
          : ModelError.unreadableFile(path: path, reason: error.description)
      }
      return try Value(serializedTensor: Data(bytes), name: name)
    }
    let (shape, numbers) = try NPY.readNumbers(path)
    return switch numbers {
    case .floats(let values): Value(Tensor(shape: shape, elements: values))
    case .integers(let values): Value(shape: shape, integers: values)
    case .flags(let values): Value(shape: shape, flags: values)
    }
  }

  private static func folder(_ path: String) throws -> URL {
    let url = URL(filePath: path)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw Refusal(.cannotWrite, "cannot write \(path): it is not a folder, and none can be made there")
    }
    return url
  }

  /// The output's name where that is a file's name too, else its number.
  private static func fileName(_ name: String, _ i: Int) -> String {
    let isPlain = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
    return (isPlain && name.first != "." ? name : "output_\(i)") + ".npy"
  }

  private func describe(_ outcome: Outcome, _ values: [Value]) {
    for (output, value) in zip(outcome.outputs, values) {
      let shape = output.shape.isEmpty ? "scalar" : output.shape.map(String.init).joined(separator: "×")
      let first = value.tensor.elements.prefix(6).map { Number.figure(Double($0)) }.joined(separator: " ")
      print("\(output.name)  \(shape)  \(output.type)  \(first)\(value.shape.count > 6 ? " …" : "")")
      if let file = output.file { print("  written to \(file)") }
    }
  }
}

extension Value {
  fileprivate var numbers: NPYNumbers {
    switch elements {
    case .float(let values): .floats(values)
    case .integer(let values): .integers(values)
    case .boolean(let values): .flags(values)
    }
  }
}
