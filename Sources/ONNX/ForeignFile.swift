internal import FoundationEssentials

/// Files of other frameworks that are given for models: what they are, and the line that makes an ONNX model of each.
enum ForeignFile {
  private static let torch =
    "load it in PyTorch and export it with torch.onnx.export(model.eval(), x, 'model.onnx')"
  private static let keras = "load it in Keras and write it with model.export('model.onnx', format='onnx')"
  private static let sklearn = "load it in Python and write it with skl2onnx.to_onnx(model, x)"

  /// What the first bytes say of a file that is no ONNX model; nil where it may be one.
  static func byContent(_ bytes: ModelBytes, path: String) throws -> String? {
    let head = try bytes.read(0..<min(256, bytes.count))
    func begins(_ text: String, at offset: Int = 0) -> Bool {
      head.dropFirst(offset).starts(with: Array(text.utf8))
    }
    if head.isEmpty { return "the file is empty" }
    if begins("version https://git-lfs") {
      return "it is a Git LFS pointer; fetch the file itself with git lfs pull"
    }
    if begins("PK\u{3}\u{4}") { return try archive(bytes, path: path) }
    if head.starts(with: [0x89] + Array("HDF\r\n".utf8)) {
      return "it is a Keras or HDF5 file (.h5); \(keras)"
    }
    if begins("TFL3", at: 4) {
      return
        "it is a TensorFlow Lite model; convert it with python -m tf2onnx.convert --tflite FILE --output model.onnx"
    }
    if begins("ORTM", at: 4) {
      return "it is in ONNX Runtime's own format (.ort); give the .onnx file that it was made from"
    }
    if head.starts(with: [0x1F, 0x8B]) { return "it is packed by gzip; unpack it with gunzip" }
    if begins("BZh") || head.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A])
      || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
    {
      return "it is packed by bzip2, xz or Zstandard; unpack it first"
    }
    if begins("GGUF") { return "it is a GGUF file of a language model, not an image classifier" }
    // The number that pickled PyTorch files began with before they became archives.
    if head.starts(with: [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]) {
      return "it is a PyTorch checkpoint; \(torch)"
    }
    if begins("<") || begins("{") {
      return path.hasSuffix(".xml")
        ? "it is an OpenVINO model; give the .onnx file that it was made from" : "it is text"
    }
    return nil
  }

  /// What lies in a zip archive says whose it is.
  private static func archive(_ bytes: ModelBytes, path: String) throws -> String {
    // The names stand in the directory at the end.
    let directory = Array(try bytes.read(max(0, bytes.count - 1 << 16)..<bytes.count))
    func holds(_ name: String) -> Bool { directory.firstRange(of: Array(name.utf8)) != nil }
    if holds("/data.pkl") {
      return holds("/constants.pkl")
        ? "it is a TorchScript file; \(torch)" : "it is a PyTorch checkpoint; \(torch)"
    }
    if holds("model.weights.h5") || path.lowercased().hasSuffix(".keras") {
      return "it is a Keras file (.keras); \(keras)"
    }
    if holds("saved_model.pb") {
      return "it is a zip archive of a TensorFlow SavedModel; unpack it and convert the folder with "
        + "python -m tf2onnx.convert --saved-model FOLDER --output model.onnx"
    }
    if holds(".onnx") { return "it is a zip archive that holds an ONNX file; unpack it and give that file" }
    if holds(".npy") { return "it is a NumPy archive (.npz) of arrays; it goes to --images, not here" }
    return "it is a zip archive; unpack it and give the .onnx file within"
  }

  /// What the suffix says of a file that turned out to be no ONNX model.
  static func byName(_ path: String) -> String? {
    bySuffix[path.split(separator: ".").last?.lowercased() ?? ""]
  }

  private static let bySuffix: [String: String] = [
    "pt": "it is a PyTorch file; \(torch)", "pth": "it is a PyTorch file; \(torch)",
    "ckpt": "it is a training checkpoint; \(torch)",
    "bin":
      "it holds only weights (PyTorch, Hugging Face or OpenVINO); export the network they belong to with "
      + "optimum-cli export onnx --model FOLDER out, or torch.onnx.export",
    "safetensors":
      "it holds only weights; export the network they belong to with optimum-cli export onnx "
      + "--model FOLDER out, or torch.onnx.export",
    "h5": "it is a Keras file; \(keras)", "hdf5": "it is a Keras file; \(keras)",
    "keras": "it is a Keras file; \(keras)",
    "pb":
      "it is a TensorFlow graph; convert it with python -m tf2onnx.convert --saved-model FOLDER --output model.onnx",
    "tflite":
      "it is a TensorFlow Lite model; convert it with python -m tf2onnx.convert --tflite FILE --output model.onnx",
    "pkl": "it is a Python pickle, which is not read: it could run anything; \(sklearn)",
    "pickle": "it is a Python pickle, which is not read: it could run anything; \(sklearn)",
    "joblib": "it is a Python pickle, which is not read: it could run anything; \(sklearn)",
    "engine":
      "it is a TensorRT engine, made for one graphics card; give the .onnx file that it was made from",
    "plan": "it is a TensorRT engine, made for one graphics card; give the .onnx file that it was made from",
    "trt": "it is a TensorRT engine, made for one graphics card; give the .onnx file that it was made from",
    "mlmodel": "it is a Core ML model; give the ONNX export of the network that it was made from",
    "ort": "it is in ONNX Runtime's own format (.ort); give the .onnx file that it was made from",
    "py": "it is a Python program; run it, and export the network it makes with torch.onnx.export",
    "ipynb": "it is a notebook; run it, and export the network it makes with torch.onnx.export",
    "pdmodel": "it is a Paddle model; convert it with paddle2onnx --model_dir FOLDER --save_file model.onnx",
    "caffemodel": "it holds the weights of a Caffe network; convert them with caffe2onnx or MMdnn",
  ]
}
