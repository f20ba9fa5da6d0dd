package import Experiments
internal import Images

extension Basis {
  /// One vector C×H×W or m of them from a NumPy or MATLAB file, for the images of a model.
  ///
  /// `remark` gets a sentence on what was taken for what: the order of the axes, bytes for pixels in [0, 1].
  package init(fileAt path: String, for model: OpenModel, remark: (String) -> Void) throws {
    let file = try VectorFile(path, for: model.imageShape)
    file.remarks.forEach(remark)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    self.init(name: name, vectors: file.vectors)
  }
}
