internal import Networks
internal import Tensors

/// How many labels one plane wave changes, for every spatial frequency: the Fourier heat map.
///
/// Image x becomes x + Σ_c s_c·(ξ/√C)·U_{ij} with a sign s_c = ±1 drawn for each channel c, so that the whole
/// perturbation has ‖·‖₂ = ξ in pixel units; the paper's v is that of a channel, ξ = v·√C. Pixels are not clipped. The
/// two frequencies of a Hermitian pair have one plane and are measured once. From low frequencies to high ones. Cost:
/// a forward pass an image for each pair, ⌈HW/2⌉ of them where nothing is cut off. Source: Yin et al., NeurIPS 2019.
public struct FourierSensitivity: Sendable {
  /// Frequencies of the rows and of the columns of the map, ascending.
  public let rows: [Int]
  /// Frequencies of the columns of the map in cycles over the width, ascending.
  public let columns: [Int]
  /// Shares of labels k(x) that change, row after row; NaN where not measured yet.
  public private(set) var changed: [[Double]]
  /// Shares of labels that are not the truth; empty where that is not known.
  public private(set) var wrong: [[Double]]
  /// Frequency pairs measured, and all.
  public private(set) var completed = 0
  public var count: Int { pairs.count }

  private let test: FoolingTest
  private let truth: [Int]?
  private let basis: FourierBasis
  private let pairs: [SpatialFrequency]
  private let radius: Double
  private let seed: UInt64

  /// - Parameters:
  ///   - test: the images, with their clean labels.
  ///   - truth: their true classes, where all are known.
  ///   - radius: ξ in pixel units.
  ///   - cutoff: cycles over the height and over the width that are measured at most.
  ///   - seed: of the signs.
  public init(_ test: FoolingTest, truth: [Int]? = nil, radius: Double, cutoff: Int = .max, seed: UInt64 = 1)
  {
    precondition(truth == nil || truth!.count == test.images.count, "a true class for each image")
    let shape = test.images.shape
    let basis = FourierBasis(height: shape[2], width: shape[3])
    let (rows, columns) = basis.axes(cutoff: cutoff)
    let all = rows.flatMap { i in columns.map { SpatialFrequency(rows: i, columns: $0) } }
    // Of each pair the one in the lower half; ties of the radius in the order of the rows.
    pairs = all.filter { frequency in
      let partner = basis.partner(of: frequency)
      return (frequency.rows, frequency.columns) >= (partner.rows, partner.columns)
    }.enumerated().sorted { ($0.element.radius, $0.offset) < ($1.element.radius, $1.offset) }.map(\.element)
    let empty = rows.map { _ in columns.map { _ in Double.nan } }
    (self.rows, self.columns) = (rows, columns)
    (changed, wrong) = (empty, truth == nil ? [] : empty)
    (self.test, self.truth, self.basis, self.radius, self.seed) = (test, truth, basis, radius, seed)
  }

  /// Measures the next pair, and says which; nil once all are known.
  public mutating func advance() throws -> SpatialFrequency? {
    guard completed < pairs.count else { return nil }
    let frequency = pairs[completed]
    let labels = try test.network.labels(moved(along: frequency))
    set(&changed, frequency, zip(labels, test.labels).count { $0 != $1 })
    if let truth { set(&wrong, frequency, zip(labels, truth).count { $0 != $1 }) }
    completed += 1
    return frequency
  }

  private func moved(along frequency: SpatialFrequency) -> Tensor {
    let shape = test.images.shape
    let area = shape[2] * shape[3]
    let wave = scaled(basis.plane(frequency), by: Float(radius / Double(shape[1]).squareRoot()))
    var generator = SeededGenerator(seed: seed, stream: UInt64(completed))
    let signs = (0..<shape[0] * shape[1]).map { _ in generator.next() >> 63 == 0 ? Float(1) : -1 }
    return Tensor(shape: shape) { out in
      for (plane, sign) in signs.enumerated() {
        for i in 0..<area { out[plane * area + i] = test.images.elements[plane * area + i] + sign * wave[i] }
      }
    }
  }

  private func set(_ map: inout [[Double]], _ frequency: SpatialFrequency, _ count: Int) {
    for one in [frequency, basis.partner(of: frequency)] {
      guard let row = rows.firstIndex(of: one.rows), let column = columns.firstIndex(of: one.columns) else {
        continue
      }
      map[row][column] = Proportion(count, of: test.images.count).rate
    }
  }
}
