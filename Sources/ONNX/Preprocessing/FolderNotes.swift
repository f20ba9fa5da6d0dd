internal import FoundationEssentials
internal import Networks

/// What the files beside a model say of its pixels and its classes.
///
/// Hugging Face and timm keep configurations there, and exported models often lie in a folder `onnx` below them; others
/// keep lists of names. A file that says nothing of the sort is no error: it may belong to another thing.
enum FolderNotes {
  private static let configurations = [
    "preprocessor_config.json", "processor_config.json", "config.json", "metadata.json",
  ]

  private static let lists = [
    "labels.txt", "classes.txt", "class_names.txt", "classnames.txt", "names.txt", "synset.txt",
    "synset_words.txt", "imagenet_classes.txt", "imagenet-classes.txt", "obj.names", "classes.names",
    "id2label.json", "labels.json", "label_names.json", "class_names.json", "classes.json",
    "class_indices.json",
    "class_to_idx.json", "label_map.json", "imagenet_class_index.json", "imagenet-simple-labels.json",
    "data.yaml", "dataset.yaml", "labels.csv",
  ]

  /// What is beside the model at `path`, its own files first.
  static func statements(_ path: String) -> [Statement] {
    folders(path).flatMap { folder in
      let present = Set((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      return names(path).filter(present.contains).compactMap { statement(folder, $0) }
    }
  }

  /// Every path at which something may be said of the model at `path`.
  static func places(_ path: String) -> [String] {
    let names = names(path)
    return folders(path).flatMap { folder in names.map { folder.path + "/" + $0 } }
  }

  private static func names(_ path: String) -> [String] {
    let model = URL(filePath: path)
    let stem =
      path.hasSuffix(".onnx") ? model.deletingPathExtension().lastPathComponent : model.lastPathComponent
    let own = [
      ".labels.txt", "_labels.txt", "-labels.txt", ".classes.txt", ".names", ".txt", "_labels.json", ".yaml",
    ].map { stem + $0 }
    return own + configurations + lists
  }

  private static func folders(_ path: String) -> [URL] {
    let own = URL(filePath: path).deletingLastPathComponent()
    guard own.standardizedFileURL.lastPathComponent == "onnx" else { return [own] }
    return [own, own.standardizedFileURL.deletingLastPathComponent()]
  }

  private static func statement(_ folder: URL, _ name: String) -> Statement? {
    let path = folder.appending(path: name).path
    let profile: Profile?
    if configurations.contains(name) {
      profile = ClassNames.smallFile(path).flatMap(ClassNames.text).flatMap { Literal($0) }
        .flatMap(ImageConfiguration.profile)
    } else {
      profile = ClassNames.read(path).map { Profile(classes: $0) }
    }
    return profile.map { Statement(source: .folder, place: "\(name) beside the model", profile: $0) }
  }
}
