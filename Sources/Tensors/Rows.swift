internal import CKernels

/// Softmax and normalisation of rows: pieces of `length` elements, one behind the other.
///
/// A row's result depends on no other row.
public struct Rows: Sendable {
  let length: Int
  private let kernels: row_kernels

  /// Multiply-adds that an element costs, about.
  private static let cost = 16

  public init(length: Int, kernels: Kernels = .best) {
    self.length = length
    self.kernels = kernels.rows
  }

  /// p = e^x / Σ e^x.
  public func softmax(_ x: Tensor) -> Tensor {
    map(x) { x, _, rows, y in kernels.softmax(x, rows, length, y) }
  }

  /// The same of so many rows in memory, which may be where they are.
  public func softmax(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>) {
    if length > 0 { kernels.softmax(x, rows, length, y) }
  }

  /// p∘(v − ⟨p, v⟩), where p is a softmax: the product with its Jacobian, which is symmetric.
  public func softmaxProduct(_ p: Tensor, _ v: Tensor) -> Tensor {
    map(p, v) { p, v, rows, y in kernels.softmax_product(p, v, rows, length, y) }
  }

  /// The same of so many rows in memory; the product may go where v is.
  public func softmaxProduct(
    _ p: UnsafePointer<Float>, _ v: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>
  ) {
    if length > 0 { kernels.softmax_product(p, v, rows, length, y) }
  }

  /// scale∘x̂ + bias with x̂ = (x − mean)/√(variance + ε).
  public func normalized(_ x: Tensor, scale: [Float], bias: [Float]?, epsilon: Float) -> Tensor {
    (bias ?? []).withUnsafeBufferPointer { bias in
      map(x) { x, _, rows, y in
        kernels.normalize(x, scale, bias.isEmpty ? nil : bias.baseAddress, epsilon, rows, length, y)
      }
    }
  }

  /// after∘P(before∘v) with the Jacobian of x̂ at x, which is symmetric: P·w = (w − mean(w) − x̂·mean(x̂w))/√(variance + ε);
  /// a factor that is nil is 1.
  public func normalizationProduct(
    _ x: Tensor, _ v: Tensor, before: [Float]? = nil, after: [Float]? = nil, epsilon: Float
  ) -> Tensor {
    (before ?? []).withUnsafeBufferPointer { before in
      (after ?? []).withUnsafeBufferPointer { after in
        map(x, v) { x, v, rows, y in
          kernels.normalize_product(
            x, v!, before.isEmpty ? nil : before.baseAddress, after.isEmpty ? nil : after.baseAddress,
            epsilon, rows, length, y)
        }
      }
    }
  }

  private typealias Numbers = UnsafePointer<Float>

  /// `body` for parts of the rows, on several threads.
  ///
  /// v may hold several batches of x's rows, one behind the other: x is repeated for each.
  private func map(
    _ x: Tensor, _ v: Tensor? = nil,
    _ body: (_ x: Numbers, _ v: Numbers?, _ rows: Int, _ y: UnsafeMutablePointer<Float>) -> Void
  ) -> Tensor {
    let period = length > 0 ? x.elements.count / length : 0
    return Tensor(shape: v?.shape ?? x.shape) { out in
      guard let y = out.baseAddress, period > 0, out.count > 0 else { return }
      let batches = out.count / (period * length)
      let parts = min(period, max(1, 4 * Threads.spare))
      x.elements.withUnsafeBufferPointer { x in
        (v?.elements ?? []).withUnsafeBufferPointer { v in
          together(over: batches * parts, work: Self.cost * out.count) { i in
            let rows = i % parts * period / parts..<(i % parts + 1) * period / parts
            let start = (i / parts * period + rows.lowerBound) * length
            body(
              x.baseAddress! + rows.lowerBound * length, v.isEmpty ? nil : v.baseAddress! + start, rows.count,
              y + start)
          }
        }
      }
    }
  }
}
