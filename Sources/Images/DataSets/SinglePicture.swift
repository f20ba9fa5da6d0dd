internal import Tensors

/// One picture file as a set of one.
struct SinglePicture: DataSet {
  let name: String
  let count = 1
  let classNames: [String] = []
  let isLabelled = false
  private let fitting: Fitting

  init(_ path: String, _ fitting: Fitting) {
    name = path
    self.fitting = fitting
  }

  func images(_ range: Range<Int>) throws(ImageError) -> Tensor {
    try batch(range, fitting) { _ throws(ImageError) in try Picture(contentsOf: name) }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int]? { nil }

  func title(_ index: Int) -> String { Folder.lastComponent(name) }
}
