/// The images that `spec` names, found by content and not by suffix.
///
/// A picture; a folder, or a zip or tar (also packed), of class folders or of pictures; a list of files and classes (CSV); CIFAR-10 or
/// CIFAR-100 records (`.bin`) or batches (pickled); STL-10's and SVHN's files; IDX, also gzipped, with the labels found
/// beside it; `.npy` or `.npz`, see ``ImageArray``; or the name of a bundled or installed set. Only headers and lists are read now, the images when they are asked for.
///
/// - Parameters:
///   - spec: a path, or the name of a bundled or installed set.
///   - fitting: how the images are brought to what the model takes.
///   - installed: where installed sets lie.
/// - Returns: the set, with its labels where they are known.
/// - Throws: ``ImageError`` where nothing is there or it is not what it seems.
public func openDataSet(
  _ spec: String, fitting: Fitting = Fitting(), installed: DataFolder? = .standard
) throws(ImageError) -> any DataSet {
  if let shapes = ShapesSet(named: spec, fitting: fitting) { return shapes }
  for set in PublishedSet.all {
    if let opened = try set.open(spec, in: installed, fitting) { return opened }
  }
  switch Folder.kind(of: spec) {
  case .missing: throw spec.contains("/") || spec.contains(".") ? .missing(spec) : unknown(spec)
  case .folder: return try PictureFolder(spec, fitting)
  case .file: return try openFile(try InputFile(spec), fitting)
  }
}

private func unknown(_ spec: String) -> ImageError {
  .unknownSet(spec, known: ShapesSet.names + PublishedSet.all.map(\.name))
}

private func openFile(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> any DataSet {
  let path = file.path
  let head = try file.read(0..<min(256, file.size))
  if head.isEmpty { throw .broken(path, "picture", "it is empty") }
  if let format = PictureFormat(head) {
    if case .other(let what) = format { throw .unsupported(path, what) }
    return SinglePicture(path, fitting)
  }
  if let arrays = try openArrays(file, head, fitting) { return arrays }
  if let archive = try TarFile.open(file) { return try openTar(archive, path, fitting) }
  let isGzip = head.starts(with: [0x1F, 0x8B])
  if isGzip || path.hasSuffix(".gz") || namesIDX(path) || !path.hasSuffix(".bin") && IDXFile.announces(head) {
    return try IDXSet(path, fitting)
  }
  if STLSet.announces(file) { return try STLSet.open(file, fitting) }
  if path.hasSuffix(".bin") { return try RecordSet(file, fitting) }
  if path.hasSuffix(".npy") { throw .array(path, "it is not a NumPy array (.npy)") }
  if path.hasSuffix(".npz") { throw .array(path, "it is not a NumPy archive (.npz)") }
  if let kind = ForeignImages.kind(head, path) { throw .unsupported(path, kind.what, instead: kind.instead) }
  if let list = try ImageList.open(file, fitting) { return list }
  throw .notAPicture(path)
}

/// Files that begin as those of an array's format do; nil for others.
private func openArrays(_ file: InputFile, _ head: [UInt8], _ fitting: Fitting) throws(ImageError) -> (
  any DataSet
)? {
  if head.starts(with: NPYArray.magic) { return try ArraySet(npy: file, fitting) }
  if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
    return try openZip(file, fitting)
  }
  if Pickle.announces(head) { return try PickledSet.open(file, fitting) }
  if MATFile.announces(head) { return try MATSet.open(file, fitting) }
  return nil
}

/// A zip of arrays as `numpy.savez` writes it, or of pictures.
private func openZip(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> any DataSet {
  let archive = try ZipArchive(file)
  let names = archive.entries.map(\.name)
  let holdsImages = names.contains { $0.hasSuffix(".npy") || PictureFormat.isNamed($0) }
  if !holdsImages, names.contains(where: { $0.hasSuffix("/data.pkl") }) {
    throw .unsupported(file.path, ForeignImages.torch.what, instead: ForeignImages.torch.instead)
  }
  guard !names.contains(where: { $0.hasSuffix(".npy") }), names.contains(where: PictureFormat.isNamed) else {
    return try ArraySet(npz: file, fitting)
  }
  let tree = FileTree(name: Folder.lastComponent(file.path), entries: names)
  return try PictureFolder(file.path, tree, .zip(archive, path: file.path), fitting)
}

/// A tar of pictures, in class folders or not.
private func openTar(
  _ archive: TarFile, _ path: String, _ fitting: Fitting
) throws(ImageError) -> any DataSet {
  let tree = FileTree(name: Folder.lastComponent(path), entries: archive.names)
  return try PictureFolder(path, tree, .tar(archive, path: path), fitting)
}

private func namesIDX(_ path: String) -> Bool { path.hasSuffix(".idx") || path.hasSuffix("ubyte") }
