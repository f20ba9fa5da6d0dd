internal import Tensors

/// Images in a MATLAB file, H×W×C×N, H×W×N or N×pixels, such as SVHN's cropped digits.
enum MATSet {
  static func open(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> any DataSet {
    let variables = try MATFile(file)
    let arrays = NamedArrays(names: variables.names) { name throws(ImageError) in try variables.array(name) }
    let images = try variables.array(try arrays.imagesName(file.path))
    let pixels = try pixels(images, fitting, file.path)
    guard let name = try arrays.labelsName(of: try arrays.imagesName(file.path), count: pixels.count) else {
      return try ArraySet(pixels, nil, remarks: remarks(images), file.path, fitting)
    }
    let labels = try variables.array(name)
    // MATLAB's columns come as rows: 1×N.
    let flat = labels.shape.count == pixels.count
    guard flat else {
      throw .labels(file.path, "\(name) holds \(labels.shape) numbers for \(pixels.count) images")
    }
    let numbers = try labels.read(0..<pixels.count)
    guard numbers.allSatisfy({ $0 >= 0 && $0 < 1e6 && $0 == $0.rounded() }) else {
      throw .labels(file.path, "classes are whole numbers")
    }
    let given = numbers.map { Int($0) }
    let truth = digits(given, pixels)
    let remarks = remarks(images) + (truth == given ? [] : ["class 10 is the digit 0, as in SVHN"])
    return try ArraySet(pixels, truth, remarks: remarks, file.path, fitting)
  }

  /// Arrays from MATLAB's own programs have their images last, H×W×C×N, H×W×N and pixels×N, those that Python wrote
  /// first; `images` has the extents the other way about, and its bytes in their order.
  private static func pixels(
    _ images: NPYArray, _ fitting: Fitting, _ path: String
  ) throws(ImageError) -> ImageArray {
    let (e, wanted) = (images.shape, fitting.shape)
    switch e.rank {
    case 4 where [1, 3, 4].contains(e[1]):
      return try ImageArray(images, wanted: wanted, order: .columns, path)
    case 3 where !isFirst(e, wanted):
      let planes = try images.reshaped(
        e[0] == 3 && wanted?[0] != 1 ? [1, 3, e[1], e[2]] : [e[0], 1, e[1], e[2]], path)
      return try ImageArray(planes, wanted: wanted, order: .columns, path)
    case 2 where isRow(e[1], wanted) && !isRow(e[0], wanted):
      return try ImageArray(images, wanted: wanted, path)
    case 2...4: return try ImageArray(try images.reversed(path), wanted: wanted, path)
    default:
      throw .array(
        path, "images are H×W×C×N, H×W×N or N×pixels, not \(e) (from the last extent on)")
    }
  }

  private static func remarks(_ images: NPYArray) -> [String] {
    images.shape.rank == 2
      ? [
        "the pixels of an image are taken row by row; MATLAB's own (:) goes down the columns: transpose those images"
      ] : []
  }

  /// Whether the images of an array N×H×W come first: its last extents are not those of an image.
  private static func isFirst(_ e: Shape, _ wanted: Shape?) -> Bool {
    guard let wanted else { return false }
    return [e[1], e[0]] == [wanted[1], wanted[2]] && [e[2], e[1]] != [wanted[1], wanted[2]]
  }

  /// Whether so many numbers are the pixels of an image.
  private static func isRow(_ count: Int, _ wanted: Shape?) -> Bool {
    if let wanted { return count == wanted.count || count == wanted[1] * wanted[2] }
    return [256, 400, 784, 1024, 3072].contains(count)
  }

  /// SVHN has the digit 0 as class 10: images of 32×32 with labels 1 to 10.
  private static func digits(_ labels: [Int], _ pixels: ImageArray) -> [Int] {
    let isSVHN =
      pixels.stored == [3, 32, 32] && labels.allSatisfy { (1...10).contains($0) } && labels.contains(10)
    return isSVHN ? labels.map { $0 % 10 } : labels
  }
}
