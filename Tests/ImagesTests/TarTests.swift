import Tensors
import Testing

@testable import Images

/// Pictures in a tar archive.
@Suite("Tar archives")
struct TarTests {
  /// A member: its header and its contents, both in whole blocks.
  private static func member(_ name: String, _ bytes: [UInt8], kind: String = "0", prefix: String = "")
    -> [UInt8]
  {
    var header = [UInt8](repeating: 0, count: 512)
    func write(_ text: String, _ at: Int) {
      header.replaceSubrange(at..<at + text.utf8.count, with: text.utf8)
    }
    write(name, 0)
    write("000000000000000000000000", 100)
    let octal = String(bytes.count, radix: 8)
    write(String(repeating: "0", count: 11 - octal.count) + octal, 124)
    write(kind, 156)
    write("ustar\0" + "00", 257)
    write(prefix, 345)
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
    + member("PaxHeaders/2", Array("31 path=set/ant/2.pgm\n20 mtime=1.5\n".utf8), kind: "x")
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
      sentence { _ = try openDataSet(try folder.file("far.tar", endless)) }?.contains("tar archive") == true)
  }
}
