import Foundation
import Laboratory

/// What lies in the checkout.
enum BundledAssets {
  static let folder = URL(filePath: #filePath).appending(path: "../../../Assets").standardized

  static func model(_ name: String) -> String { folder.appending(path: "models/\(name).onnx").path }
}
