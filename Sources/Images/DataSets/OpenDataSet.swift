/// The images that `spec` names, found by content and not by suffix.
///
/// A PNG, JPEG, PPM or PGM file; a folder of class folders or of pictures; CIFAR-10 or CIFAR-100 records (`.bin`);
/// IDX, also gzipped, with the labels found beside it; `.npy` or `.npz` N×C×H×W; or the name of a bundled or installed
/// set. Only headers and lists are read now, the images when they are asked for.
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
  let head = try file.read(0..<min(16, file.size))
  if head.isEmpty { throw .broken(path, "picture", "it is empty") }
  if let format = PictureFormat(head) {
    if case .other(let what) = format { throw .unsupported(path, what) }
    return SinglePicture(path, fitting)
  }
  if head.starts(with: NPYArray.magic) { return try ArraySet(npy: file, fitting) }
  if head.starts(with: [0x50, 0x4B, 3, 4]) || head.starts(with: [0x50, 0x4B, 5, 6]) {
    return try ArraySet(npz: file, fitting)
  }
  let isGzip = head.starts(with: [0x1F, 0x8B])
  if isGzip || path.hasSuffix(".gz") || namesIDX(path) || !path.hasSuffix(".bin") && IDXFile.announces(head) {
    return try IDXSet(path, fitting)
  }
  if path.hasSuffix(".bin") { return try RecordSet(file, fitting) }
  if path.hasSuffix(".npy") { throw .array(path, "it is not a NumPy array (.npy)") }
  if path.hasSuffix(".npz") { throw .array(path, "it is not a NumPy archive (.npz)") }
  throw .notAPicture(path)
}

private func namesIDX(_ path: String) -> Bool { path.hasSuffix(".idx") || path.hasSuffix("ubyte") }
