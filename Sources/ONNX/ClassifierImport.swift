internal import FoundationEssentials
public import Networks
internal import ONNXSchema
internal import Tensors

/// Raised whenever the same file begins to be read as another network, so that nothing kept of the old one is found.
private let readingVersion = 2

/// Opens a model file as a classifier of canonical pixels.
///
/// How it wants its pixels is said by `options`, by the profile beside it, by the notes in the file, by the files beside
/// it or by its graph, the earlier before the later; ``Classifier/preprocessing`` tells which.
///
/// - Parameters:
///   - path: The ONNX file.
///   - options: What the command line says about preprocessing, output and class names.
///   - images: What the images say that it is opened for, behind all others.
///   - published: Names of classes for models that look trained on a well-known set.
/// - Returns: The classifier; its digest is the SHA-256 of the model, of its external data, of the profile in force, of
///   what was done to the graph, of the output taken and of ``readingVersion``; names of classes are no part of it, for no number comes of them.
/// - Throws: ``ModelError``, one sentence on what is wrong and what would work.
public func openClassifier(
  path: String, options: Profile = Profile(), images: Profile? = nil, published: PublishedNames? = nil
) throws -> Classifier {
  let file = try ModelFile(path: path)
  let said = try file.statements(options: options) + (images.map { [Statement(ofImages: $0)] } ?? [])
  var (classifier, profile, output) = try file.classifier(said, published)
  profile.classes = nil
  let reading = ["reading \(readingVersion)", classifier.remark ?? "", output].map { Data($0.utf8) }
  var digest = Digest()
  for part in file.contents { try part.add(to: &digest) }
  for part in [profile.canonicalBytes] + reading { part.withUnsafeBytes { digest.update($0) } }
  try file.checkCurrent()
  classifier.digest = digest.hexadecimal
  return classifier
}

extension ModelFile {
  /// The model as a classifier, its digest left empty; `profile` goes before all that the file and those beside it say.
  public func classifier(profile: Profile) throws -> Classifier {
    try classifier(try statements(options: profile)).classifier
  }

  /// The classifier, the profile in force, and the name of the output taken.
  func classifier(
    _ statements: [Statement], _ published: PublishedNames? = nil
  ) throws -> (classifier: Classifier, profile: Profile, output: String) {
    let frame = Reading.frame(statements)
    let inputs = try SideInputs(self, profile: frame)
    let input = try ImageInput(inputs.image, profile: frame)
    var (graph, logits, remarks) = try classifierGraph(input, inputs, frame)
    let said = statements + logits.statements
    var reading = reading(of: input, said, graph, classes: logits.shape.count)
    try input.rescale(&graph, as: reading.profile)
    let network: Network
    do {
      var (graph, head) = try graph.simplified().separatingHead()
      if isClassical, let own = graph.separatingOpposites(behind: head) { (graph, head) = own }
      network = try Network(graph.simplified(), head: head)
    } catch {
      throw ModelError.noLogits(output: logits.name, problem: "cannot be computed: \(error)")
    }
    let guess = published?.statement(input.imageShape, classes: network.classCount, words: words)
    try reading.name(classes: network.classCount, else: guess)
    remarks += [network.head.remark, network.straightThroughRemark].compactMap { $0 }
    let classifier = Classifier(
      network: network, name: name, classNames: reading.profile.classes ?? [], digest: "",
      remark: remarks.isEmpty ? nil : remarks.joined(separator: "; "), preprocessing: reading.preprocessing)
    return (classifier, reading.profile, logits.name)
  }

  /// The graph of the logits, and what its user has to know of how it came about.
  private func classifierGraph(
    _ input: ImageInput, _ inputs: SideInputs, _ frame: Profile
  ) throws -> (graph: Graph, logits: LogitsOutput, remarks: [String]) {
    var importer = try Importer(
      self, builder: GraphBuilder(imageShape: input.imageShape, budget: foldingBudget))
    importer.builder.statedBatch = input.statedBatch
    if input.statedBatch > 1 { importer.builder.remark(.oneImage(of: input.statedBatch)) }
    for (name, value) in inputs.values { importer.set(name, to: .known(value)) }
    for remark in inputs.remarks { importer.builder.remark(remark) }
    importer.set(input.name, to: try input.arrange(frame, &importer.builder))
    let logits = try LogitsOutput.find(
      in: &importer, of: self, named: frame.output, classCount: frame.classes?.count)
    let graph = importer.builder.graph.ending(in: logits.operand)
    let remarks = [logits.remark] + importer.builder.remarks.map { "\($0)" }
    return (graph, logits, remarks.compactMap { $0 })
  }

  /// What the model is called, in the file and by its name.
  private var words: String { "\(name) \(model.graph.name)" }

  /// Whether it is of the kind that scikit-learn trains, which writes one decision function down for two classes.
  private var isClassical: Bool {
    model.producerName == "skl2onnx" || model.graph.node.contains { $0.domain == "ai.onnx.ml" }
  }

  /// The inputs that are not weights: early exporters list those too.
  var freeInputs: [Onnx_ValueInfoProto] {
    let weights = Set(model.graph.initializer.map(\.name) + model.graph.sparseInitializer.map(\.values.name))
    return model.graph.input.filter { !weights.contains($0.name) }
  }

  /// The names of the inputs that somebody has to give.
  public var inputNames: [String] { freeInputs.map(\.name) }

  /// The names of the outputs in the model's order, whatever they hold.
  public var outputNames: [String] { model.graph.output.map(\.name) }
}

extension Head {
  /// What was done to the model's end, in a sentence; nil where nothing was.
  fileprivate var remark: String? {
    let names = operators.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    let place = names.isEmpty ? nil : "before the final \(list(names))"
    if isBinary {
      return "the model decides by one number z: its two classes have the logits 0 and z"
        + (place.map { ", taken \($0)" } ?? "")
    }
    return place.map { "margins are taken on the logits \($0)" }
  }
}
