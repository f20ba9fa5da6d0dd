internal import Foundation
internal import Networks
internal import ONNX
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors

enum ModelTrial {
  /// Networks that cost more are imported alone.
  private static let (mostProducts, mostPixels) = (1_000_000, 4000)

  static func read(_ bytes: [UInt8]) {
    guard let file = try? ModelFile(bytes: Data(bytes), path: Scratch.folder + "/x.onnx") else { return }
    _ = file.inspection(profile: Profile())
    let x = Value(Tensor(zeros: [1, 3, 8, 8]))
    _ = try? file.evaluate(
      Dictionary(file.inputNames.prefix(4).map { ($0, x) }) { first, _ in first })
    guard let network = try? file.classifier(profile: Profile(crop: 8)).network else { return }
    pass(network)
  }

  private static func pass(_ network: Network) {
    guard network.multiplyAdds < mostProducts, network.imageShape.count < mostPixels,
      network.classCount < 200
    else { return }
    let x = Tensor(zeros: network.imageShape)
    _ = try? network.logits(x)
    _ = try? network.jacobian(at: x)
    let line = network.linearize(at: x)
    _ = line.pushforward(x)
    _ = try? network.softened(beta: 10).logits(x)
  }

  static func read(_ model: Onnx_ModelProto) {
    guard let bytes = try? model.serializedBytes() as [UInt8] else { return }
    read(bytes)
  }
}
