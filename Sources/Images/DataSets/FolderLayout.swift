/// How the pictures below a folder are ordered: which part is meant, what its classes are, and which picture has which.
///
/// Folders bear the classes' names, as torchvision's ImageFolder has them: sorted by their bytes, each with all pictures
/// below it, an empty one counted like the others. `train`, `val` and `test` are parts of a set, not classes; a folder
/// `images` or the like only holds pictures.
struct FolderLayout {
  private(set) var classes: [String] = []
  /// Paths from the root.
  private(set) var pictures: [(path: String, label: Int?)] = []
  /// What a person should know of this reading.
  private(set) var remarks: [String] = []
  /// The folder that is meant, from the root.
  let place: FileTree

  /// The layout below `root`; `text` gives the contents of a file by its path from there, where it can be read.
  init(_ root: FileTree, text: (String) -> String?) {
    let (place, parent, remark) = FolderLayout.descend(root)
    self.place = place
    if let remark { remarks.append(remark) }
    if !annotate(parent, text) { arrange() }
    remarkUnread()
  }

  // MARK: - Which part

  /// Names of parts, those to judge with first.
  private static let parts = [
    "test", "testing", "val", "valid", "validation", "dev", "eval", "train", "training",
  ]
  private static let containers: Set<String> = [
    "images", "image", "imgs", "img", "pictures", "photos", "jpegimages", "data",
  ]

  private static func isPart(_ folder: FileTree) -> Bool { parts.contains(folder.name.lowercased()) }
  private static func isContainer(_ folder: FileTree) -> Bool {
    containers.contains(folder.name.lowercased())
  }

  /// Goes down to the folder that is meant; its parent may hold what belongs to all parts.
  private static func descend(_ root: FileTree) -> (place: FileTree, parent: FileTree, remark: String?) {
    var (place, parent) = (root, root)
    var remark: String?
    while !place.files.contains(where: PictureFormat.isNamed) {
      let full = place.folders.filter(\.holdsPictures)
      if !full.isEmpty, full.allSatisfy(isPart) {
        let chosen = part(of: full)
        remark =
          "the images are those of \(chosen.path.dropLast()), one of the parts "
          + "\(full.map(\.name).joined(separator: ", ")); name another part's folder to take it instead"
        (place, parent) = (chosen, place)
      } else if let only = full.first, full.count == 1, isWrapper(only), !place.files.contains(annotations) {
        (place, parent) = (only, place)
      } else {
        break
      }
    }
    return (place, parent, remark)
  }

  /// The part to judge with: one with classes, where there is one.
  private static func part(of folders: [FileTree]) -> FileTree {
    let ordered = folders.sorted { rank($0) < rank($1) }
    return ordered.first { hasClasses($0) } ?? ordered[0]
  }

  private static func rank(_ folder: FileTree) -> Int {
    parts.firstIndex(of: folder.name.lowercased()) ?? parts.count
  }

  private static func hasClasses(_ folder: FileTree) -> Bool {
    folder.files.contains(annotations) || folder.folders.contains { $0.holdsPictures && !isContainer($0) }
  }

  /// Whether a folder that stands alone only wraps what is meant.
  private static func isWrapper(_ folder: FileTree) -> Bool {
    if isContainer(folder) { return true }
    let full = folder.folders.filter { $0.holdsPictures && !isContainer($0) }
    return !folder.files.contains(where: PictureFormat.isNamed)
      && (full.count > 1 || full.contains(where: isPart))
  }

  // MARK: - Which class

  /// A folder for each class; without any, pictures without classes.
  private mutating func arrange() {
    let folders = place.folders.filter { !FolderLayout.isContainer($0) }
    guard folders.contains(where: \.holdsPictures) else {
      pictures = place.allFiles.filter(PictureFormat.isNamed).map { ($0, nil) }
      return
    }
    classes = folders.map(\.name)
    for (label, folder) in folders.enumerated() {
      let own = folder.allFiles.filter(PictureFormat.isNamed)
      pictures += own.map { ($0, label) }
      if let problem = folder.problem {
        remarks.append("the folder \(folder.path) cannot be read: \(problem)")
      }
    }
    let empty = folders.filter { !$0.holdsPictures }.map(\.name)
    if !empty.isEmpty {
      remarks.append("folders without pictures still count as classes: \(FolderLayout.list(empty))")
    }
    let beside = place.files.count(where: PictureFormat.isNamed)
    if beside > 0 { remarks.append("\(beside) pictures beside the class folders are left out") }
  }

  /// Tiny ImageNet's list of its validation pictures: a file, a tab and its WordNet id a line.
  private static let annotations = "val_annotations.txt"

  /// Orders the pictures by the list of annotations; false where there is none.
  private mutating func annotate(_ parent: FileTree, _ text: (String) -> String?) -> Bool {
    // Also where the pictures alone, or the part alone, were named: what belongs to them lies a folder above.
    let above = place.path.isEmpty ? "../" : parent.path
    let own = place.file(FolderLayout.annotations).flatMap(text)
    guard let list = own ?? (FolderLayout.isContainer(place) ? text(above + FolderLayout.annotations) : nil)
    else {
      return false
    }
    var names: [Substring: String] = [:]
    for line in list.split(whereSeparator: \.isNewline) {
      let fields = line.split(separator: "\t")
      if fields.count > 1 { names[fields[0]] = String(fields[1]) }
    }
    let known = (own == nil ? [above + "../wnids.txt"] : [parent.path + "wnids.txt", above + "wnids.txt"])
      .lazy
      .compactMap(text).first?.split(whereSeparator: \.isWhitespace).map(String.init)
    classes = Array(Set((known ?? []) + names.values)).sorted()
    pictures = place.allFiles.filter(PictureFormat.isNamed).map { path in
      (path, names[Substring(Folder.lastComponent(path))].flatMap(classes.firstIndex))
    }
    remarks.append("classes are those of \(FolderLayout.annotations)")
    return true
  }

  // MARK: - What is left out

  private mutating func remarkUnread() {
    let others = place.allFiles.filter { !PictureFormat.isNamed($0) && !FolderLayout.accompanies($0) }
    guard let first = others.first else { return }
    let files =
      others.count == 1
      ? "1 file is not a picture that can be read" : "\(others.count) files are not pictures that can be read"
    remarks.append("\(files), such as \(first)")
  }

  /// Whether a file is there for another purpose than to be a picture.
  private static func accompanies(_ path: String) -> Bool {
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    return ["txt", "md", "csv", "tsv", "json", "xml", "yaml", "yml", "db", "ini", "mat", "html", "log"]
      .contains(suffix)
  }

  /// Names as a list, the first five of them.
  static func list(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
