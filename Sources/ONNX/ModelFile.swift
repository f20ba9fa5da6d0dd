internal import Files
public import FoundationEssentials
internal import ONNXSchema
internal import SwiftProtobuf

/// An ONNX file and the data files beside it, open for reading.
///
/// They may be written at any moment: they are read, never mapped, and what does not come from the files as they were
/// when they were opened is refused.
public struct ModelFile: Sendable {
  /// As it was given; external data and notes are looked for in its folder.
  public let path: String
  /// The bytes of the model file and, in order of their names, of its external data: what a digest is made of.
  let contents: [ModelBytes]
  let model: Onnx_ModelProto
  let decoder: TensorDecoder

  /// Opens a file and checks that it is an ONNX model; weights are decoded when they are needed.
  ///
  /// - Parameter path: The model file; its external data lie in the same folder.
  /// - Throws: ``ModelError`` where the file or its data cannot be read.
  public init(path: String) throws {
    try self.init(.file(try Self.open(path)), path: path)
  }

  /// Reads a model from bytes; external data are looked for in the folder of `path`.
  public init(bytes: Data, path: String) throws { try self.init(.memory(bytes), path: path) }

  private init(_ bytes: ModelBytes, path: String) throws {
    self.path = path
    func refuse(_ reason: String) -> ModelError {
      .notONNX(path: path, reason: ForeignFile.byName(path) ?? reason)
    }
    if let reason = try ForeignFile.byContent(bytes, path: path) {
      throw ModelError.notONNX(path: path, reason: reason)
    }
    var options = BinaryDecodingOptions()
    options.messageDepthLimit = 32
    do {
      model = try Onnx_ModelProto(serializedBytes: try WeightsInPlace(bytes).skeleton, options: options)
    } catch WeightsInPlace.Failure.tooManyParts {
      throw ModelError.notONNX(
        path: path, reason: "it has more than \(WeightsInPlace.mostParts) parts, which no trained network has"
      )
    } catch let error as ModelError {
      throw error
    } catch {
      try bytes.checkCurrent()
      throw refuse("its structure breaks off or is damaged; export it or copy it again")
    }
    guard model.hasGraph, !model.graph.node.isEmpty else {
      throw refuse("it holds no graph")
    }
    let external = try Self.externalFiles(of: model, beside: path)
    decoder = TensorDecoder(
      externalFiles: external.merging([WeightsInPlace.location: bytes]) { own, _ in own })
    contents = [bytes] + external.sorted { $0.key < $1.key }.map(\.value)
  }

  /// What the arithmetic on the model's constants may take.
  var foldingBudget: FoldingBudget { FoldingBudget(bytes: contents.reduce(0) { $0 + $1.count }) }

  /// Throws where one of the files was written or replaced since it was opened: parts of two models make none.
  func checkCurrent() throws { for part in contents { try part.checkCurrent() } }

  /// The files beside a model that may say how its pixels are read and what its classes are called, there or not.
  public static func placesOfNotes(besideModelAt path: String) -> [String] {
    [Profile.place(besideModelAt: path)] + FolderNotes.places(path)
  }

  /// The file's name without its folder and its suffix.
  public var name: String {
    let last = path.split(separator: "/").last.map(String.init) ?? path
    return last.hasSuffix(".onnx") ? String(last.dropLast(5)) : last
  }

  /// The version of ONNX's own operators that the model uses.
  var opset: Int {
    let versions = model.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }.map(
      \.version)
    return Int(versions.max() ?? 0)
  }
}

// MARK: - Reading

extension ModelFile {
  private static func open(_ path: String) throws -> RegularFile {
    var isFolder = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
      throw ModelError.unreadableFile(path: path, reason: folderReason(path))
    }
    do throws(FileProblem) {
      return try RegularFile(path)
    } catch .missing {
      throw ModelError.missingFile(path: path)
    } catch {
      throw ModelError.unreadableFile(path: path, reason: error.description)
    }
  }

  /// Names a model within, where there is one at the usual places.
  private static func folderReason(_ path: String) -> String {
    for place in ["", "onnx/"] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(place)")) ?? []
      if let model = names.filter({ $0.hasSuffix(".onnx") }).min() {
        return "it is a folder; name the model in it, \(path)/\(place)\(model)"
      }
    }
    if FileManager.default.fileExists(atPath: "\(path)/saved_model.pb") {
      return "it is a TensorFlow SavedModel; convert it with "
        + "python -m tf2onnx.convert --saved-model \(path) --output model.onnx"
    }
    return "it is a folder without an .onnx file"
  }

  private static func externalFiles(of model: Onnx_ModelProto, beside path: String) throws
    -> [String: ModelBytes]
  {
    let nodes = model.graph.node + model.functions.flatMap(\.node)
    var files: [String: ModelBytes] = [:]
    for tensor in model.graph.initializer + nodes.flatMap(\.tensors) where tensor.dataLocation == .external {
      let location = tensor.externalData.first { $0.key == "location" }?.value ?? ""
      if location != WeightsInPlace.location, files[location] == nil {
        files[location] = try external(location, of: tensor.name, beside: path)
      }
    }
    return files
  }

  private static func external(_ location: String, of tensor: String, beside path: String) throws
    -> ModelBytes
  {
    let parts = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.isEmpty, !location.hasPrefix("/"), !parts.contains("..") else {
      throw ModelError.externalData(
        tensor: tensor, file: location, problem: "lies outside the model's folder")
    }
    let model = URL(filePath: path)
    let file = model.deletingLastPathComponent().appending(path: location)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw ModelError.externalData(
        tensor: tensor, file: location, problem: "does not exist; it belongs beside the model file")
    }
    let folders = [
      model.deletingLastPathComponent().resolvingSymlinksInPath(),
      model.resolvingSymlinksInPath().deletingLastPathComponent(),
    ]
    let target = file.resolvingSymlinksInPath().path
    guard
      folders.contains(where: {
        target.hasPrefix(($0.path.hasSuffix("/") ? $0.path : $0.path + "/"))
      })
    else {
      throw ModelError.externalData(
        tensor: tensor, file: location, problem: "leads outside the model's folder")
    }
    do {
      return .file(try open(file.path))
    } catch {
      throw ModelError.externalData(tensor: tensor, file: location, problem: "cannot be read")
    }
  }
}

extension Onnx_NodeProto {
  /// The arrays among the attributes, also those of graphs within.
  fileprivate var tensors: [Onnx_TensorProto] {
    attribute.flatMap { attribute in
      (attribute.hasT ? [attribute.t] : [])
        + (attribute.hasG ? attribute.g.initializer + attribute.g.node.flatMap(\.tensors) : [])
    }
  }
}
