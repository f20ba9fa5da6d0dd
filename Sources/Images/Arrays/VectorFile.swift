public import Tensors

/// Vectors of image space as others publish them: perturbations and bases in NumPy's or MATLAB's files.
///
/// Read are C×H×W and H×W×C, each alone or behind a further extent m, H×W×C×m as MATLAB stacks them, and H×W where the
/// model takes grey images; of any number type. Whole numbers, and values beyond ``largestPixelValue``, are taken in
/// bytes and divided by 255. Nothing is resized.
public struct VectorFile: Sendable {
  /// m×C×H×W, in the unit in which pixels run from 0 to 1.
  public let vectors: Tensor
  /// What a person should know of the reading, a sentence each.
  public let remarks: [String]

  /// No perturbation in pixels of [0, 1] is as large: 8 is a usual bound in bytes.
  public static let largestPixelValue: Float = 8

  /// Reads a file for images of `shape`, C×H×W.
  ///
  /// - Throws: ``ImageError`` where the file is no such array, has another size, or holds no direction.
  public init(_ path: String, for shape: Shape) throws(ImageError) {
    let (array, name) = try Self.array(path, shape)
    guard let layout = Layout(array.shape, for: shape) else {
      throw .array(path, "it is \(array.shape)\(name), and this model takes \(shape) or m×\(shape)")
    }
    let elements = layout.planes(try array.read(0..<array.shape.count), shape)
    guard elements.allSatisfy(\.isFinite), elements.contains(where: { $0 != 0 }) else {
      throw .array(path, "it holds no direction: its numbers must be finite and not all zero")
    }
    let largest = elements.reduce(0) { max($0, abs($1)) }
    let isByte = [.signed, .unsigned].contains(array.type.kind) || largest > Self.largestPixelValue
    let shaped = Tensor(shape: shape.batch(behind: layout.count), elements: elements)
    vectors = isByte ? 1 / 255 * shaped : shaped
    remarks = [layout.sentence(array.shape), Self.sentence(largest, isByte)].compactMap { $0 }
      .map { "\(path): \($0)" }
  }

  /// The array of a file, its extents as they are written; of several in a MATLAB file the one that fits.
  private static func array(
    _ path: String, _ shape: Shape
  ) throws(ImageError) -> (array: NPYArray, name: String) {
    let file = try InputFile(path)
    let source = ByteSource(file)
    guard MATFile.announces(try source.head(128)) else { return (try NPYArray(source, path), "") }
    let variables = try MATFile(file)
    var fitting: [String] = []
    for name in variables.names where Layout(try variables.array(name).shape.backwards, for: shape) != nil {
      fitting.append(name)
    }
    guard fitting.count <= 1 else {
      throw .array(path, "it is not clear which of its arrays \(fitting.joined(separator: ", ")) to take")
    }
    let name = fitting.first ?? variables.names[0]
    return (try variables.array(name).reversed(path), " (\(name))")
  }

  private static func sentence(_ largest: Float, _ isByte: Bool) -> String? {
    if isByte { return "the values reach \(largest): they are taken as bytes and divided by 255" }
    return largest > 1
      ? "the values reach \(largest), more than two pixels of [0, 1] can differ by; they are taken as they are"
      : nil
  }
}

// MARK: - Axes

extension VectorFile {
  /// The order in which an array's axes stand.
  private struct Layout {
    enum Order { case planes, interleaved, last }

    let order: Order
    /// m.
    let count: Int

    init?(_ found: Shape, for shape: Shape) {
      let planes = shape.extents
      let pixels = [planes[1], planes[2], planes[0]]
      var extents = found.extents
      while extents.count > 4, extents.first == 1 { extents.removeFirst() }
      func ends(in tail: [Int]) -> Bool {
        extents.count <= tail.count + 1 && extents.suffix(tail.count) == tail[...]
      }
      let grey = planes[0] == 1 ? [[planes[1], planes[2]]] : []
      if let tail = ([planes, pixels] + grey).first(where: ends) {
        order = tail == pixels && tail != planes ? .interleaved : .planes
        count = extents.count > tail.count ? extents[0] : 1
      } else if extents.count == 4, extents.prefix(3) == pixels[...] {
        (order, count) = (.last, extents[3])
      } else {
        return nil
      }
      guard count > 0 else { return nil }
    }

    /// The elements as m×C×H×W.
    func planes(_ elements: [Float], _ shape: Shape) -> [Float] {
      guard order != .planes else { return elements }
      let (channels, area) = (shape[0], shape[1] * shape[2])
      var out = [Float](repeating: 0, count: elements.count)
      for vector in 0..<count {
        for channel in 0..<channels {
          for pixel in 0..<area {
            let place = pixel * channels + channel
            out[(vector * channels + channel) * area + pixel] =
              order == .last ? elements[place * count + vector] : elements[vector * area * channels + place]
          }
        }
      }
      return out
    }

    func sentence(_ found: Shape) -> String? {
      switch order {
      case .planes: nil
      case .interleaved: "the array \(found) is taken as rows × columns × channels"
      case .last: "the array \(found) is taken as rows × columns × channels × vectors"
      }
    }
  }
}

extension Shape {
  fileprivate var backwards: Shape { Shape(Array(extents.reversed())) }

  /// The same extents behind m.
  fileprivate func batch(behind m: Int) -> Shape { Shape([m] + extents) }
}
