internal import Networks
internal import ONNXSchema
internal import Tensors

/// What one source says of a model's pixels and classes.
struct Statement {
  var source: Preprocessing.Source
  /// What of the source says so, in words, such as a file's name.
  var place: String
  var profile: Profile
  /// Names that would do for some numbers of classes, where the source does not say how many there are.
  var names: [[String]] = []

  /// Lists of names, of which the one with the right number is taken.
  var nameLists: [[String]] { (profile.classes.map { [$0] } ?? []) + names }

  /// Whether it says how numbers are scaled.
  var scales: Bool { profile.scale != nil || profile.mean != nil || profile.std != nil }

  /// Whether it says how pictures come to their size.
  var sizes: Bool { profile.resize != nil || profile.crop != nil }

  var withoutSize: Statement {
    var statement = self
    (statement.profile.resize, statement.profile.crop, statement.profile.centring) = (nil, nil, nil)
    return statement
  }
}

extension Statement {
  /// What the images say that a model is opened for.
  init(ofImages profile: Profile) {
    let isScaled = profile.scale == .sixteen
    self.init(
      source: .images,
      place: isScaled
        ? "the images hold whole numbers up to 16, as scikit-learn's digits, and nothing says that the model expects others"
        : "the size of the images", profile: profile)
  }
}

// MARK: - All that is said of a model

extension ModelFile {
  /// What options, the profile, the file's notes and the files beside it say, the weightier first.
  ///
  /// - Throws: ``ModelError`` where there is a profile and it cannot be read.
  func statements(options: Profile) throws -> [Statement] {
    let profile = try Profile(besideModelAt: path)
    let said = [
      Statement(source: .option, place: "options", profile: options),
      Statement(source: .profile, place: "\(name).json", profile: profile),
    ]
    return said + FileNotes.statements(model.metadataProps) + FolderNotes.statements(path)
  }

  /// Weighs what is said against what the graph does first.
  func reading(of input: ImageInput, _ statements: [Statement], _ graph: Graph, classes: Int) -> Reading {
    let own =
      (input.typeStatement.map { [$0] } ?? [])
      + Statement.all(InputArithmetic.all(in: graph), graph.imageShape)
    return Reading(
      statements, input: input, graph: own,
      guess: Guess.statement(input, classes: classes, producer: model.producerName),
      hint: Guess.hint(input, classes: classes))
  }
}

extension LogitsOutput {
  /// The names that a classifying operator of the graph gives its classes.
  var statements: [Statement] {
    guard let classNames else { return [] }
    return [
      Statement(source: .notes, place: "the labels in the graph", profile: Profile(), names: [classNames])
    ]
  }
}

extension Statement {
  /// What the arithmetic at the head of a graph says; nothing where two parts of the graph contradict each other.
  static func all(_ arithmetic: [InputArithmetic], _ shape: Shape) -> [Statement] {
    let found = arithmetic.compactMap { arithmetic in
      PixelRange(arithmetic, areDigits: shape.entry == [1, 8, 8]).map { (arithmetic, $0) }
    }
    guard let (arithmetic, range) = found.first, found.allSatisfy({ $0.1 == range }) else { return [] }
    var profile = Profile()
    switch range {
    case .unit: profile.scale = .unit
    case .byte: profile.scale = .byte
    case .sixteen: profile.scale = .sixteen
    case .normalized(let mean, let std): (profile.scale, profile.mean, profile.std) = (.unit, mean, std)
    }
    profile.channels = PixelRange.channels(arithmetic, range)
    let deed = arithmetic.isIdentity ? "clips its input" : "begins with \(arithmetic)"
    return [Statement(source: .graph, place: "the graph \(deed)", profile: profile)]
  }
}
