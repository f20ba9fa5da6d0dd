internal import Glibc
public import Tensors

/// How the energy of images is shared out among their spatial frequencies.
///
/// The squared magnitudes of the two-dimensional discrete Fourier transform, summed over channels and images and over
/// rings: ring r holds the frequencies whose distance from 0, in cycles an image, is nearest to r. Shares sum to 1.
/// Cost: C·H·W·(H + W) multiply-adds an image.
public enum PowerSpectrum {
  /// The share of each ring, from ring 0 on, of images N×C×H×W; all zero where the images are.
  public static func rings(of images: Tensor) -> [Double] {
    let (height, width) = (images.shape[2], images.shape[3])
    let (down, across) = (Waves(height), Waves(width))
    var rings = [Double](repeating: 0, count: Int(hypot(Double(height), Double(width)) / 2) + 2)
    for plane in 0..<images.count * images.shape[1] {
      let values = images.elements[plane * height * width..<(plane + 1) * height * width]
      let rows = (0..<height).map { y in
        across.transform(
          values[(values.startIndex + y * width)..<(values.startIndex + (y + 1) * width)].map(Double.init), []
        )
      }
      for j in 0..<width {
        let column = down.transform(rows.map { $0.real[j] }, rows.map { $0.imaginary[j] })
        for i in 0..<height {
          let ring = hypot(Double(min(i, height - i)), Double(min(j, width - j)))
          rings[Int(ring.rounded())] +=
            column.real[i] * column.real[i] + column.imaginary[i] * column.imaginary[i]
        }
      }
    }
    let sum = rings.reduce(0, +)
    return sum > 0 ? rings.map { $0 / sum } : rings
  }

  /// Σ min(p, q): 1 where two images have the same energy in every ring, 0 where they share none.
  public static func overlap(_ p: [Double], _ q: [Double]) -> Double {
    zip(p, q).reduce(0) { $0 + min($1.0, $1.1) }
  }

  /// The discrete Fourier transform of lines of one length.
  private struct Waves {
    private let count: Int
    private let cosines: [Double]
    private let sines: [Double]

    init(_ count: Int) {
      self.count = count
      let angles = (0..<count).map { 2 * Double.pi * Double($0) / Double(count) }
      (cosines, sines) = (angles.map { cos($0) }, angles.map { sin($0) })
    }

    /// `imaginary` is empty for real lines.
    func transform(_ real: [Double], _ imaginary: [Double]) -> (real: [Double], imaginary: [Double]) {
      var out = (real: [Double](repeating: 0, count: count), imaginary: [Double](repeating: 0, count: count))
      for k in 0..<count {
        for n in 0..<count {
          let (c, s) = (cosines[k * n % count], -sines[k * n % count])
          let im = imaginary.isEmpty ? 0 : imaginary[n]
          out.real[k] += c * real[n] - s * im
          out.imaginary[k] += s * real[n] + c * im
        }
      }
      return out
    }
  }
}
