internal import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes and numbers as they come, by OpenSSL.
public struct Digest: Sendable {
  private var state: DigestState

  public init() { state = DigestState() }

  /// Takes in bytes as they are, without their number.
  public mutating func update(_ bytes: [UInt8]) { bytes.withUnsafeBytes { update($0) } }

  /// Takes in bytes as they are, without their number.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if !isKnownUniquelyReferenced(&state) { state = DigestState(copying: state) }
    state.update(bytes)
  }

  /// The digest as 64 hexadecimal digits; the digest may go on afterwards.
  public var hexadecimal: String {
    DigestState(copying: state).finished.reduce(into: "") { text, byte in
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
  }
}

extension Digest {
  /// Takes in a number as eight bytes, the lowest first.
  public mutating func update(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { update($0) }
  }

  /// Rank, extents and the bits of every element.
  public mutating func update(_ tensor: Tensor) {
    update(tensor.shape.rank)
    for extent in tensor.shape.extents { update(extent) }
    tensor.elements.withUnsafeBytes { update($0) }
  }
}

private let digits = Array("0123456789abcdef")

/// OpenSSL's state of a digest: of one ``Digest`` while it changes.
private final class DigestState: @unchecked Sendable {  // changed by its only owner
  private let context: OpaquePointer

  init() {
    context = Self.room()
    precondition(EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "no SHA-256 in OpenSSL")
  }

  init(copying other: DigestState) {
    context = Self.room()
    precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "no memory for a digest")
  }

  deinit { EVP_MD_CTX_free(context) }

  private static func room() -> OpaquePointer {
    guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
    return context
  }

  func update(_ bytes: UnsafeRawBufferPointer) {
    precondition(
      EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1, "a digest that went on after its end")
  }

  /// The 32 bytes; the state is spent.
  var finished: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context, &bytes, nil) == 1, "a digest that was spent")
    return bytes
  }
}
