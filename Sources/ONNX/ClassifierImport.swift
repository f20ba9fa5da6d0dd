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
    var (graph, logits, remarks) = try classifierGraph(profile: profile)
    let network: Network
    do {
      let (graph, head) = try graph.simplified().separatingHead()
      network = try Network(graph.simplified(), head: head)
    } catch {
      throw ModelError.noLogits(output: logits.name, problem: "cannot be computed: \(error)")
    }
    if let classes = profile.classes, classes.count != network.classCount {
      throw ModelError.badPreprocessing(
        problem:
          "\(classes.count) class names are given, but the model tells \(network.classCount) classes apart"
      )
    }
    let told = logits.classNames.flatMap { $0.count == network.classCount ? $0 : nil }
    remarks += [network.head.remark, network.straightThroughRemark].compactMap { $0 }
    return Classifier(
      network: network, name: name, classNames: profile.classes ?? told ?? [], digest: "",
      remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "))
  }

  /// The graph of the logits, and what its user has to know of how it came about.
  func classifierGraph(profile: Profile) throws -> (graph: Graph, logits: LogitsOutput, remarks: [String]) {
    let inputs = try SideInputs(self, profile: profile)
    let input = try ImageInput(inputs.image, profile: profile)
    var importer = try Importer(self, builder: GraphBuilder(imageShape: input.imageShape))
    importer.builder.statedBatch = input.statedBatch
    for (name, value) in inputs.values { importer.set(name, to: .known(value)) }
    for remark in inputs.remarks { importer.builder.remark(remark) }
    importer.set(input.name, to: try input.preprocess(profile, &importer.builder))
    let logits = try LogitsOutput.find(
      in: &importer, of: self, named: profile.output, classCount: profile.classes?.count)
    let graph = importer.builder.graph.ending(in: logits.operand)
    let remarks = [logits.remark] + importer.builder.remarks.map { "\($0)" }
    return (graph, logits, remarks.compactMap { $0 })
  }

  /// The inputs that are not weights: early exporters list those too.
  var freeInputs: [Onnx_ValueInfoProto] {
    let weights = Set(model.graph.initializer.map(\.name) + model.graph.sparseInitializer.map(\.values.name))
    return model.graph.input.filter { !weights.contains($0.name) }
  }

  /// The names of the inputs that somebody has to give.
  public var inputNames: [String] { freeInputs.map(\.name) }

  public var outputNames: [String] { model.graph.output.map(\.name) }
}

extension Head {
  /// What was done to the model's end, in a sentence; nil where nothing was.
  fileprivate var remark: String? {
    let names = operators.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    let place = names.isEmpty ? nil : "before the final \(list(names))"
    if isBinary {
      return "the model gives one number z: its two classes have the logits 0 and z" + (place.map { ", taken \($0)" } ?? "")
    }
    return place.map { "margins are taken on the logits \($0)" }
  }
}
