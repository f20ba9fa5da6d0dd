import Experiments
import Explorer
import Foundation
import Networks
import ONNX
import TestSupport
import Testing

@testable import Laboratory

/// What stays open, and what is read again.
@Suite("Holding")
struct HoldingTests {
  @Test("What nobody looks at is let go, but nothing that the screen has not heard of yet")
  func letGo() throws {
    let own = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile())
    let other = try OpenModel(path: BundledAssets.model("nin-shapes"), options: Profile())
    let set = try own.dataSet("shapes")
    let (first, second) = (own.classifier.digest, other.classifier.digest)
    var parts = OpenedParts(spec: "shapes")
    parts.open(own)
    parts.open(set, "set", spec: "shapes")
    parts.open(other, beside: set, "other set")
    #expect(parts.part(model: first, images: "set") != nil)
    #expect(parts.part(model: second)?.digest == "other set")
    parts.keep(models: [first], sets: ["set"], seen: 2)
    #expect(parts.part(model: second) != nil)
    parts.keep(models: [first], sets: ["set"], seen: 3)
    #expect(parts.part(model: second) == nil && parts.part(model: first, images: "set") != nil)
    #expect(parts.part(model: first)?.digest == "set")
  }

  @Test("A listed file is read once, until it is written anew")
  func inspections() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/m.onnx"
    let bytes = try Data(contentsOf: URL(filePath: BundledAssets.model("lenet-shapes")))
    try bytes.write(to: URL(filePath: path))
    let library = Library(folders: [URL(filePath: folder.path)])
    let written = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
    let before = try #require(library.models(inspected: true).first)
    #expect(before.problem == nil)
    // Other bytes in the same file at the same time: nobody could tell without reading it.
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.write(contentsOf: Data(repeating: 7, count: bytes.count))
    try file.close()
    try FileManager.default.setAttributes([.modificationDate: written], ofItemAtPath: path)
    #expect(library.models(inspected: true).first == before)
    try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
    #expect(library.models(inspected: true).first?.problem != nil)
  }

  @Test("A request's subject is read by the parts of its selection, each image set with its place")
  func subject() throws {
    let own = try OpenModel(path: BundledAssets.model("lenet-shapes"), options: Profile())
    let part = RequestedSubject.Part(model: own, set: try own.dataSet("shapes"), digest: "shapes")
    let selection = Selection(4..<7, validation: 9..<11, image: 2)
    let subject = try RequestedSubject(own: part, others: [part], selection: selection, cache: ImageCache())
      .read()
    #expect(subject.images.start == 4 && subject.images.count == 3)
    #expect(subject.validation?.count == 2 && subject.image?.start == 2)
    #expect(subject.others.map(\.images.digest) == [subject.images.digest])
    #expect(try subject.images.images == own.images("shapes", 4..<7).images)
  }
}
