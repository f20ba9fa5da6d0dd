internal import Networks
internal import Tensors

/// How a model's pixels are read, once all that is said of them has been weighed.
///
/// Scale, mean and standard deviation belong together and are taken from the first that says any of them; so are
/// resizing and cropping. Options alone are laid over the profile one by one. A statement of the notes or of a file
/// of another number of channels is another model's and is left out; one of another size was made before the model was
/// exported in this one, so that its size alone is left out. Both are said.
struct Reading {
  /// What is in force.
  private(set) var profile: Profile
  private(set) var preprocessing: Preprocessing

  private let statements: [Statement]

  /// What the size of an image left open by the model, its layout, the other inputs and the output go by, before the
  /// graph is built.
  static func frame(_ statements: [Statement]) -> Profile {
    let size = first(statements, \.sizes)?.profile
    var frame = Profile(
      layout: statements.lazy.compactMap(\.profile.layout).first,
      output: statements.lazy.compactMap(\.profile.output).first, resize: size?.resize, crop: size?.crop,
      interpolation: size?.interpolation)
    frame.centring = size?.centring
    frame.classes = statements.lazy.compactMap(\.profile.classes).first
    frame.set = first(statements) { $0.profile.set != nil }?.profile.set
    return frame
  }

  /// Weighs what is said of an input, the weightier first, against the arithmetic that the graph begins with.
  init(_ statements: [Statement], input: ImageInput, graph: [Statement], guess: Statement?, hint: String?) {
    var doubts: [String] = []
    let suitable = statements.compactMap { statement in
      if let problem = input.objection(to: statement) {
        doubts.append("\(statement.place): \(problem)")
        return nil as Statement?
      }
      guard let problem = input.objection(toSizeOf: statement) else { return statement }
      doubts.append("\(statement.place): \(problem)")
      return statement.withoutSize
    }
    self.statements = statements
    let all = suitable + graph + (guess.map { [$0] } ?? [])
    profile = Self.frame(suitable)
    profile.classes = nil
    let scaling = Self.first(all, \.scales)
    (profile.mean, profile.std) = (scaling?.profile.mean, scaling?.profile.std)
    profile.scale = scaling?.profile.scale ?? Self.scale(of: profile.mean)
    let order = input.imageShape[1] == 3 ? Self.first(all) { $0.profile.channels != nil } : nil
    profile.channels = order?.profile.channels
    if let scaling { doubts += Self.contradictions(scaling, graph, profile) }
    if let doubt = input.doubt(ofOrderWith: profile.layout) { doubts.append(doubt) }

    let says = scaling ?? order
    let shape = input.imageShape
    preprocessing = Preprocessing(
      range: 0...(profile.scale ?? .unit).white, mean: profile.mean, std: profile.std,
      channels: shape[1] == 1 ? "grey" : (profile.channels ?? .rgb).rawValue,
      layout: input.arrangement.rawValue,
      size: .init(
        height: shape[2], width: shape[3], resize: profile.resize, crop: profile.crop,
        centring: profile.centring, interpolation: profile.interpolation,
        source: Self.first(suitable, \.sizes)?.source ?? .none),
      source: says?.source ?? .none, place: says?.place ?? "", hint: scaling == nil ? hint : nil,
      doubts: doubts)
  }

  /// The first statement with a property; an option completed by the profile.
  private static func first(_ statements: [Statement], _ has: (Statement) -> Bool) -> Statement? {
    guard var found = statements.first(where: has) else { return nil }
    if found.source == .option, let own = statements.first(where: { $0.source == .profile }) {
      found.profile = own.profile.overridden(by: found.profile)
    }
    return found
  }

  /// No pixels from 0 to 1 have a mean above 1.
  private static func scale(of mean: [Float]?) -> Profile.Scale? {
    mean.flatMap { $0.max() ?? 0 > 1 ? .byte : nil }
  }

  /// Where the arithmetic of the graph is not for pixels as another source has them.
  private static func contradictions(_ said: Statement, _ graph: [Statement], _ profile: Profile) -> [String]
  {
    guard let own = graph.first(where: \.scales), own.source != said.source,
      said.source != .option || said.profile.scale == nil
    else { return [] }
    let isNormalized = profile.mean != nil || profile.std != nil
    let scale = profile.scale ?? .unit
    guard own.profile.scale != scale || isNormalized != (own.profile.mean != nil) else { return [] }
    let wanted =
      own.profile.mean != nil
      ? "normalised pixels" : "0 to \(Preprocessing.short((own.profile.scale ?? .unit).white))"
    return ["\(own.place), as for \(wanted), against what is done here (\(said.place)): --scale settles it"]
  }
}

// MARK: - Names

extension Reading {
  /// Settles what the classes are called: as somebody says, else as those of a published set.
  ///
  /// - Throws: ``ModelError`` where options or the profile name another number of classes.
  mutating func name(classes count: Int, else published: Statement?) throws {
    var misfits: [String] = []
    for statement in statements + (published.map { [$0] } ?? []) {
      for names in statement.nameLists where names.count == count || Self.lacksBackground(names, count) {
        profile.classes = names.count == count ? names : ["background"] + names
        preprocessing.names = .init(source: statement.source, place: statement.place)
        if statement.source == .guess { preprocessing.doubts += misfits }
        return
      }
      guard let names = statement.nameLists.first else { continue }
      if statement.source == .option || statement.source == .profile {
        throw ModelError.badPreprocessing(
          problem: "\(names.count) class names are given, but the model has \(count) classes")
      }
      misfits.append(
        "\(statement.place): \(names.count) names, but the model has \(count) classes; they are not used"
      )
    }
    preprocessing.doubts += misfits
  }

  /// TensorFlow's networks put a class `background` before ImageNet's thousand.
  private static func lacksBackground(_ names: [String], _ count: Int) -> Bool {
    names.count == 1000 && count == 1001
  }
}
