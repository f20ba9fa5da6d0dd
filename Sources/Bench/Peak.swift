internal import Tensors

/// GFLOP/s of large products of matrices, one on every thread, the best of several runs: OpenBLAS or our kernels,
/// whichever is faster.
package func measurePeak() -> Double {
  let n = 768
  let a = [Float](repeating: 0.5, count: n * n)
  let dense = DenseProduct(weights: Tensor(shape: [n, n], elements: a))
  func rate(_ work: @Sendable () -> Void) -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<6 {
      let took = clock.measure { _ = try? parallel(over: Threads.count) { _ in work() } }.components
      best = min(best, Double(took.seconds) + 1e-18 * Double(took.attoseconds))
    }
    return 2 * Double(n * n * n) * Double(Threads.count) / best / 1e9
  }
  let blas = rate {
    var c = [Float](repeating: 0, count: n * n)
    multiply(a, a, into: &c, rows: n, columns: n, inner: n)
  }
  let own = rate {
    var c = [Float](repeating: 0, count: n * n)
    dense.apply(a, rows: n, bias: nil, into: &c)
  }
  return max(blas, own)
}
