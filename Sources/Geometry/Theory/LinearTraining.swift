public import Networks
public import Tensors

/// A linear classifier f(x) = W·x + b trained on a batch: multinomial logistic regression by gradient descent.
///
/// The mean image is taken off while training and put into the bias. Steps of a fixed length with momentum 0.9 over the
/// whole batch. Cost of a step: 4·n·K·d operations; 300 steps on 1,000 images of 32×32×3 take about a second.
public struct LinearTraining: Sendable {
  /// Steps taken.
  public private(set) var steps = 0
  /// Mean cross-entropy before the last step; nil before the first.
  public private(set) var loss: Double?
  private let centred: Tensor
  private let mean: [Float]
  private let labels: [Int]
  private let classes: Int
  private let rate: Float
  private var weights: [Float]
  private var bias: [Float]
  private var momentum: [Float]
  private var biasMomentum: [Float]

  /// Takes images N×C×H×W, and for each a label in 0..<`classes`; W and b begin at zero.
  public init(images: Tensor, labels: [Int], classes: Int) {
    precondition(
      images.count == labels.count && images.count > 0, "\(labels.count) labels for \(images.count)")
    var mean = [Float](repeating: 0, count: images.entryCount)
    for n in 0..<images.count { add(1 / Float(images.count), Array(images.entryElements(n)), to: &mean) }
    self.mean = mean
    centred = images.addingToEach(-1, mean)
    self.labels = labels
    self.classes = classes
    // Below the inverse of the largest curvature of the loss, ½·λ of the covariance, which the mean square bounds.
    let square = centred.dot(centred) / Double(images.count)
    rate = Float(1 / max(.leastNormalMagnitude, square))
    weights = [Float](repeating: 0, count: classes * images.entryCount)
    bias = [Float](repeating: 0, count: classes)
    momentum = weights
    biasMomentum = bias
  }

  /// One step over the whole batch: the loss before it.
  @discardableResult
  public mutating func advance() -> Double {
    let (n, d) = (labels.count, mean.count)
    var y = [Float](repeating: 0, count: n * classes)
    for i in 0..<n { y.replaceSubrange(i * classes..<(i + 1) * classes, with: bias) }
    multiply(
      centred.elements, weights, bTransposed: true, into: &y, rows: n, columns: classes, inner: d, keeping: 1)
    let total = residuals(&y)
    var slope = [Float](repeating: 0, count: classes * d)
    multiply(
      y, aTransposed: true, centred.elements, into: &slope, rows: classes, columns: d, inner: n,
      scale: 1 / Float(n))
    momentum = zip(momentum, slope).map { 0.9 * $0 - rate * $1 }
    weights = zip(weights, momentum).map { $0 + $1 }
    for k in 0..<classes {
      let mean = (0..<n).reduce(Float(0)) { $0 + y[$1 * classes + k] } / Float(n)
      biasMomentum[k] = 0.9 * biasMomentum[k] - rate * mean
      bias[k] += biasMomentum[k]
    }
    steps += 1
    loss = total / Double(n)
    return total / Double(n)
  }

  /// The classifier so far, on images as they are.
  public func network(imageShape: Shape) -> Network {
    var graph = Graph(imageShape: imageShape)
    let flat = graph.append(Reshape(entry: [mean.count]), of: [.image])
    let shifted = (0..<classes).map { k in
      bias[k] - Float(dot(Array(weights[k * mean.count..<(k + 1) * mean.count]), mean))
    }
    graph.append(
      Dense(weights: Tensor(shape: [classes, mean.count], elements: weights), bias: shifted), of: [flat])
    return try! Network(graph)  // a dense layer takes what the reshaping gives
  }

  /// y ← softmax(y) − unit(label), and the sum of the losses.
  private func residuals(_ y: inout [Float]) -> Double {
    var total = 0.0
    for i in labels.indices {
      let range = i * classes..<(i + 1) * classes
      let loss = ClippedCrossEntropy(own: [labels[i]], limit: .infinity)
      let row = Tensor(shape: [1, classes], elements: Array(y[range]))
      total += Double(loss.values(row, range: 0..<1)[0])
      y.replaceSubrange(range, with: loss.gradient(row, range: 0..<1).elements)
    }
    return total
  }
}
