internal import Experiments
internal import Images

/// What a request is asked of, to be read in its job: a model, and the others that its experiment needs, each with the
/// images as it takes them.
struct RequestedSubject: Sendable {
  /// An open model with the open images.
  struct Part: Sendable {
    let model: OpenModel
    let set: any DataSet
    /// Tells the set apart from others of this session.
    let digest: String
  }

  let own: Part
  let others: [Part]
  let selection: Selection
  let cache: ImageCache

  /// Reads the images, as far as they are not here.
  ///
  /// - Throws: what is wrong with them, in a sentence.
  func read() throws -> Subject {
    Subject(
      classifier: own.model.classifier, images: try images(selection.images, own),
      validation: try selection.validation.map { try images($0, own) },
      image: try selection.image.map { try images($0..<$0 + 1, own) },
      others: try others.map {
        Subject(classifier: $0.model.classifier, images: try images(selection.images, $0))
      })
  }

  /// What the judge of readings is asked, and of what.
  ///
  /// - Throws: a sentence where no image can be read.
  func judgement() throws -> (experiment: ReadingJudgement, subject: Subject) {
    guard let found = try own.model.judgement(on: own.set, own.set.name, selection.images) else {
      throw Refusal(.badData, "\(own.set.name) has no readable image")
    }
    return found
  }

  private func images(_ range: Range<Int>, _ part: Part) throws -> ImageSet {
    try cache.images(of: part.digest, range) { try part.model.images(of: part.set, range) }
  }
}
