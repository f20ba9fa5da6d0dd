internal import Glibc

/// A seeded generator of random numbers (SplitMix64: Steele, Lea, Flood, OOPSLA 2014); equal seeds give equal numbers.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// - Parameters:
  ///   - seed: what the user chose.
  ///   - stream: which of the independent sequences of that seed.
  public init(seed: UInt64, stream: UInt64 = 0) {
    // Both are scrambled: states that lie a multiple of the increment apart give one sequence, shifted.
    state = Self.scrambled(Self.scrambled(seed) &+ stream &* 0xD1B5_4A32_D192_ED03)
  }

  /// The sequence from one state of the generator on.
  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.scrambled(state)
  }

  private static func scrambled(_ word: UInt64) -> UInt64 {
    var z = word
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform on [0, 1).
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Normal with mean 0 and variance 1 (Box and Muller, 1958).
  public mutating func gaussian() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * Double.pi * uniform())
  }

  /// `count` independent normal numbers.
  public mutating func gaussianVector(_ count: Int) -> [Float] { (0..<count).map { _ in Float(gaussian()) } }

  /// A vector of norm 1, uniform on the sphere.
  public mutating func unitVector(_ count: Int) -> [Float] {
    let v = gaussianVector(count)
    return scaled(v, by: Float(1 / norm(v)))
  }

  /// A uniformly random order of 0 ..< count (Fisher and Yates).
  public mutating func permutation(_ count: Int) -> [Int] { Array(0..<count).shuffled(using: &self) }
}
