internal import Experiments
internal import Explorer
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
  /// Folders among them whose new models are compared at once.
  var watched: Set<URL> = []
  var seed: UInt64 = 1
  var store: ResultStore?
  var keys = KeyMap()
  /// Pictures a second at most while only work reports.
  var framesPerSecond = 12.0
  /// The folder Assets; nil where there is none.
  var assets: URL?
  /// The file of the tour; nil is the bundled one.
  var tour: String?
  /// The step at which the tour begins, from 0; nil begins none.
  var tourStep: Int?
  /// Played from the start.
  var script: Script?
  /// Where everything that the person does is written.
  var recording: String?
}
