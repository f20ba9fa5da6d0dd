/// y = x·Wᵀ + b for rows x and weights K×D, and its adjoint x̄ = ȳ·W, with the weights laid out for the kernels.
public struct DenseProduct: Sendable {
  /// K×D.
  public let weights: Tensor
  private let kernels: Kernels
  private let ahead: FilterBank
  private let back: FilterBank

  /// Vectors of a panel: as many as one row of sums has in registers, so that it reads long pieces of the weights.
  private static let panelVectors = 6

  public init(weights: Tensor, kernels: Kernels = .best) {
    precondition(weights.shape.rank == 2, "weights of \(weights.shape), not K×D")
    self.weights = weights
    self.kernels = kernels
    let (outputs, inputs) = (weights.shape[0], weights.shape[1])
    ahead = FilterBank(
      weights: weights.elements, groups: 1, rows: outputs, depth: inputs, taps: [0], groupStride: 0,
      rowStride: inputs, depthStride: 1)
    back = FilterBank(
      weights: weights.elements, groups: 1, rows: inputs, depth: outputs, taps: [0], groupStride: 0,
      rowStride: 1,
      depthStride: inputs)
  }

  /// y, rows×K, for x of rows×D; negative elements become zero where it `rectifies`.
  public func apply(
    _ x: UnsafePointer<Float>, rows: Int, bias: [Float]?, rectifies: Bool = false,
    into y: UnsafeMutablePointer<Float>
  ) {
    if let bias {
      bias.withUnsafeBufferPointer {
        multiply(ahead, x, rows, start: $0.baseAddress, rectifies: rectifies, into: y)
      }
    } else {
      multiply(ahead, x, rows, start: nil, rectifies: rectifies, into: y)
    }
  }

  /// x̄, rows×D, for ȳ of rows×K; rows with zeros in common, as behind one gate, lie `period` apart.
  public func adjoint(
    _ yBar: UnsafePointer<Float>, rows: Int, period: Int = 1, into xBar: UnsafeMutablePointer<Float>
  ) {
    multiply(back, yBar, rows, period: period, start: nil, rectifies: false, into: xBar)
  }

  private func multiply(
    _ bank: FilterBank, _ x: UnsafePointer<Float>, _ rows: Int, period: Int = 1,
    start: UnsafePointer<Float>?, rectifies: Bool, into y: UnsafeMutablePointer<Float>
  ) {
    guard rows > 0, bank.rows > 0 else { return }
    PanelProduct(
      bank, kernels, start: start, rectifies: rectifies, places: 1, panelVectors: Self.panelVectors, into: y
    ).multiply(
      x,
      entries: (0..<rows).map {
        let row = $0 / (rows / period) + $0 % (rows / period) * period
        return .init(offset: row * bank.depth, image: row, place: 0)
      },
      taps: [(index: 0, offset: 0)], step: 1)
  }
}
