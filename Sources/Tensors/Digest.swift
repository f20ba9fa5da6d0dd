/// SHA-256 (FIPS 180-4) of bytes and numbers as they come.
public struct Digest: Sendable {
  private var state: [UInt32] = [
    0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
  ]
  private var pending: [UInt8] = []
  private var length: UInt64 = 0

  public init() {}

  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    length += UInt64(bytes.count)
    var start = 0
    if !pending.isEmpty {
      start = min(64 - pending.count, bytes.count)
      pending.append(contentsOf: bytes[0..<start])
      guard pending.count == 64 else { return }
      let block = pending
      pending = []
      block.withUnsafeBytes { compress($0, blocks: 1) }
    }
    let blocks = (bytes.count - start) / 64
    if blocks > 0 { compress(UnsafeRawBufferPointer(rebasing: bytes[start...]), blocks: blocks) }
    pending.append(contentsOf: bytes[(start + 64 * blocks)...])
  }

  /// The digest as 64 hexadecimal digits; the digest may go on afterwards.
  public var hexadecimal: String {
    var last = self
    let bits = length &* 8
    let zeros = (119 - Int(length % 64)) % 64
    last.update([0x80] + [UInt8](repeating: 0, count: zeros))
    last.update((0..<8).map { UInt8(truncatingIfNeeded: bits >> (56 - 8 * UInt64($0))) })
    return last.state.flatMap { word in (0..<8).map { digits[Int(word >> (28 - 4 * UInt32($0)) & 15)] } }
      .reduce(into: "") { $0.append($1) }
  }
}

extension Digest {
  public mutating func update(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { update($0) }
  }

  /// Rank, extents and the bits of every element.
  public mutating func update(_ tensor: Tensor) {
    update(tensor.shape.rank)
    for extent in tensor.shape.extents { update(extent) }
    tensor.elements.withUnsafeBytes { update($0) }
  }

  private mutating func compress(_ bytes: UnsafeRawBufferPointer, blocks: Int) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for block in 0..<blocks {
        for i in 0..<16 {
          w[i] = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 64 * block + 4 * i, as: UInt32.self))
        }
        for i in 16..<64 {
          let s0 = rotated(w[i - 15], 7) ^ rotated(w[i - 15], 18) ^ (w[i - 15] >> 3)
          let s1 = rotated(w[i - 2], 17) ^ rotated(w[i - 2], 19) ^ (w[i - 2] >> 10)
          w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
        }
        mix(w)
      }
    }
  }

  private mutating func mix(_ w: UnsafeMutableBufferPointer<UInt32>) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    roundConstants.withUnsafeBufferPointer { k in
      for i in 0..<64 {
        let s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
        let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ k[i] &+ w[i]
        let s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
        let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
        (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
      }
    }
    for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= word }
  }
}

private let digits = Array("0123456789abcdef")

@inline(__always)
private func rotated(_ word: UInt32, _ n: UInt32) -> UInt32 { word >> n | word << (32 - n) }

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: [UInt32] = primes(64).map { fractionalBits(ofCubeRootOf: $0) }

private func primes(_ count: Int) -> [UInt64] {
  var primes: [UInt64] = []
  var n: UInt64 = 2
  while primes.count < count {
    if primes.allSatisfy({ n % $0 != 0 }) { primes.append(n) }
    n += 1
  }
  return primes
}

/// ⌊2³² ∛p⌋ mod 2³², by bisection in exact arithmetic.
private func fractionalBits(ofCubeRootOf p: UInt64) -> UInt32 {
  var (low, high) = (UInt128(0), UInt128(8) << 32)
  let target = UInt128(p) << 96
  while high - low > 1 {
    let middle = (low + high) / 2
    if middle * middle * middle <= target { low = middle } else { high = middle }
  }
  return UInt32(truncatingIfNeeded: low)
}
