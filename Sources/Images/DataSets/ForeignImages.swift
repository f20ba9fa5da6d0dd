/// Files of other tools that people have images in, or give in the place of them: what they are, and what to do instead.
enum ForeignImages {
  /// One kind of file.
  struct Kind: Sendable {
    /// As a sentence goes on after "is".
    let what: String
    /// What would work.
    let instead: String
    /// Whether a file with this beginning and path is one.
    let announces: @Sendable ([UInt8], String) -> Bool

    init(_ what: String, instead: String, _ announces: @escaping @Sendable ([UInt8], String) -> Bool) {
      (self.what, self.instead, self.announces) = (what, instead, announces)
    }

    /// One that begins with a text, or with one of several.
    init(_ what: String, instead: String, beginning marks: [[UInt8]]) {
      self.init(what, instead: instead) { head, _ in marks.contains { head.starts(with: $0) } }
    }
  }

  /// The kind of a file that begins with `head`, 256 bytes of it at most; nil where it is none of these.
  static func kind(_ head: [UInt8], _ path: String) -> Kind? { kinds.first { $0.announces(head, path) } }

  private static let folders = "write its pictures as files, one folder per class"

  private static let kinds = [
    Kind(
      "a Parquet table",
      instead: "write its pictures as files: for i, x in enumerate(dataset): "
        + "x['image'].save(f'{x[\"label\"]}/{i}.png')", beginning: [Array("PAR1".utf8)]),
    Kind(
      "an HDF5 file (also MATLAB's of level 7.3)",
      instead: "in Python: numpy.savez('set.npz', images=file['images'][:], labels=file['labels'][:])",
      beginning: [[0x89, 0x48, 0x44, 0x46]]),
    Kind(
      "packed by bzip2, xz or Zstandard", instead: "unpack it first",
      beginning: [Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58, 0x5A], [0x28, 0xB5, 0x2F, 0xFD]]),
    Kind("an Arrow table", instead: folders, beginning: [Array("ARROW1".utf8)]),
    Kind(
      "TensorFlow's records",
      instead: "write their images as files, or as an array: numpy.savez('set.npz', images=x, labels=y)"
    ) { head, path in
      let name = Folder.lastComponent(path).lowercased()
      return name.hasSuffix(".tfrecord") || name.hasSuffix(".tfrec") || name.contains(".tfrecord-")
        // A length of 8 bytes, its check, and an Example: field 1 of a message.
        || head.count > 13 && head[4..<8].allSatisfy { $0 == 0 } && head[12] == 0x0A
    },
    Kind(
      "a DICOM picture",
      instead: "write it as PNG: imageio.imwrite('x.png', pydicom.dcmread(path).pixel_array)"
    ) { head, _ in
      head.dropFirst(128).starts(with: "DICM".utf8) || head.starts(with: "DICM".utf8)
    },
    Kind("an LMDB database", instead: folders) { _, path in
      path.hasSuffix(".mdb") || path.hasSuffix(".lmdb")
    },
    Kind("weights of a network", instead: "name the images; a model comes first, as an ONNX file") {
      head, path in
      path.hasSuffix(".safetensors") || path.hasSuffix(".onnx")
        || head.count > 9 && head[8] == 0x7B && head[9] == 0x22 && head[4..<8].allSatisfy { $0 == 0 }
    },
  ]

  /// What PyTorch's own files are told, which are archives as NumPy's are.
  static let torch = Kind(
    "a file of PyTorch",
    instead: "write its images as an array: numpy.savez('set.npz', images=x.numpy(), labels=y.numpy())",
    beginning: [])
}
