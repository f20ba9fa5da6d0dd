package import Experiments
package import Images
internal import Networks
internal import Tensors

// The judge of preprocessing needs a few labelled images, from all over a set, as each way to a size leaves them.
extension OpenModel {
  /// Images that tell a right reading from a wrong one; fewer where a pass is dear.
  package static let judgedImages = 64
  private static let least = 24
  /// The same where no class is known, which is weak evidence whatever their number.
  private static let leastUnknown = 2

  /// How many images the judge looks at, so that it takes seconds: readings of labelled images are ended early, of some
  /// six in full; of others all fifteen or so see every image.
  private func judgedCount(_ most: Int, labelled: Bool) -> Int {
    let (least, readings) = labelled ? (Self.least, 6) : (Self.leastUnknown, 15)
    let cost = max(1, classifier.network.multiplyAdds)
    return max(least, min(most, 400_000_000_000 / readings / cost))
  }

  /// What the judge is asked, on images from all over `range` of a set; nil where there is no image to ask about.
  ///
  /// Where pictures have another size than the model takes, the usual ways to bring them there are compared too.
  package func judgement(
    on set: any DataSet, _ spec: String, _ range: Range<Int>, most: Int = judgedImages
  ) throws -> (experiment: ReadingJudgement, subject: Subject)? {
    let indices = try spread(over: set, range, most)
    guard let first = indices.first else { return nil }
    guard let sample = try sample(of: set, indices) else {
      _ = try set.read(first..<first + 1)
      return nil
    }
    var (fits, others) = ([ReadingJudgement.Fit](), [Subject]())
    for (fit, fitting) in alternatives(to: set, spec) {
      guard let other = try? openDataSet(spec, fitting: fitting),
        let read = try? self.sample(of: other, indices), read.count == sample.count,
        read.digest != sample.digest
      else { continue }
      fits.append(fit)
      others.append(Subject(classifier: classifier, images: read))
    }
    let given = ReadingJudgement.Fit(
      "as given", resize: preprocessing.size.resize, crop: preprocessing.size.crop)
    return (
      ReadingJudgement(fits: fits.isEmpty ? [] : [given] + fits),
      Subject(classifier: classifier, images: sample, others: others)
    )
  }

  /// Images at equal distances, those whose class is known where there are enough of them.
  private func spread(over set: any DataSet, _ range: Range<Int>, _ most: Int) throws -> [Int] {
    let truth = try truth(of: set, range, by: matching(with: set)) ?? []
    let known = zip(range, truth).filter { $0.1 != nil }.map(\.0)
    let isLabelled = known.count >= 8
    let chosen = isLabelled ? known : Array(range)
    let count = min(judgedCount(most, labelled: isLabelled), chosen.count)
    return (0..<count).map { chosen[$0 * chosen.count / count] }
  }

  private func sample(of set: any DataSet, _ indices: [Int]) throws -> ImageSet? {
    let matching = try matching(with: set)
    var (tensors, truth) = ([Tensor](), [Int?]())
    for i in indices {
      // Pictures that cannot be read are told of by whoever reads the whole set.
      guard let batch = try? set.read(i..<i + 1), batch.indices == [i] else { continue }
      tensors.append(batch.images)
      truth.append(try self.truth(of: set, i..<i + 1, by: matching)?[0] ?? nil)
    }
    guard !tensors.isEmpty else { return nil }
    return ImageSet(
      name: set.name, images: Tensor(concatenating: tensors),
      truth: truth.contains { $0 != nil } ? truth : nil)
  }

  /// As torchvision does it, as Keras does it, and as a square of the whole picture.
  private func alternatives(to set: any DataSet, _ spec: String) -> [(ReadingJudgement.Fit, Fitting)] {
    let (height, width) = (imageShape[1], imageShape[2])
    guard height == width, set.file(0) != nil,
      let pictures = try? openDataSet(spec, fitting: Fitting()),
      let picture = (0..<min(set.count, Self.least)).lazy.compactMap({ try? pictures.image($0) }).first,
      picture.shape[2] != height || picture.shape[3] != width
    else { return [] }
    let ways: [(String, Fitting.Resize)] = [
      ("short side to \(height * 8 / 7), then cropped", .shortSide(height * 8 / 7)),
      ("short side to \(height), then cropped", .shortSide(height)),
      ("squashed", .exactly(height: height, width: width)),
    ]
    return ways.compactMap { name, resize in
      var fitting = fitting
      fitting.resize = resize
      fitting.crop = if case .shortSide = resize { CentreCrop(side: height) } else { nil }
      guard fitting != self.fitting else { return nil }
      let asked: Preprocessing.Resize =
        if case .shortSide(let side) = resize { .shortSide(side) } else {
          .exactly(height: height, width: width)
        }
      return (ReadingJudgement.Fit(name, resize: asked, crop: fitting.crop?.side), fitting)
    }
  }
}
