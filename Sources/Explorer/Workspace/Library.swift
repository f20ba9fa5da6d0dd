internal import Checkup
public import Drawing
public import Networks

/// A model that can be opened, as the table of models shows it.
public struct ModelEntry: Hashable, Sendable {
  /// Whether the network has curvature of its own, or is linear in pieces.
  public enum Smoothness: String, Hashable, Sendable { case smooth, piecewiseLinear }

  /// The file's name without its suffix.
  public var name: String
  /// Path of the model file, which tells entries apart.
  public var path: String
  /// The data set it was trained on, as people call it; empty where unknown.
  public var dataSet: String
  /// Share of test images classified rightly, 0…1; nil where nobody measured it.
  public var accuracy: Double?
  /// Size of the file with its external data.
  public var bytes: Int?
  /// nil until the file was read, and where it makes no classifier.
  public var smoothness: Smoothness?
  /// Its operators by name, such as `Conv Relu MaxPool Gemm`.
  public var operators: [String]
  /// A sentence on what was done to the graph or on where the model comes from.
  public var remark: String?
  /// How its pixels are read, and where that is known from; nil until the file was read.
  public var pixels: String?
  /// Why it cannot be used, in one sentence; nil where it can.
  public var problem: String?

  public init(
    name: String, path: String, dataSet: String = "", accuracy: Double? = nil, bytes: Int? = nil,
    smoothness: Smoothness? = nil, operators: [String] = [], remark: String? = nil, pixels: String? = nil,
    problem: String? = nil
  ) {
    self.name = name
    self.path = path
    self.dataSet = dataSet
    self.accuracy = accuracy
    self.bytes = bytes
    self.smoothness = smoothness
    self.operators = operators
    self.remark = remark
    self.pixels = pixels
    self.problem = problem
  }
}

/// A set of images that can be opened.
public struct SetEntry: Hashable, Sendable {
  /// As the list of sets calls it.
  public var name: String
  /// What `--images` takes: a path, or the name of a bundled set.
  public var spec: String
  /// Number of images; nil until it is opened.
  public var count: Int?
  /// Where it comes from, in a word: `drawn`, `installed` or `yours`; nil where it is not here.
  public var remark: String?
  /// Why it cannot be opened, in one sentence; nil where it can.
  public var problem: String?
  /// How it can be had; nil where it is here.
  public var installation: Installation?

  /// A set that its publisher's server holds.
  public struct Installation: Hashable, Sendable {
    /// What `data install` calls it.
    public var name: String
    /// Bytes to fetch.
    public var bytes: Int

    public init(name: String, bytes: Int) {
      self.name = name
      self.bytes = bytes
    }

    /// Such as `170 MB`.
    var size: String { "\((bytes + 500_000) / 1_000_000) MB" }

    var command: String { "boundaryscope data install \(name)" }
  }

  public init(
    name: String, spec: String, count: Int? = nil, remark: String? = nil, problem: String? = nil,
    installation: Installation? = nil
  ) {
    self.name = name
    self.spec = spec
    self.count = count
    self.remark = remark
    self.problem = problem
    self.installation = installation
  }
}

/// A model that was opened: its row of the table and what only the file itself could tell.
public struct OpenedModel: Hashable, Sendable {
  /// Its row, brought up to date when the model was opened.
  public var entry: ModelEntry
  /// SHA-256 of the model; results belong to it.
  public var digest: String
  /// One name a class; empty where nobody said.
  public var classNames: [String]
  /// Whether they are guessed, so that those of the images go before them.
  public var namesAreGuessed = false
  /// C×H×W of an image.
  public var inputShape: [Int]
  /// Number of classes.
  public var classCount: Int
  /// What its reading of pixels goes by; nil where unknown.
  public var readingSource: Preprocessing.Source?
  /// Multiply-adds of a forward pass of one image; 0 where unknown.
  public var multiplyAdds = 0
  /// Whether an operation of its graph was left in training mode, and whether it rounds or compares values.
  public var isInTrainingMode = false
  /// Whether derivatives pass straight through roundings and comparisons, whose own are zero.
  public var passesStraight = false
  /// The options of the command line that it was opened with, as words.
  public var options: [String]

  public init(
    entry: ModelEntry, digest: String, classNames: [String], inputShape: [Int], classCount: Int,
    options: [String] = []
  ) {
    self.entry = entry
    self.digest = digest
    self.classNames = classNames
    self.inputShape = inputShape
    self.classCount = classCount
    self.options = options
  }

  /// A model as its classifier describes it: digest, names, cost and how pixels are read.
  public init(
    entry: ModelEntry, classifier: Classifier, inputShape: [Int], classCount: Int, options: [String]
  ) {
    self.init(
      entry: entry, digest: classifier.digest, classNames: classifier.classNames, inputShape: inputShape,
      classCount: classCount, options: options)
    namesAreGuessed = classifier.namesAreGuessed
    multiplyAdds = classifier.network.multiplyAdds
    readingSource = classifier.preprocessing?.source
    isInTrainingMode = classifier.wasInTrainingMode
    passesStraight = classifier.network.isStraightThrough
  }
}

extension Workspace {
  /// Lists what there is, with what was opened by its path first.
  mutating func list(_ listed: [ModelEntry], _ listedSets: [SetEntry]) {
    let known = listed.filter { entry in !catalogue.openedModels.contains { $0.path == entry.path } }
    if let entry = subject.model?.entry, !known.contains(where: { $0.path == entry.path }) {
      catalogue.openedModels = [entry] + catalogue.openedModels.filter { $0.path != entry.path }
    }
    let knownSets = listedSets.filter { set in !catalogue.openedSets.contains { $0.spec == set.spec } }
    if let images = subject.images, !knownSets.contains(where: { $0.spec == images.spec }) {
      let name = images.spec.split(separator: "/").last.map(String.init) ?? images.name
      let set = SetEntry(name: name, spec: images.spec, count: images.count, remark: "yours")
      catalogue.openedSets = [set] + catalogue.openedSets.filter { $0.spec != set.spec }
    }
    (catalogue.models, catalogue.sets) = (catalogue.openedModels + known, catalogue.openedSets + knownSets)
  }
}

/// A set of images that was opened.
public struct OpenedImages: Hashable, Sendable {
  /// What reports call the set.
  public var name: String
  /// What they were opened by: a path or the name of a set.
  public var spec: String
  /// Number of images.
  public var count: Int
  /// Names of the classes of ``truth``; empty where nobody said.
  public var classNames: [String]
  /// The true class of each image; empty where nobody knows.
  public var truth: [Int?]
  /// What a person should know of how the set was understood, a sentence each.
  public var remarks: [String] = []
  /// The image that is looked at first.
  public var first = 0
  /// SHA-256 of the images; results belong to it.
  public var digest: String

  public init(
    name: String, spec: String, count: Int, classNames: [String] = [], truth: [Int?] = [], digest: String
  ) {
    self.name = name
    self.spec = spec
    self.count = count
    self.classNames = classNames
    self.truth = truth
    self.digest = digest
  }
}

/// An image of the set as a small picture.
public typealias Thumbnail = RGBImage
