internal import Images
internal import Tensors
internal import Testing

@Suite("Folders of pictures")
struct FolderTests {
  private let png = PNG.encode(pattern(width: 2, height: 2, channels: 3))

  private func folder(_ files: [String]) throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    for file in files { _ = try folder.file(file, png) }
    return folder
  }

  @Test("a folder called images is no class, nor is one that only holds others")
  func containers() throws {
    let flat = try folder(["images/a.png", "images/b.png"])
    #expect(try openDataSet(flat.path).labelling == .none)
    #expect(try openDataSet(flat.path).count == 2)
    let nested = try folder(["Images/n02085620-Chihuahua/a.jpg", "Images/n02085782-spaniel/b.jpg"])
    #expect(try openDataSet(nested.path).classNames == ["n02085620-Chihuahua", "n02085782-spaniel"])
  }

  @Test("of the parts of a set the one to judge with is taken, and named")
  func parts() throws {
    let parts = try folder(["train/x/1.png", "train/y/1.png", "val/x/images/2.png", "val/y/images/3.png"])
    let set = try openDataSet(parts.path)
    #expect(set.classNames == ["x", "y"])
    #expect(set.file(0) == parts.path + "val/x/images/2.png")
    #expect(set.remarks.contains { $0.contains("one of the parts train, val") })
    #expect(try openDataSet(parts.path + "train").file(1) == parts.path + "train/y/1.png")
    let classes = try folder(["car/1.png", "plane/1.png", "train/1.png"])
    #expect(try openDataSet(classes.path).classNames == ["car", "plane", "train"])
  }

  @Test("Tiny ImageNet's annotations give the classes, those without a picture counted")
  func tinyImageNet() throws {
    let tiny = try folder(["tiny/val/images/val_0.JPEG", "tiny/val/images/val_1.JPEG"])
    _ = try tiny.file("tiny/val/val_annotations.txt", Array("val_0.JPEG\tn03\t0\nval_1.JPEG\tn01\t0\n".utf8))
    _ = try tiny.file("tiny/wnids.txt", Array("n03\nn02\nn01\n".utf8))
    for place in ["tiny", "tiny/val", "tiny/val/images"] {
      let set = try openDataSet(tiny.path + place)
      #expect(set.classNames == ["n01", "n02", "n03"], "\(place)")
      #expect(try set.labels(0..<2) == [2, 0])
    }
  }

  @Test("what cannot be read is left out, counted and said; alone it is an error")
  func broken() throws {
    let mixed = try folder(["a.png", "c.png", "d.heic"])
    _ = try mixed.file("b.png", Array(png[..<30]))
    let set = try openDataSet(mixed.path)
    #expect(set.remarks == ["1 file is not a picture that can be read, such as d.heic"])
    let batch = try set.read(0..<3)
    #expect(batch.indices == [0, 2])
    #expect(batch.images.count == 2)
    #expect(
      batch.sentences == [
        "1 picture is left out, 2 are used: \(mixed.path)b.png is a damaged PNG: it ends too early"
      ])
    #expect(throws: ImageError.self) { try set.image(1) }
    #expect(throws: ImageError.self) { try set.images(0..<3) }
  }

  @Test("empty folders keep their number")
  func empty() throws {
    let set = try folder(["a/1.png", "b/notes.txt", "c/2.png"])
    let opened = try openDataSet(set.path)
    #expect(opened.classNames == ["a", "b", "c"])
    #expect(try opened.labels(0..<2) == [0, 2])
  }

  @Test(
    "a list of pictures alone gives them without classes: with a heading or not, blanks within names or behind them",
    arguments: ["im/a.png\nim/b c.png\n", "filename\nim/a.png\nim/b c.png\n", "im/a.png \n im/b c.png\n"])
  func bareList(text: String) throws {
    let place = try folder(["im/a.png", "im/b c.png"])
    let set = try openDataSet(try place.file("list.txt", Array(text.utf8)))
    #expect(set.count == 2 && set.classNames.isEmpty)
    #expect((0..<2).map { set.file($0) } == [place.path + "im/a.png", place.path + "im/b c.png"])
    #expect(set.labelling == .none)
  }

  @Test("a list in a folder of another kind's name is a list")
  func innocentFolder() throws {
    let place = try folder(["tfrecords/im/a.png"])
    let set = try openDataSet(try place.file("tfrecords/list.csv", Array("im/a.png,cow\n".utf8)))
    #expect(set.count == 1 && set.classNames == ["cow"])
  }

  @Test(
    "a list gives files and classes",
    arguments: [
      ("file,label\r\nim/a.png,cow\r\nim/b.png,ant\r\n", ["ant", "cow"], [1, 0]),
      ("\u{feff}id;class_id\nim/a;7\nim/b;0\n", [], [7, 0]), ("im/a.png 3\nim/b.png 1\n", [], [3, 1]),
      ("image,MEL,NV\nim/a,0.0,1.0\nim/b,1,0\n", ["MEL", "NV"], [1, 0]),
    ])
  func list(text: String, names: [String], labels: [Int]) throws {
    let place = try folder(["im/a.png", "im/b.png"])
    let set = try openDataSet(try place.file("list.csv", Array(text.utf8)))
    #expect(set.classNames == names)
    #expect(try set.labels(0..<2) == labels)
    #expect(set.file(0) == place.path + "im/a.png")
  }
}
