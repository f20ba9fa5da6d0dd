internal import CZlib

/// Unpacks what zlib's "deflate" packed.
enum Inflation {
  enum Wrapping: Int32 {
    /// As in a zip archive.
    case raw = -15
    /// As in a MATLAB file.
    case zlib = 15
    case gzip = 31
  }

  /// The unpacked bytes; several gzip members follow one another.
  static func unpack(_ packed: [UInt8], _ wrapping: Wrapping, _ path: String) throws(ImageError) -> [UInt8] {
    let outcome = packed.withUnsafeBufferPointer { run($0, wrapping) }
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

  private static func run(_ packed: UnsafeBufferPointer<UInt8>, _ wrapping: Wrapping) -> Result<
    [UInt8], Failure
  > {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, wrapping.rawValue, ZLIB_VERSION, size) == Z_OK else {
      return .failure(.damaged)
    }
    defer { inflateEnd(stream) }
    stream.pointee.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
    stream.pointee.avail_in = UInt32(packed.count)
    return drain(stream, wrapping)
  }

  private static func drain(_ stream: UnsafeMutablePointer<z_stream>, _ wrapping: Wrapping) -> Result<
    [UInt8], Failure
  > {
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
        guard wrapping == .gzip, startsMember(stream), inflateReset(stream) == Z_OK else {
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
