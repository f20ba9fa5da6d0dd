import Tensors
import Testing

@Suite("Digest")
struct DigestTests {
  private func digest(_ bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.update(bytes)
    return digest.hexadecimal
  }

  @Test(
    "SHA-256 of the examples of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
          + "nopqrstu", "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func examples(text: String, expected: String) {
    #expect(digest(Array(text.utf8)) == expected)
  }

  @Test("SHA-256 of a million times the letter a")
  func million() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(digest([UInt8](repeating: 97, count: 1_000_000)) == expected)
  }

  @Test("Bytes that come in pieces give the digest of the whole", arguments: [1, 3, 55, 56, 63, 64, 65, 130])
  func pieces(size: Int) {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var pieced = Digest()
    for start in stride(from: 0, to: bytes.count, by: size) {
      pieced.update(Array(bytes[start..<min(bytes.count, start + size)]))
    }
    #expect(pieced.hexadecimal == digest(bytes))
  }

  @Test("The shape of a tensor belongs to its digest")
  func tensors() {
    let elements: [Float] = [1, 2, 3, 4]
    let shapes: [Shape] = [[4], [2, 2], [1, 4], [4, 1]]
    let digests = shapes.map { shape in
      var digest = Digest()
      digest.update(Tensor(shape: shape, elements: elements))
      return digest.hexadecimal
    }
    #expect(Set(digests).count == shapes.count)
  }
}
