internal import Tensors

/// A folder of pictures, or of folders that each hold the pictures of one class; names in the order of their bytes.
struct PictureFolder: DataSet {
  let name: String
  let classNames: [String]
  private let files: [(path: String, label: Int?)]
  private let fitting: Fitting

  var count: Int { files.count }
  var isLabelled: Bool { !classNames.isEmpty }

  init(_ path: String, _ fitting: Fitting) throws(ImageError) {
    name = path
    self.fitting = fitting
    let base = path.hasSuffix("/") ? path : path + "/"
    let names = try Folder.names(in: path)
    var classes: [String] = []
    var files: [(path: String, label: Int?)] = []
    for folder in names where Folder.kind(of: base + folder) == .folder {
      let pictures = try Folder.names(in: base + folder).filter(PictureFolder.looksLikePicture)
      if pictures.isEmpty { continue }
      files += pictures.map { ("\(base)\(folder)/\($0)", classes.count) }
      classes.append(folder)
    }
    if files.isEmpty {
      files = names.filter(PictureFolder.looksLikePicture).map { (base + $0, nil) }
    }
    guard !files.isEmpty else { throw .noPictures(path, hint: PictureFolder.hint(names, base)) }
    self.files = files
    classNames = classes
  }

  func images(_ range: Range<Int>) throws(ImageError) -> Tensor {
    try batch(range, fitting) { index throws(ImageError) in try Picture(contentsOf: files[index].path) }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int]? {
    try check(range)
    return isLabelled ? range.compactMap { files[$0].label } : nil
  }

  func title(_ index: Int) -> String { Folder.lastComponent(files[index].path) }

  private static func looksLikePicture(_ name: String) -> Bool {
    let suffix = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return name.contains(".") && ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"].contains(suffix)
  }

  /// Names a file of the folder that can be opened by itself.
  private static func hint(_ names: [String], _ base: String) -> String {
    let sets = names.filter { name in
      [".bin", ".npy", ".npz", ".idx", "ubyte", ".gz"].contains { name.hasSuffix($0) }
    }
    return sets.first.map { "; pass one of its files, such as \(base)\($0)" } ?? " (PNG, JPEG, PPM or PGM)"
  }
}
