public import Tensors

/// NumPy's array files: read with any number type and order, written as float32 in C order.
public enum NPY {
  /// The array in a file, as floats.
  public static func read(_ path: String) throws(ImageError) -> Tensor {
    let array = try NPYArray(ByteSource(try InputFile(path)), path)
    return Tensor(shape: array.shape, elements: try array.read(0..<array.shape.count))
  }

  /// Writes `tensor` as float32 in C order; the file is whole or not there.
  public static func write(_ tensor: Tensor, to path: String) throws(ImageError) {
    guard UInt32(littleEndian: 1) == 1 else { return try OutputFile.write(encode(tensor), to: path) }
    // Large arrays are not copied for this.
    try OutputFile.write(header("<f4", tensor.shape), tensor.elements, to: path)
  }

  /// The bytes of a file of version 1.0.
  public static func encode(_ tensor: Tensor) -> [UInt8] {
    var bytes = header("<f4", tensor.shape)
    bytes.reserveCapacity(bytes.count + 4 * tensor.elements.count)
    let isLittleEndian = UInt32(littleEndian: 1) == 1
    let words =
      isLittleEndian ? tensor.elements : tensor.elements.map { Float(bitPattern: $0.bitPattern.byteSwapped) }
    words.withUnsafeBytes { bytes += $0 }
    return bytes
  }

  /// What stands before the elements of a file of version 1.0.
  static func header(_ type: String, _ shape: Shape) -> [UInt8] {
    let extents = shape.extents.map(String.init)
    let tuple = extents.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(tuple), }"
    let fixed = NPYArray.magic.count + 4
    header += String(repeating: " ", count: 63 - (fixed + header.utf8.count) % 64) + "\n"
    return NPYArray.magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)]
      + Array(header.utf8)
  }
}
