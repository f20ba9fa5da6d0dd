/// One picture file as a set of one.
struct SinglePicture: DataSet {
  let name: String
  let count = 1
  let classNames: [String] = []
  let labelling = Labelling.none
  private let fitting: Fitting

  init(_ path: String, _ fitting: Fitting) {
    name = path
    self.fitting = fitting
  }

  func read(_ range: Range<Int>) throws(ImageError) -> ImageBatch {
    try batch(range, fitting) { _ throws(ImageError) in try Picture.read(contentsOf: name, fitting.turning) }
  }

  func labels(_ range: Range<Int>) throws(ImageError) -> [Int?] {
    try check(range)
    return range.map { _ in nil }
  }

  func file(_ index: Int) -> String? { name }
}
