internal import Tensors

/// Pictures in files: of a folder, an archive or a list, with their classes where folders or the list give them.
struct PictureFolder: DataSet {
  let name: String
  let classNames: [String]
  let remarks: [String]
  let labelling: Labelling
  private let store: FileStore
  private let pictures: [(path: String, label: Int?)]
  private let fitting: Fitting

  var count: Int { pictures.count }

  /// The pictures below a folder.
  init(_ path: String, _ fitting: Fitting) throws(ImageError) {
    let tree = try FileTree(below: path)
    let base = path.hasSuffix("/") ? path : path + "/"
    let folder = try PictureFolder(path, tree, .folder(base), fitting)
    self = folder.labelling == .none ? PictureFolder.listed(tree, base, folder, fitting) ?? folder : folder
  }

  /// The pictures of a folder with the classes that a list beside them gives.
  private static func listed(_ tree: FileTree, _ base: String, _ folder: PictureFolder, _ fitting: Fitting)
    -> PictureFolder?
  {
    for name in tree.files where name.hasSuffix(".csv") || name.hasSuffix(".tsv") {
      guard let file = try? InputFile(base + name),
        let list = try? ImageList.open(file, fitting) as? PictureFolder,
        list.labelling != .none
      else { continue }
      return PictureFolder(
        folder.name, in: list.store, pictures: list.pictures, classes: list.classNames,
        labelling: list.labelling, fitting: fitting,
        remarks: folder.remarks + ["the pictures are those of \(name), with its classes"])
    }
    return nil
  }

  init(_ name: String, _ tree: FileTree, _ store: FileStore, _ fitting: Fitting) throws(ImageError) {
    let layout = FolderLayout(tree) { store.text($0) }
    guard !layout.pictures.isEmpty else {
      throw .noPictures(name, hint: PictureFolder.hint(layout.place, name, store))
    }
    self.init(
      name, in: store, pictures: layout.pictures, classes: layout.classes,
      labelling: layout.classes.isEmpty ? .none : .names, fitting: fitting,
      remarks: layout.remarks)
  }

  init(
    _ name: String, in store: FileStore, pictures: [(path: String, label: Int?)], classes: [String],
    labelling: Labelling, fitting: Fitting, remarks: [String]
  ) {
    self.name = name
    self.store = store
    self.pictures = pictures
    self.fitting = fitting
    self.labelling = labelling
    self.remarks = remarks
    classNames = classes
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { index throws(ImageError) in
      try store.picture(pictures[index].path, fitting.turning)
    }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    return range.map { pictures[$0].label }
  }

  func file(_ index: Int) -> String? { store.name(of: pictures[index].path) }

  /// Names a file of the folder, or of an archive, that can be opened by itself.
  private static func hint(_ folder: FileTree, _ name: String, _ store: FileStore) -> String {
    let sets = folder.allFiles.filter { path in
      let file = Folder.lastComponent(path)
      return [".bin", ".npy", ".npz", ".idx", "ubyte", ".gz", ".mat"].contains { file.hasSuffix($0) }
        || file.hasPrefix("data_batch") || file == "test_batch"
    }
    guard let first = sets.first else { return " (PNG, JPEG, BMP, WebP, TIFF, GIF, PPM, PGM or PBM)" }
    guard case .folder(let base) = store else {
      return "; unpack it and pass one of its files, such as \(first)"
    }
    return "; pass one of its files, such as \(base)\(first)"
  }
}
