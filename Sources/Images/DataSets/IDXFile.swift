/// An IDX file of bytes: MNIST's format, also gzipped.
struct IDXFile: Sendable {
  let extents: [Int]
  let path: String
  private let source: ByteSource
  private let offset: Int

  /// Whether these first bytes are those of an IDX file.
  static func announces(_ head: [UInt8]) -> Bool {
    head.count >= 4 && head[0] == 0 && head[1] == 0 && (8...14).contains(head[2]) && (1...4).contains(head[3])
  }

  init(_ path: String) throws(ImageError) {
    self.path = path
    let file = try InputFile(path)
    let isGzip = try file.read(0..<min(2, file.size)) == [0x1F, 0x8B]
    source = isGzip ? ByteSource(try Inflation.unpack(try file.readAll(), path)) : ByteSource(file)
    let head = try source.head(20)
    guard IDXFile.announces(head) else { throw .array(path, "it is not an IDX file as MNIST uses them") }
    guard head[2] == 8 else { throw .array(path, "its numbers are not bytes; only bytes are supported") }
    let rank = Int(head[3])
    offset = 4 + 4 * rank
    guard head.count >= offset else { throw .broken(path, "IDX file", "it ends too early") }
    extents = (0..<rank).map { head[4 + 4 * $0..<8 + 4 * $0].bigEndian }
    try checkSize()
  }

  /// Throws unless the file holds exactly the bytes that its header announces.
  private func checkSize() throws(ImageError) {
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard !overflow, product < 1 << 48 else {
        throw .broken(path, "IDX file", "its size is impossibly large")
      }
      count = product
    }
    let shape = extents.map(String.init).joined(separator: "×")
    guard offset + count == source.count else {
      throw .broken(path, "IDX file", "it announces \(shape) bytes and has \(source.count - offset)")
    }
  }

  /// Entries `range` along the first extent.
  func read(_ range: Range<Int>) throws(ImageError) -> [UInt8] {
    let size = extents.dropFirst().reduce(1, *)
    return try source.read(offset + range.lowerBound * size..<offset + range.upperBound * size)
  }
}
