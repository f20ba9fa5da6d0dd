internal import CZlib

/// Unpacks what zlib or gzip packed, by zlib: libarchive has no filter for zlib's own streams, which MATLAB's files
/// hold without their lengths.
enum Inflation {
  /// A window of 2¹⁵ bytes, and whichever of the two headers is there.
  private static let anyHeader: Int32 = 15 + 32

  /// The unpacked bytes; several gzip members follow one another.
  static func unpack(_ packed: [UInt8], _ path: String) throws(ImageError) -> [UInt8] {
    let outcome = packed.withUnsafeBufferPointer { run($0) }
    switch outcome {
    case .success(let bytes): return bytes
    case .failure(.damaged): throw .broken(path, "compressed file", "its contents do not unpack")
    case .failure(.truncated): throw .broken(path, "compressed file", "it ends too early")
    case .failure(.tooLarge): throw .tooManyBytes(path, limit: ByteSource.limit)
    }
  }

  private enum Failure: Error {
    case damaged
    case truncated
    case tooLarge
  }

  private static func run(_ packed: UnsafeBufferPointer<UInt8>) -> Result<[UInt8], Failure> {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, anyHeader, ZLIB_VERSION, size) == Z_OK else {
      return .failure(.damaged)
    }
    defer { inflateEnd(stream) }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
    stream.pointee.avail_in = UInt32(packed.count)
    return drain(stream)
  }

  private static func drain(_ stream: UnsafeMutablePointer<z_stream>) -> Result<[UInt8], Failure> {
    var out: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let (status, got) = chunk.withUnsafeMutableBufferPointer { buffer in
        stream.pointee.next_out = buffer.baseAddress
        stream.pointee.avail_out = UInt32(buffer.count)
        let status = inflate(stream, Z_NO_FLUSH)
        return (status, buffer.count - Int(stream.pointee.avail_out))
      }
      out += chunk[..<got]
      if out.count > ByteSource.limit { return .failure(.tooLarge) }
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        guard startsMember(stream), inflateReset(stream) == Z_OK else {
          return .success(out)
        }
      case Z_BUF_ERROR: return .failure(.truncated)
      default: return .failure(.damaged)
      }
    }
  }

  private static func startsMember(_ stream: UnsafeMutablePointer<z_stream>) -> Bool {
    guard stream.pointee.avail_in >= 2, let next = stream.pointee.next_in else { return false }
    return next[0] == 0x1F && next[1] == 0x8B
  }
}
