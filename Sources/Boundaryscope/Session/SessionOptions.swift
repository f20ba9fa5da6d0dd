internal import Experiments
internal import Foundation
internal import ONNX

/// What the explorer starts with.
struct SessionOptions: Sendable {
  /// The model to open first.
  var model: String
  /// The images to open with it.
  var images: String
  /// What the command line says about preprocessing; for the first model alone.
  var preprocessing = Profile()
  /// Folders whose models are listed, the bundled one first.
  var folders: [URL] = []
  var seed: UInt64 = 1
  var store: ResultStore?
}
