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
  if let error = foreign(head, path) { throw error }
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

/// What is wrong with files of other tools: the sentence for those that begin with `head`; nil for others.
private func foreign(_ head: [UInt8], _ path: String) -> ImageError? {
  if head.starts(with: "PAR1".utf8) {
    return .unsupported(
      path, "a Parquet table",
      instead: "write its pictures as files: for i, x in enumerate(dataset): "
        + "x['image'].save(f'{x[\"label\"]}/{i}.png')")
  }
  if head.starts(with: [0x89, 0x48, 0x44, 0x46]) {
    return .unsupported(
      path, "an HDF5 file (also MATLAB's of level 7.3)",
      instead: "in Python: numpy.savez('set.npz', images=file['images'][:], labels=file['labels'][:])")
  }
  if head.starts(with: "BZh".utf8) || head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A])
    || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
  {
    return .unsupported(path, "packed by bzip2, xz or Zstandard", instead: "unpack it first")
  }
  if let (what, instead) = foreignKinds.first(where: { $0.announces(head, path) }).map({
    ($0.what, $0.instead)
  }) {
    return .unsupported(path, what, instead: instead)
  }
  return nil
}

/// Further kinds of files that people have images in, or give in the place of them.
private struct ForeignKind: Sendable {
  let what: String
  let instead: String
  let announces: @Sendable ([UInt8], String) -> Bool

  init(_ what: String, instead: String, _ announces: @escaping @Sendable ([UInt8], String) -> Bool) {
    (self.what, self.instead, self.announces) = (what, instead, announces)
  }
}

private let foreignKinds = [
  ForeignKind("an Arrow table", instead: "write its pictures as files, one folder per class") { head, _ in
    head.starts(with: "ARROW1".utf8)
  },
  ForeignKind(
    "TensorFlow's records",
    instead: "write their images as files, or as an array: numpy.savez('set.npz', images=x, labels=y)"
  ) { head, path in
    let name = Folder.lastComponent(path).lowercased()
    return name.hasSuffix(".tfrecord") || name.hasSuffix(".tfrec") || name.contains(".tfrecord-")
      // A length of 8 bytes, its check, and an Example: field 1 of a message.
      || head.count > 13 && head[4..<8].allSatisfy { $0 == 0 } && head[12] == 0x0A
  },
  ForeignKind(
    "a DICOM picture", instead: "write it as PNG: imageio.imwrite('x.png', pydicom.dcmread(path).pixel_array)"
  ) {
    head, _ in head.count > 131 ? head[128..<132].elementsEqual("DICM".utf8) : head.starts(with: "DICM".utf8)
  },
  ForeignKind("an LMDB database", instead: "write its pictures as files, one folder per class") { _, path in
    path.hasSuffix(".mdb") || path.hasSuffix(".lmdb")
  },
  ForeignKind("weights of a network", instead: "name the images; a model comes first, as an ONNX file") {
    head, path in
    path.hasSuffix(".safetensors") || path.hasSuffix(".onnx")
      || head.count > 9 && head[8] == 0x7B && head[9] == 0x22 && head[4..<8].allSatisfy { $0 == 0 }
  },
]

/// A zip of arrays as `numpy.savez` writes it, or of pictures.
private func openZip(_ file: InputFile, _ fitting: Fitting) throws(ImageError) -> any DataSet {
  let archive = try ZipArchive(file)
  let names = archive.entries.map(\.name)
  let holdsImages = names.contains { $0.hasSuffix(".npy") || PictureFormat.isNamed($0) }
  if !holdsImages, names.contains(where: { $0.hasSuffix("/data.pkl") }) {
    throw .unsupported(
      file.path, "a file of PyTorch",
      instead: "write its images as an array: numpy.savez('set.npz', images=x.numpy(), labels=y.numpy())")
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
