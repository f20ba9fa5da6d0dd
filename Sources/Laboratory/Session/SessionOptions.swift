package import Experiments
package import Explorer
package import Foundation
package import ONNX

/// What an audience sees of a lecture.
package enum MirrorContents: Sendable {
  case whole
  /// The words of a tour stay with the lecturer.
  case withoutNotes
}

/// What the explorer starts with.
package struct SessionOptions: Sendable {
  /// The model to open first.
  package var model: String
  /// The images to open with it.
  package var images: String
  /// Whether a person named them: then a model takes them whose own images nobody knows.
  package var areImagesNamed = false
  /// What the command line says about preprocessing; for the model that it names.
  package var preprocessing = Profile()
  /// The same as words of a command line.
  package var preprocessingArguments: [String] = []
  /// Folders whose models are listed, the bundled one first.
  package var folders: [URL] = []
  /// Folders among them whose new models are compared at once.
  package var watched: Set<URL> = []
  /// Whether nobody chose what is shown, so that the first image may be one that shows most.
  package var isUnchosen = false
  package var seed: UInt64 = 1
  package var store: ResultStore?
  package var keys = KeyMap()
  /// Pictures a second at most while only work reports.
  package var framesPerSecond = 12.0
  /// The folder Assets; nil where there is none.
  package var assets: URL?
  /// The file of the tour; nil is the bundled one.
  package var tour: String?
  /// The step at which the tour begins, from 0; nil begins none.
  package var tourStep: Int?
  /// What other terminals may follow; nil for nothing.
  package var mirrors: MirrorContents?
  /// Played from the start.
  package var script: Script?

  package init(model: String, images: String) { (self.model, self.images) = (model, images) }
}
