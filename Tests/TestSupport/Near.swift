public import Tensors

/// The largest difference between two arrays, relative to the largest magnitude in the second (at least `floor`).
public func distance(_ x: [Float], _ y: [Float], floor: Float = 1e-6) -> Float {
  precondition(x.count == y.count, "\(x.count) elements against \(y.count)")
  var (difference, size) = (Float(0), floor)
  for i in x.indices {
    difference = x[i].isNaN || y[i].isNaN ? .infinity : max(difference, abs(x[i] - y[i]))
    size = max(size, abs(y[i]))
  }
  return difference / size
}

/// Whether two arrays agree to a tolerance relative to the largest magnitude in the second.
public func near(_ x: [Float], _ y: [Float], _ tolerance: Float = 1e-5) -> Bool {
  x.count == y.count && distance(x, y) <= tolerance
}

/// Whether two tensors have one shape and agree to a tolerance relative to the largest magnitude in the second.
public func near(_ x: Tensor, _ y: Tensor, _ tolerance: Float = 1e-5) -> Bool {
  x.shape == y.shape && near(x.elements, y.elements, tolerance)
}

/// Whether two numbers agree to a relative tolerance.
public func near(_ x: Double, _ y: Double, _ tolerance: Double = 1e-5) -> Bool {
  abs(x - y) <= tolerance * max(abs(x), abs(y), 1e-12)
}
