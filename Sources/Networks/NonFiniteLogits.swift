public import Tensors

/// A logit that is infinite or no number: the image has no label, and nothing follows from its margins.
public struct NonFiniteLogits: Error, Equatable, CustomStringConvertible {
  /// Which image of the batch.
  public let image: Int
  /// The first class of that image whose logit is not finite, counted from 0.
  public let classIndex: Int
  /// ∞, −∞ or no number.
  public let value: Float

  /// `inf`, `-inf` or `nan`.
  public var text: String { value.isNaN ? "nan" : "\(value)" }

  public var description: String {
    "the model gives the logit \(text) for class \(classIndex) at image \(image); logits must be finite"
  }
}

extension Tensor {
  /// Throws at the first logit of N×K that is not finite; the first row is image `start`.
  public func checkLogits(from start: Int = 0) throws(NonFiniteLogits) {
    for n in 0..<count {
      let row = entryElements(n)
      if let k = row.firstIndex(where: { !$0.isFinite }) {
        throw NonFiniteLogits(image: start + n, classIndex: k - row.startIndex, value: row[k])
      }
    }
  }

  /// Whether all logits of each row of N×K are finite.
  public var rowsAreFinite: [Bool] { (0..<count).map { entryElements($0).allSatisfy(\.isFinite) } }
}
