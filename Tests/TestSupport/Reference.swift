public import Tensors

/// Kernels as their definitions read, one multiplication at a time.
public enum Reference {
  /// Σ w[o, i, u, v]·x[n, g·I + i, y·s + u·d − p, …] + b[o].
  public static func convolution(
    _ x: Tensor, weights w: Tensor, bias: [Float]?, window: Window, groups: Int
  ) -> Tensor {
    let (s, f) = (x.shape, w.shape)
    let h = window.outputExtent(0, input: s[2])
    let width = window.outputExtent(1, input: s[3])
    var y = Tensor(zeros: [s[0], f[0], h, width])
    for index in 0..<y.shape.count {
      let (q, p) = (index % width, index / width % h)
      let (o, n) = (index / width / h % f[0], index / width / h / f[0])
      var sum = Double(bias?[o] ?? 0)
      for i in 0..<f[1] {
        let c = o / (f[0] / groups) * f[1] + i
        for u in 0..<f[2] {
          for v in 0..<f[3] {
            let pixel = pixel(x, n, c, p, q, u, v, window)
            sum += Double(w.elements[((o * f[1] + i) * f[2] + u) * f[3] + v] * (pixel ?? 0))
          }
        }
      }
      y.elements[index] = Float(sum)
    }
    return y
  }

  /// The elements under the window at place (p, q), without those in the padding.
  public static func under(
    _ x: Tensor, _ n: Int, _ c: Int, _ p: Int, _ q: Int, _ window: Window
  ) -> [Float] {
    var elements: [Float] = []
    for u in 0..<window.kernel[0] {
      for v in 0..<window.kernel[1] {
        if let pixel = pixel(x, n, c, p, q, u, v, window) { elements.append(pixel) }
      }
    }
    return elements
  }

  /// The element under tap (u, v) at place (p, q); nil in the padding.
  static func pixel(
    _ x: Tensor, _ n: Int, _ c: Int, _ p: Int, _ q: Int, _ u: Int, _ v: Int, _ window: Window
  ) -> Float? {
    let row = p * window.strides[0] + u * window.dilations[0] - window.before[0]
    let column = q * window.strides[1] + v * window.dilations[1] - window.before[1]
    guard row >= 0, row < x.shape[2], column >= 0, column < x.shape[3] else { return nil }
    return x.elements[((n * x.shape[1] + c) * x.shape[2] + row) * x.shape[3] + column]
  }

  /// A·B of dense matrices.
  public static func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(shape: [a.shape[0], b.shape[1]]) { out in
      for i in 0..<out.count {
        let (r, c) = (i / b.shape[1], i % b.shape[1])
        out[i] = Float(
          (0..<a.shape[1]).reduce(0.0) {
            $0 + Double(a.elements[r * a.shape[1] + $1]) * Double(b.elements[$1 * b.shape[1] + c])
          })
      }
    }
  }

  /// Every window with kernel, stride, dilation at most 3 and padding at most 2, a fifth of them asymmetric.
  public static let windows: [Window] = {
    var windows: [Window] = []
    for kernel in [[1, 1], [2, 2], [3, 3], [3, 1], [1, 2]] {
      for strides in [[1, 1], [2, 2], [3, 3], [1, 2]] {
        for dilations in [[1, 1], [2, 2], [3, 1]] {
          for padding in 0..<3 {
            windows.append(
              Window(
                kernel: kernel, strides: strides, dilations: dilations, before: [padding, padding],
                after: [padding, padding == 2 ? 0 : padding]))
          }
        }
      }
    }
    return windows
  }()
}
