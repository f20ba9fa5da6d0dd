package import Foundation
package import ONNX

/// The folder with the bundled models: never inside the program, always a path.
package struct Assets {
  package let folder: URL

  package var models: URL { folder.appending(path: "models") }

  /// The names of the classes of well-known sets.
  package var publishedNames: PublishedNames { PublishedNames(folder: folder.appending(path: "names").path) }

  /// `--assets`, then `BOUNDARYSCOPE_ASSETS`, then `share/boundaryscope` of the installation that holds the executable,
  /// then `Assets` in a checkout that holds the executable or the working directory.
  package static func find(_ option: String?) throws -> Assets {
    if let option { return try existing(option, saidBy: "--assets") }
    if let path = ProcessInfo.processInfo.environment["BOUNDARYSCOPE_ASSETS"], !path.isEmpty {
      return try existing(path, saidBy: "BOUNDARYSCOPE_ASSETS")
    }
    for candidate in candidates() where isAssets(candidate) { return Assets(folder: candidate) }
    throw Refusal(
      .noSuchFile, "the bundled models were not found: pass --assets FOLDER, the folder Assets of a checkout")
  }

  private static func existing(_ path: String, saidBy source: String) throws -> Assets {
    let folder = URL(filePath: path)
    guard isAssets(folder) else {
      throw Refusal(
        .noSuchFile, "\(source) '\(path)' has no folder 'models': name the folder Assets of a checkout")
    }
    return Assets(folder: folder)
  }

  private static func isAssets(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: "models").path)
  }

  private static func candidates() -> [URL] {
    let executable = (Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]))
      .resolvingSymlinksInPath()
    // The tarball and the wheel start the program by the loader that they carry, in a folder of its own below lib.
    var candidates = ["../share/boundaryscope", "../../share/boundaryscope"].map {
      executable.deletingLastPathComponent().appending(path: $0).standardized
    }
    for start in [
      executable.deletingLastPathComponent(), URL(filePath: FileManager.default.currentDirectoryPath),
    ] {
      var folder = start.standardized
      while folder.pathComponents.count > 1 {
        if FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path) {
          candidates.append(folder.appending(path: "Assets"))
        }
        folder.deleteLastPathComponent()
      }
    }
    return candidates
  }
}
