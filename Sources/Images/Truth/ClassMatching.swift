internal import KnownClasses

/// Which of a model's classes the classes of a set are: by names, by numbers, by the order of the folders, or unknown.
///
/// Names come first: those of the model with those of the set, however they are written. Numbers are taken where the set
/// counts its classes and nothing contradicts. The order of the folders' names, as torchvision's ImageFolder numbers
/// them, is taken only where the model has no names and there are as many folders as classes.
public struct ClassMatching: Sendable, Equatable {
  /// What tells which class of the model a class of the set is.
  public enum Source: String, Sendable {
    case names
    case wordNet
    case numbers
    case order
    /// Nothing settles it, or the set knows no classes.
    case none
  }

  /// What the matching goes by; where that is ``Source/none``, ``classes`` is empty.
  public let source: Source
  /// The model's class of each class of the set; nil for one that the model does not have.
  public let classes: [Int?]
  /// What a person should know of it: what was assumed, or what would settle it.
  public let sentence: String?

  /// The same in short where there is nothing to know.
  public var phrase: String {
    if let sentence { return sentence.hasPrefix("the truth is ") ? String(sentence.dropFirst(13)) : sentence }
    return switch source {
    case .names, .wordNet: "known by the names of the classes"
    case .numbers: "known by the numbers of the classes"
    case .order, .none: "unknown"
    }
  }

  static let unlabelled = ClassMatching(source: .none, classes: [], sentence: nil)

  /// The model's class names, by those of the set, where it says all of them; `count` is the model's number of classes.
  public func namesOfModel(_ names: [String], count: Int) -> [String]? {
    guard source == .order || source == .numbers, names.count == classes.count else { return nil }
    var found = [String?](repeating: nil, count: count)
    for (k, name) in zip(classes, names) { if let k, found.indices.contains(k) { found[k] = name } }
    return found.contains(nil) ? nil : found.compactMap { $0 }
  }

  /// The model's class of an image that the set numbers so.
  public subscript(label: Int?) -> Int? {
    guard let label, classes.indices.contains(label) else { return nil }
    return classes[label]
  }
}

extension ClassMatching {
  /// What a set and a model say of their classes.
  struct Question {
    let names: [String]
    let keys: [ClassKey]
    let modelNames: [String]
    let modelKeys: [ClassKey]
    /// Names of a well-known set that the model only looks trained on: they settle nothing, but may speak against an
    /// order.
    let guessed: [String]
    let count: Int

    /// Names that only count, such as `LABEL_0`, are none.
    init(names: [String], modelNames: [String], guessed: [String] = [], count: Int) {
      self.names = names
      self.guessed = guessed
      self.count = count
      keys = names.map(ClassKey.init)
      let modelKeys = modelNames.map(ClassKey.init)
      let isNamed = !modelKeys.allSatisfy(\.isGeneric) && modelNames.count <= count
      self.modelNames = isNamed ? modelNames : []
      self.modelKeys = isNamed ? modelKeys : []
    }

    /// By names; nil where the model has none.
    var found: [Int?]? {
      guard !modelNames.isEmpty else { return nil }
      let index = ClassIndex(modelNames, modelKeys)
      return zip(names, keys).map { index.find($0, $1) }
    }

    /// Whether the guess names the very classes of the set in another order.
    var isReordered: Bool {
      guard !guessed.isEmpty, guessed.count == names.count else { return false }
      let index = ClassIndex(guessed, guessed.map(ClassKey.init))
      let found = zip(names, keys).map { index.find($0, $1) }
      return !found.contains(nil) && found != Array(names.indices)
    }

    var isNumbered: Bool { !names.isEmpty && keys.allSatisfy { $0.number != nil } }
  }

  /// The classes of a set matched with those of a model with `count` classes; `modelNames` is empty where it has none.
  ///
  /// Names that are only `guessed` make no truth.
  public init(
    _ set: any DataSet, modelNames: [String], guessed: [String] = [], count: Int
  ) throws(ImageError) {
    let question = Question(names: set.classNames, modelNames: modelNames, guessed: guessed, count: count)
    switch set.labelling {
    case .none: self = .unlabelled
    case .names: self = .named(question)
    case .numbers:
      let labels = try set.labels(0..<set.count).compactMap { $0 }
      guard let smallest = labels.min(), let largest = labels.max() else {
        self = .unlabelled
        return
      }
      self = .numbered(question, smallest...largest)
    }
  }

  private static let settled =
    "name the folders after the model's classes, or pass --labels FILE with the model's class names in its order"

  // MARK: - Sets whose classes have names alone

  static func named(_ question: Question) -> ClassMatching {
    if let matching = imageNet(question) { return matching }
    if let found = question.found, found.contains(where: { $0 != nil }) { return named(question, found) }
    if question.isNumbered { return byNumber(question) }
    if question.modelNames.isEmpty, question.names.count == question.count, !question.isReordered {
      return ClassMatching(
        source: .order, classes: Array(0..<question.count),
        sentence:
          "the file names no classes: its classes are taken to be the \(question.count) folders in the order "
          + "of their names, as torchvision's ImageFolder numbers them; --labels FILE with its class names settles it"
      )
    }
    return ClassMatching(source: .none, classes: [], sentence: unknown(question))
  }

  /// Why folders say nothing of the model's classes, and what would settle it.
  private static func unknown(_ question: Question) -> String {
    let folders = "the \(question.names.count) class folders (\(FolderLayout.list(question.names)))"
    let model =
      if question.isReordered {
        "are classes of a well-known set, whose order is not alphabetical and may not be the model's"
      } else if !question.guessed.isEmpty {
        "are not the model's \(question.count) classes, whose names are only a guess"
      } else if question.modelNames.isEmpty {
        "are not the model's \(question.count) classes, which have no names"
      } else {
        "match none of the model's class names (\(FolderLayout.list(question.modelNames)))"
      }
    let way =
      question.modelNames.isEmpty
      ? "--labels FILE with the model's class names in its order settles it" : settled
    return "the truth is unknown: \(folders) \(model); \(way)"
  }

  private static func named(_ question: Question, _ found: [Int?]) -> ClassMatching {
    let strangers = zip(question.names, found).filter { $0.1 == nil }.map(\.0)
    let sentence =
      strangers.isEmpty
      ? nil
      : "\(strangers.count) of \(question.names.count) classes are not among the model's, and the truth of their images "
        + "is unknown: \(FolderLayout.list(strangers))"
    return ClassMatching(source: .names, classes: found, sentence: sentence)
  }

  /// WordNet identifiers with a network of ImageNet-1k, whose names, if it has any, are in ILSVRC's order; a class 0 for
  /// the background shifts them by one.
  private static func imageNet(_ question: Question) -> ClassMatching? {
    let known = KnownClasses.imageNet
    guard question.count == known.identifiers.count || question.count == known.identifiers.count + 1,
      !question.keys.isEmpty, question.keys.allSatisfy({ $0.identifier != nil })
    else { return nil }
    let shift = question.count - known.identifiers.count
    let alike = zip(question.modelKeys.dropFirst(shift), known.names).count { key, names in
      names.contains { name in ([key.whole] + key.parts).contains(ClassKey.canonical(name)) }
    }
    guard question.modelNames.isEmpty || alike * 2 > known.names.count else { return nil }
    let place = Dictionary(uniqueKeysWithValues: zip(known.identifiers, shift..<question.count))
    let found = question.keys.map { $0.identifier.flatMap { place[$0] } }
    let assumed =
      question.modelNames.isEmpty
      ? "the folders have WordNet identifiers and the model has \(question.count) classes without names: they are taken "
        + "in ILSVRC's order" : nil
    let sentences = [assumed, named(question, found).sentence].compactMap { $0 }
    return ClassMatching(
      source: .wordNet, classes: found, sentence: sentences.isEmpty ? nil : sentences.joined(separator: "; "))
  }

  /// Folders named by numbers: the classes themselves, or counted from 1 where all of 1...count are there in an order
  /// that is that of their names too.
  private static func byNumber(_ question: Question) -> ClassMatching {
    let numbers = question.keys.compactMap(\.number)
    if Set(numbers).count == numbers.count, numbers.allSatisfy({ $0 < question.count }) {
      return ClassMatching(source: .numbers, classes: numbers, sentence: nil)
    }
    if numbers == Array(1...question.count) {
      return ClassMatching(
        source: .numbers, classes: numbers.map { $0 - 1 },
        sentence:
          "folders numbered from 1 to \(question.count) are taken as classes 0 to \(question.count - 1)")
    }
    return ClassMatching(
      source: .none, classes: [],
      sentence:
        "the truth is unknown: the folders' numbers (\(FolderLayout.list(question.names))) are not those of the "
        + "model's classes, 0 to \(question.count - 1); \(settled)")
  }

  // MARK: - Sets whose classes have numbers

  static func numbered(_ question: Question, _ labels: ClosedRange<Int>) -> ClassMatching {
    let identity = (0...max(labels.upperBound, question.names.count - 1)).map {
      $0 < question.count ? $0 : nil
    }
    if let found = question.found, !found.isEmpty {
      let known = found.enumerated().filter { $0.element != nil }
      if known.isEmpty, !question.isNumbered || !question.modelKeys.allSatisfy({ $0.number != nil }) {
        return ClassMatching(
          source: .none, classes: [],
          sentence:
            "the truth is unknown: the set's classes (\(FolderLayout.list(question.names))) are not the model's "
            + "(\(FolderLayout.list(question.modelNames))); --labels FILE with the set's names in the model's order settles it"
        )
      }
      if known.contains(where: { $0.element != $0.offset }) { return named(question, found) }
    }
    if labels.upperBound < question.count {
      return ClassMatching(source: .numbers, classes: identity, sentence: nil)
    }
    if labels == 1...question.count {
      return ClassMatching(
        source: .numbers, classes: [nil] + (0..<question.count).map { $0 },
        sentence: "labels from 1 to \(question.count) are taken as classes 0 to \(question.count - 1)")
    }
    return ClassMatching(
      source: .none, classes: [],
      sentence:
        "the truth is unknown: the labels run from \(labels.lowerBound) to \(labels.upperBound), and the model has "
        + "\(question.count) classes, 0 to \(question.count - 1)")
  }
}
