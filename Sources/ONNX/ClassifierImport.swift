public import FoundationEssentials
public import Networks
internal import ONNXSchema
internal import Tensors

/// Opens a model file as a classifier of canonical pixels.
///
/// The profile beside the model says how it wants its pixels; what `options` say goes before it.
///
/// - Parameters:
///   - path: The ONNX file.
///   - options: What the command line says about preprocessing, output and class names.
///   - digest: Turns the bytes of the model, of its external data and of the profile in force into a digest.
/// - Returns: The classifier, with its digest.
/// - Throws: ``ModelError``, one sentence on what is wrong and what would work.
public func openClassifier(
  path: String, options: Profile = Profile(), digest: ([Data]) throws -> String = { _ in "" }
) throws -> Classifier {
  let file = try ModelFile(path: path)
  let profile = try Profile(besideModelAt: path).overridden(by: options)
  var classifier = try file.classifier(profile: profile)
  classifier.digest = try digest(file.contents + [profile.canonicalBytes])
  return classifier
}

extension ModelFile {
  /// The model as a classifier; its digest is left empty.
  public func classifier(profile: Profile) throws -> Classifier {
    let (graph, logits) = try classifierGraph(profile: profile)
    let network: Network
    do {
      network = try Network(graph.simplified())
    } catch {
      throw ModelError.noLogits(output: logits.name, problem: "cannot be computed: \(error)")
    }
    if let classes = profile.classes, classes.count != network.classCount {
      throw ModelError.badPreprocessing(
        problem:
          "\(classes.count) class names are given, but the model tells \(network.classCount) classes apart"
      )
    }
    return Classifier(
      network: network, name: name, classNames: profile.classes ?? [], digest: "",
      remark: logits.remark)
  }

  func classifierGraph(profile: Profile) throws -> (graph: Graph, logits: LogitsOutput) {
    let input = try ImageInput(imageInput, profile: profile)
    var importer = try Importer(self, builder: GraphBuilder(imageShape: input.imageShape))
    importer.set(input.name, to: try input.preprocess(profile, &importer.builder))
    let logits = try LogitsOutput.find(in: &importer, of: self, named: profile.output)
    return (importer.builder.graph.ending(in: logits.operand), logits)
  }

  /// The inputs that are not weights: early exporters list those too.
  var freeInputs: [Onnx_ValueInfoProto] {
    let weights = Set(model.graph.initializer.map(\.name))
    return model.graph.input.filter { !weights.contains($0.name) }
  }

  /// The names of the inputs that somebody has to give.
  public var inputNames: [String] { freeInputs.map(\.name) }

  public var outputNames: [String] { model.graph.output.map(\.name) }

  var imageInput: Onnx_ValueInfoProto {
    get throws {
      let used = Set(model.graph.node.flatMap(\.input))
      let inputs = freeInputs.filter { used.contains($0.name) }
      guard let input = inputs.first else {
        throw ModelError.noImageInput(problem: "it has no input")
      }
      guard inputs.count == 1 else {
        let names = inputs.prefix(6).map { "'\($0.name)'" }.joined(separator: ", ")
        throw ModelError.noImageInput(
          problem: "it has several inputs, \(names); a classifier has one")
      }
      return input
    }
  }
}
