internal import Foundation
internal import ONNX
internal import Tensors

/// The small models of this folder, written by `make_fixtures.py`.
enum Fixtures {
  /// What onnxruntime computes on a fixture for two images.
  struct Expectation: Decodable {
    let image: [Int]
    let input: [Float]
    let logits: [Float]
    let profile: Profile

    var images: Tensor { Tensor(shape: Shape([2] + image), elements: input) }
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures"
  ).path

  static func path(_ name: String) -> String { "\(folder)/\(name).onnx" }

  static func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: path(name)))
  }

  static func expectation(_ name: String) throws -> Expectation {
    let data = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
    return try JSONDecoder().decode([String: Expectation].self, from: data)[name]!
  }

  /// The sentence with which a model is refused; nil where it is not.
  static func refusal(_ name: String, _ profile: Profile = Profile()) -> String? {
    do {
      _ = try openClassifier(path: path(name), options: profile)
      return nil
    } catch {
      return "\(error)"
    }
  }
}

/// Files that are not part of the project: where BOUNDARYSCOPE_DATA says, else beside the checkout.
func realData(_ name: String) -> String? {
  let beside = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "../../../shared/data"
  ).path
  let path = (ProcessInfo.processInfo.environment["BOUNDARYSCOPE_DATA"] ?? beside) + "/" + name
  if FileManager.default.fileExists(atPath: path) { return path }
  print("skipped: \(name) is not there")
  return nil
}
