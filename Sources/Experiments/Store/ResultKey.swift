internal import CanonicalJSON
internal import Foundation
internal import Networks
internal import Tensors

/// What an entry of the store belongs to.
struct ResultKey {
  /// JSON with sorted keys: kept within the entry and compared.
  let text: String
  /// SHA-256 of the text: the entry's name.
  let digest: String
  /// The same without the subject: which experiment, with which parameters.
  let experiment: String

  private struct Question<Parameters: Encodable>: Encodable {
    let experiment: String
    let versions: [String: Int]
    let parameters: Parameters
  }

  private struct Content<Parameters: Encodable>: Encodable {
    let experiment: String
    let versions: [String: Int]
    let parameters: Parameters
    let subject: String
    /// Nil, and not written, where the outcome tells none.
    let names: [String]?
  }

  /// Nil where the parameters have no JSON, as a radius that is not a number.
  init?<E: Experiment>(_ experiment: E, _ subject: Subject) {
    let content = Content(
      experiment: E.name, versions: E.versions, parameters: experiment, subject: subject.digest,
      names: E.tellsNames ? subject.classifier.classNames : nil)
    let encoder = CanonicalJSON.encoder
    encoder.nonConformingFloatEncodingStrategy = .throw
    let question = Question(experiment: E.name, versions: E.versions, parameters: experiment)
    guard let data = try? encoder.encode(content), let own = try? encoder.encode(question) else { return nil }
    self.experiment = String(decoding: own, as: UTF8.self)
    text = String(decoding: data, as: UTF8.self)
    var digest = Digest()
    digest.update(Array(data))
    self.digest = digest.hexadecimal
  }
}
