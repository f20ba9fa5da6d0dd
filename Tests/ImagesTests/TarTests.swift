import Foundation
import Tensors
import Testing

@testable import Images

/// Pictures in a tar archive.
@Suite("Tar archives")
struct TarTests {
  /// A member: its header and its contents, both in whole blocks.
  private static func member(
    _ name: String, _ bytes: [UInt8], kind: String = "0", prefix: String = "", size: Int? = nil
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func write(_ text: String, _ at: Int) {
      header.replaceSubrange(at..<at + text.utf8.count, with: text.utf8)
    }
    write(name, 0)
    write("0000644\00000000\00000000\0", 100)
    let octal = String(size ?? bytes.count, radix: 8)
    write(String(repeating: "0", count: 11 - octal.count) + octal, 124)
    write(kind, 156)
    write("ustar\0" + "00", 257)
    write(prefix, 345)
    // Its own eight bytes count as blanks.
    write("        ", 148)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    write(String(repeating: "0", count: 6 - sum.count) + sum + "\0", 148)
    return header + bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private static let end = [UInt8](repeating: 0, count: 1024)

  private static func picture(_ value: UInt8) -> [UInt8] {
    Array("P5 2 2 255\n".utf8) + [UInt8](repeating: value, count: 4)
  }

  private static let long = String(repeating: "d", count: 90) + "/" + String(repeating: "n", count: 60)

  private static let archive =
    member("./set/bee/", [], kind: "5") + member("./set/bee/1.pgm", picture(7))
    + member("././@LongLink", Array("set/ant/\(String(repeating: "x", count: 120)).pgm\0".utf8), kind: "L")
    + member("set/ant/cut", picture(9))
    + member("PaxHeaders/2", Array("22 path=set/ant/2.pgm\n13 mtime=1.5\n".utf8), kind: "x")
    + member("cut", picture(11))
    + member("3.pgm", picture(13), prefix: "set/bee") + member("set/notes.txt", [65]) + end

  @Test("class folders in it are read, under short names and long ones")
  func read() throws {
    let folder = TemporaryFolder()
    let set = try openDataSet(try folder.file("set.tar", Self.archive))
    #expect(set.classNames == ["ant", "bee"])
    #expect(set.count == 4)
    #expect(try set.labels(0..<4) == [0, 0, 1, 1])
    #expect(
      try set.images(0..<4).elements == [11, 9, 7, 13].flatMap { [Float](repeating: $0 / 255, count: 4) })
    #expect(set.file(3)?.hasSuffix("set.tar:set/bee/3.pgm") == true)
  }

  /// grün/1.pgm and rot/2.pgm, of 2×2 pixels 7 and 9: Python's `tarfile` in PAX_FORMAT, packed by Python and `zstd -19`.
  private static let packedSets: [String: String] = [
    "tar.gz": "H4sIAAAAAAACA+3TPQrCMBiA4WxiT5ETND8kdhIdHXuFgKUuaokt9HBuXswWBXHoIqQgfZ8M+cjyDeHNVa72ZegP"
      + "VThWUSShX6Zura37zOO70dYYIXsxg+7WhjisF8tktWxCe9rW8XG/KJM39TkTWIw67t7fnm7HGPXGuen+TfHdvy5c"
      + "4YXU9J9c6aUdj/fZakAQCxOvrbJp8/+pf0P/c/e/HhAEAAAAAAAAAAAAAPypJ+OYQLsAKAAA",
    "tbz2": "QlpoOTFBWSZTWUamcqwAAHZfjcq4QAH3gsBAUYBmw95AAAQIAAAhCAgwALm2K9UAA0AAAMmg9INJGQaAaABoAABJ"
      + "FE09NR6TTagBoAAFFP7ryPNhSMmjBwSYQkXFsFcY0sw8lEgkIYQ7JiMk0sRUmJhhotnZgafQ8PnKxBVWnEiWtZyI"
      + "koBngw2qoJAR80c4QGp7AYOqGAQHwcJDicD5Sm1gMEWBR0cpbBIeUOvp8NQeQPLYIfEHCEDK4q0IP4u5IpwoSCNT"
      + "OVYA",
    "tar.xz": "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AK1dABcL3ASAUDIm7h19G/PyyzPs7Pg38OrWetzVvBtWH3Vuss5D"
      + "eqz3N9CJXAvCUgZkGfZwU5BiUxxU2z3kJUeF2Hdg8QDXXPM1PPQ1npv7t/zkc8DESSONA1MkbO9lUp8/qcVJFcsh"
      + "YHvE/tWsB+A5pbC/dUsr5Zf1mQjpHLakTtwylQCeHX3O3d3FXF0vtEVBORnAhlAU7LEMEXlhfumH3v0e/ufwWG9M"
      + "M3IemgAAAAAAACh4+OUrJtpCAAHJAYBQAACaKjdJscRn+wIAAAAABFla",
    "tar.zst": "KLUv/QRorQQAIsYVHKA5B3NVVWX8bbM9YjNH7qdbc7LtpGS0GrpjnwKBboucCQjv7XrIlx908FCdG/7fxZQWGPkw"
      + "bQ1VTUksUXzW179njCDJnpZV93rfbu+pJFE5pogYjTUWFyAwiXLbAf3bgzuqEHBvVpkPwNQKgCoIke6/KkCBFBCw"
      + "KqeMB2Cb7bz6shFdZXPUeTPZ9AGkALtkOnWGgUz1",
  ]

  @Test("packed ones are read, by the names that their headers extend", arguments: packedSets.keys.sorted())
  func packed(suffix: String) throws {
    let folder = TemporaryFolder()
    let bytes = try #require(Data(base64Encoded: Self.packedSets[suffix] ?? ""))
    let set = try openDataSet(try folder.file("set.\(suffix)", Array(bytes)))
    #expect(set.classNames == ["grün", "rot"])
    #expect(try set.images(0..<2).elements == [7, 9].flatMap { [Float](repeating: $0 / 255, count: 4) })
    let cut = try folder.file("cut.\(suffix)", Array(bytes.dropLast(bytes.count / 2)))
    let refusal = sentence { _ = try openDataSet(cut) }
    #expect(refusal?.isEmpty == false)
  }

  @Test("an archive of a data set's own files names one of them")
  func files() throws {
    let folder = TemporaryFolder()
    let batches = Self.member("cifar-10-batches-py/data_batch_1", [128, 2]) + Self.end
    let file = try folder.file("cifar.tar", batches)
    #expect(
      sentence { _ = try openDataSet(file) }
        == "\(file) holds no pictures; unpack it and pass one of its files, such as cifar-10-batches-py/data_batch_1"
    )
  }

  @Test("of a plain archive pictures are read where they lie, in any order and by several readers at once")
  func apart() async throws {
    let folder = TemporaryFolder()
    let count = 200
    let members = (0..<count).flatMap { Self.member("c/\(1000 + $0).pgm", Self.picture(UInt8($0))) }
    let set = try openDataSet(try folder.file("many.tar", members + Self.end))
    let values = try await withThrowingTaskGroup(of: (Int, Float).self) { group in
      for index in (0..<count).reversed() {
        group.addTask { (index, try set.images(index..<index + 1).elements[0]) }
      }
      return try await group.reduce(into: [Int: Float]()) { $0[$1.0] = $1.1 }
    }
    #expect((0..<count).allSatisfy { values[$0] == Float($0) / 255 })
  }

  @Test("one that breaks off ends in a sentence, whatever its bytes")
  func damaged() throws {
    let folder = TemporaryFolder()
    for length in stride(from: 100, to: Self.archive.count, by: 333) {
      let file = try folder.file("cut.tar", Array(Self.archive[..<length]))
      if let set = try? openDataSet(file) { _ = try? set.images(0..<set.count) }
    }
    var endless = Self.archive
    endless.replaceSubrange(512 + 124..<512 + 135, with: "77777777777".utf8)
    #expect(
      sentence { _ = try openDataSet(try folder.file("odd.tar", endless)) }?.contains("tar archive") == true)
    let far = Self.member("a/1.pgm", Self.picture(1), size: 0o7777_7777_777)
    #expect(
      sentence { _ = try openDataSet(try folder.file("far.tar", far)) }?
        .hasSuffix("far.tar is a damaged tar archive: it ends too early") == true)
  }
}
