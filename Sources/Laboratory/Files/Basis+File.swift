package import Experiments
internal import Images
internal import Networks
internal import Tensors

extension Basis {
  /// One vector C×H×W or m of them, m×C×H×W, from a file, for the images of a model.
  package init(fileAt path: String, for model: OpenModel) throws {
    let array = try NPY.read(path)
    let one = model.imageShape
    let count =
      array.shape == one ? 1 : array.shape.rank == one.rank + 1 && array.shape.entry == one ? array.count : 0
    guard count > 0 else {
      throw Refusal(.badData, "\(path) is \(array.shape); this model takes \(one) or m×\(one)")
    }
    guard array.elements.allSatisfy(\.isFinite), array.norm > 0 else {
      throw Refusal(.badData, "\(path) holds no direction: every number has to be finite, and one not zero")
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    self.init(name: name, vectors: array.reshaped(to: model.classifier.network.imageShape.batch(of: count)))
  }
}
