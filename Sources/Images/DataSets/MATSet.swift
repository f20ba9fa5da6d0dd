internal import Tensors

/// Images in a MATLAB file, H×W×C×N or N×pixels, such as SVHN's cropped digits.
enum MATSet {
  static func open(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> any DataSet {
    let variables = try MATFile(file)
    let arrays = NamedArrays(names: variables.names) { name throws(ImageError) in try variables.array(name) }
    let images = try variables.array(try arrays.imagesName(file.path))
    // Columns first: N×C×W×H where MATLAB says H×W×C×N; rows of pixels are N×pixels only the other way about.
    guard images.shape.rank == 4 else {
      throw .array(
        file.path, "images are read as H×W×C×N, and \(images.shape) (from the last extent on) is not")
    }
    let pixels = try ImageArray(images, wanted: fitting.shape, order: .columns, file.path)
    guard let name = try arrays.labelsName(of: try arrays.imagesName(file.path), count: pixels.count) else {
      return try ArraySet(pixels, nil, file.path, fitting)
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
    let remarks = truth == given ? [] : ["class 10 is the digit 0, as in SVHN"]
    return try ArraySet(pixels, truth, remarks: remarks, file.path, fitting)
  }

  /// SVHN has the digit 0 as class 10: images of 32×32 with labels 1 to 10.
  private static func digits(_ labels: [Int], _ pixels: ImageArray) -> [Int] {
    let isSVHN =
      pixels.stored == [3, 32, 32] && labels.allSatisfy { (1...10).contains($0) } && labels.contains(10)
    return isSVHN ? labels.map { $0 % 10 } : labels
  }
}
