import TestSupport
import Testing

@testable import Tensors

@Suite struct SparseAdjointTests {
  /// Channels in, channels out, extent of the filters, of the image, padding: inputs that fill vectors, a row of taps that
  /// fits in one, neither, and filters without padding.
  static let sizes: [[Int]] = [
    [64, 64, 5, 16, 2], [3, 64, 5, 32, 2], [20, 30, 3, 12, 1], [2, 40, 3, 15, 0], [96, 33, 5, 9, 1],
  ]

  static let pools = [
    Window(kernel: [2, 2], strides: [2, 2]),
    Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1]),
    Window(kernel: [2, 3], strides: [2, 3]),
  ]

  private struct Case {
    let correlation: Correlation
    let sparse: SparseAdjoint
    let gate: Correlation.Gate
    /// The gate of each image alone.
    let gates: [Correlation.Gate]
    let shape: Shape
    let cotangents: Tensor
    /// The cotangents where the maxima lie, of a kernel without any gate.
    let spread: Tensor
  }

  private func makeCase(_ size: [Int], _ pool: Window, _ kernels: Kernels, batches: Int) -> Case {
    let (images, pad) = (2, [size[4], size[4]])
    let window = Window(kernel: [size[2], size[2]], before: pad, after: pad)
    let weights = randomTensor([size[1], size[0], size[2], size[2]], seed: 1)
    let correlation = Correlation(weights: weights, window: window, kernels: kernels)
    let x = randomTensor([images, size[0], size[3], size[3]], seed: 2)
    let y = correlation.apply(x, rectifies: true)
    let pooling = Pooling(pool, height: y.shape[2], width: y.shape[3], roundsUp: false)
    let found = correlation.apply(x, rectifies: true, pooling: pooling, recordsTaps: true)
    let v = randomTensor(found.maxima.shape.batch(of: batches * images), seed: 5)
    let arguments = pooling.arguments(of: y)
    let spread = (0..<batches).map { b in
      let part = v[b * images..<(b + 1) * images]
      return pooling.place(gated(part, by: found.maxima), at: arguments, in: y.shape)
    }
    let single = found.taps.count / images
    return Case(
      correlation: correlation,
      sparse: SparseAdjoint(
        outputs: size[1], inputs: size[0], window: window, groups: 1, kernels: kernels)!,
      gate: .maximum(pooling, taps: found.taps, rectified: found.maxima),
      gates: (0..<images).map {
        .maximum(
          pooling, taps: Array(found.taps[$0 * single..<($0 + 1) * single]), rectified: found.maxima.entry($0)
        )
      },
      shape: x.shape.batch(of: batches * images), cotangents: v, spread: Tensor(concatenating: spread))
  }

  private func adjoint(_ of: Case, _ v: Tensor, _ gate: Correlation.Gate, _ shape: Shape) -> Tensor {
    guard case .maximum(let pooling, let taps, let y) = gate else { fatalError() }
    return Tensor(shape: shape) { out in
      v.elements.withUnsafeBufferPointer { v in
        taps.withUnsafeBufferPointer { taps in
          y!.elements.withUnsafeBufferPointer { y in
            of.sparse.apply(
              of.correlation.weights.elements,
              .init(
                yBar: v.baseAddress!, gate: y.baseAddress!, taps: taps.baseAddress!, pooling: pooling,
                period: gate.period(of.sparse.outputs)), count: shape[0], height: shape[2], width: shape[3],
              into: out.baseAddress!)
          }
        }
      }
    }
  }

  @Test("Equal to the adjoint of what was spread out, in every instruction set", arguments: sizes)
  func definition(size: [Int]) {
    for kernels in Kernels.available {
      for pool in Self.pools {
        let it = makeCase(size, pool, kernels, batches: 1)
        let back = adjoint(it, it.cotangents, it.gate, it.shape)
        let expected = it.correlation.adjoint(it.spread, to: it.shape)
        #expect(near(back, expected, 1e-5), "\(kernels.name), \(pool.kernel)")
        #expect(back.norm > 0)
      }
    }
  }

  @Test("⟨Ax, v⟩ = ⟨x, Aᵀv⟩ through the maximum", arguments: sizes)
  func identity(size: [Int]) {
    let it = makeCase(size, Self.pools[0], .best, batches: 1)
    let x = randomTensor(it.shape, seed: 9)
    let back = adjoint(it, it.cotangents, it.gate, it.shape)
    let (left, right) = (it.correlation.apply(x).dot(it.spread), x.dot(back))
    #expect(abs(left - right) <= 1e-5 * it.correlation.apply(x).norm * it.spread.norm)
  }

  @Test("One cotangent of one image is the same to the bit as among many", arguments: sizes)
  func alone(size: [Int]) {
    let it = makeCase(size, Self.pools[0], .best, batches: 9)
    let back = adjoint(it, it.cotangents, it.gate, it.shape)
    let single = it.shape.batch(of: 1)
    for n in 0..<it.shape[0] {
      #expect(adjoint(it, it.cotangents.entry(n), it.gates[n % 2], single) == back.entry(n))
    }
  }

  @Test("Correlations take it where it costs less: behind a pooling, of few filters")
  func choice() {
    let pooling = Pooling(Self.pools[0], height: 16, width: 16, roundsUp: false)
    func sparse(_ channels: Int, strides: Int = 1) -> SparseAdjoint? {
      SparseAdjoint(
        outputs: channels, inputs: channels,
        window: Window(kernel: [3, 3], strides: [strides, strides], before: [1, 1], after: [1, 1]), groups: 1,
        kernels: .best)
    }
    #expect(sparse(64)!.pays(behind: pooling, insteadOf: 64 * 64 * 256 * 9))
    #expect(!sparse(64)!.pays(behind: pooling, insteadOf: 64 * 64 * 256))
    #expect(sparse(64, strides: 2) == nil)
    #expect(sparse(256) == nil)
  }
}
