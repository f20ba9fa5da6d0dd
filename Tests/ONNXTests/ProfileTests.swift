internal import Foundation
internal import ONNX
internal import Testing

@Suite("Profile")
struct ProfileTests {
  private func read(_ json: String) throws -> Profile {
    let folder = FileManager.default.temporaryDirectory.appending(path: "profile-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(json.utf8).write(to: folder.appending(path: "net.json"))
    return try Profile(besideModelAt: folder.appending(path: "net.onnx").path)
  }

  @Test("a profile is read from the JSON file beside the model")
  func beside() throws {
    let profile = try read(
      #"{"scale": "byte", "mean": [1, 2, 3], "channels": "bgr", "layout": "nhwc", "classes": ["a", "b"], "note": 1}"#
    )
    #expect(profile.scale == .byte)
    #expect(profile.mean == [1, 2, 3])
    #expect(profile.channels == .bgr)
    #expect(profile.layout == .nhwc)
    #expect(profile.classes == ["a", "b"])
    #expect(profile.std == nil)
  }

  @Test("where there is no file the profile says nothing")
  func none() throws { #expect(try Profile(besideModelAt: Fixtures.path("convnet")) == Profile()) }

  @Test("options go before the profile")
  func options() {
    let profile = Profile(scale: .byte, mean: [1]).overridden(by: Profile(mean: [2], crop: 5))
    #expect(profile == Profile(scale: .byte, mean: [2], crop: 5))
  }

  @Test(
    "a profile that is none is refused",
    arguments: [
      (#"{"scale": "half"}"#, "'scale' has an unknown value"),
      (#"{"mean": "0.5"}"#, "'mean' has a value of the wrong type"),
      ("{", "the profile is not valid JSON"),
    ])
  func refused(json: String, problem: String) {
    let error = #expect(throws: ModelError.self) { try read(json) }
    #expect("\(error!)".hasSuffix("net.json: \(problem)"))
  }
}
