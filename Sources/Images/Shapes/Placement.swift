internal import Tensors

/// Where an outline lies in the picture [−1, 1]²: its centre, size, turn and squash.
struct Placement {
  var x: Double
  var y: Double
  var size: Double
  var squash: Double
  private let c: Double
  private let s: Double

  init(x: Double, y: Double, size: Double, turn: Double, squash: Double = 1) {
    self.x = x
    self.y = y
    self.size = size
    self.squash = squash
    c = cosine(turns: turn)
    s = sine(turns: turn)
  }

  /// The outline's own coordinates of a point of the picture.
  func local(_ px: Double, _ py: Double) -> (u: Double, v: Double) {
    let dx = (px - x) / size
    let dy = (py - y) / size
    return (c * dx + s * dy, (c * dy - s * dx) / squash)
  }
}

extension SeededGenerator {
  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  mutating func chance(_ probability: Double) -> Bool { uniform() < probability }

  mutating func choice(_ count: Int) -> Int { Int(uniform() * Double(count)) }
}
