internal import Experiments
internal import Jobs
internal import Networks

// What a forward pass of the open model costs, and what follows from it.

extension OpenSubject {
  private var multiplyAdds: Int { model?.multiplyAdds ?? 0 }

  /// Whether a pass takes so long that the first picture has to do with a guessed ξ and a direction of few steps.
  var isDear: Bool { multiplyAdds >= Network.dearPass }

  /// Cells a side of a section's first picture.
  var coarseSide: Int { SectionMap.coarseSide(multiplyAdds: multiplyAdds) }

  /// Large images that are learnt from, or judged on, at most: so many that a pass of the published algorithm over them,
  /// with some forty passes of the network each, is a matter of half a minute.
  var mostLarge: Int { max(8, min(100, 1_500_000_000_000 / 40 / max(1, multiplyAdds))) }

  /// Images that a direction of few steps comes of: as many as take a second or two.
  var fewImages: Int { max(4, min(100, 4_000_000_000 / max(1, multiplyAdds))) }

  /// Seconds of a forward pass of one image where nobody has measured any, as most machines have it.
  var expectedPace: Double? { multiplyAdds > 0 ? Double(multiplyAdds) * SectionMap.expectedPace : nil }
}

extension Workspace {
  var isDear: Bool { subject.isDear }

  /// Whether the published universal perturbation takes longer than a first picture may; nil until a pass was measured.
  var takesShortWay: Bool? {
    if isDear { return true }
    guard let model = subject.model, let pace = work.paces[model.digest],
      let request = learning(.universal)
    else { return nil }
    return request.plan(on: model).passes * pace > 30
  }

  /// Seconds of a forward pass of one image.
  var pace: Double? { subject.model.flatMap { work.paces[$0.digest] } ?? subject.expectedPace }

  /// Points a side that a section has at most: those that some minutes suffice for.
  var fineness: Int { chosenFineness ?? fitting }

  private var fitting: Int {
    guard let pace else { return 97 }
    return pace < 0.004 ? 97 : pace < 0.06 ? 65 : pace < 0.6 ? 33 : 17
  }

  mutating func chooseFineness() {
    guard chosenFineness == nil, subject.isReady, isAnchored(subject.image) else { return }
    chosenFineness = fitting
  }
}
