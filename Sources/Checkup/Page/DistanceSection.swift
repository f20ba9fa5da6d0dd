internal import Drawing

// How far the boundary is: four searches, as a curve, beside bundled networks, and the images at both ends.
extension PageSections {
  func distance(_ naming: (Int) -> String) -> [ReportPage.Block]? {
    guard let masking = findings.masking else { return nil }
    let norms = masking.each.compactMap(\.smallest).sorted()
    guard !norms.isEmpty else {
      return [.text("None of \(masking.count) images reached a boundary.")]
    }
    let median = norms[norms.count / 2]
    let pictures = nearest(masking, naming)
    let title = "The three nearest to the boundary, then the three farthest from it:"
    return [
      summary(masking, median: median), curve(masking, smallest: norms), references(median),
    ] + (pictures.count == 6 ? [.text(title)] : []) + [.pictures(pictures)]
  }

  private func summary(_ masking: Masking.Outcome, median: Double) -> ReportPage.Block {
    let won = masking.each.compactMap(\.winner)
    func count(_ search: Masking.Search) -> Int { won.count { $0 == search } }
    return .text(
      "For each image, the smallest norm of four searches: median \(length(median)), "
        + "mean \(length(masking.meanSmallest ?? .nan)); \(masking.reached) of \(masking.count) reached along gradients. "
        + "The smallest came from DeepFool on \(count(.deepfool)), its refinement on \(count(.refinement)), a fast minimum-norm "
        + "attack on \(count(.fmn)), a walk without gradients on \(count(.walk)).")
  }

  private func curve(_ masking: Masking.Outcome, smallest: [Double]) -> ReportPage.Block {
    let deepfool = masking.each.filter(\.isFooled).map(\.deepfool).sorted()
    let attack = masking.each.compactMap(\.fmn).sorted()
    let most = [smallest, deepfool, attack].compactMap(\.last).max() ?? 1
    func series(_ name: String, _ norms: [Double]) -> LinePlot.Series {
      .init(
        name, x: [0] + norms, y: (0...norms.count).map { Double($0) / Double(masking.count) },
        showsMarkers: norms.count < 15)
    }
    return .plot(
      title: "Labels changed within a norm",
      LinePlot(
        [
          series("smallest of all", smallest), series("DeepFool alone", deepfool),
          series("minimum-norm attack", attack),
        ], horizontal: Axis(0...max(most, 1e-6)), vertical: Axis(0...1), horizontalTitle: "norm, px",
        verticalTitle: "share of images"))
  }

  /// The median beside those of bundled networks.
  private func references(_ median: Double) -> ReportPage.Block {
    func row(_ name: String, _ norm: Double, _ pixels: Int) -> [String] {
      let epsilon = DistanceReference.epsilon(of: norm, pixels: pixels)
      return [name, Number.figure(norm, 3), Number.figure(epsilon, 3)]
    }
    return .table(
      head: ["median distance", "norm, px", "ε, /255"],
      rows: [row(outcome.model, median, outcome.pixels)]
        + DistanceReference.bundled.map { row("\($0.name) (\($0.training))", $0.median, $0.pixels) })
  }

  /// The three nearest to the boundary and the three farthest from it.
  private func nearest(
    _ masking: Masking.Outcome, _ naming: (Int) -> String
  ) -> [(image: Int, caption: String)] {
    let half = outcome.count / 2
    let known = masking.each.indices.compactMap { i in
      masking.each[i].smallest.map { (index: half + i, norm: $0) }
    }
    .sorted { $0.norm < $1.norm }
    let chosen = known.count <= 6 ? known : Array(known.prefix(3) + known.suffix(3))
    return chosen.map { ($0.index, "\(naming($0.index)), \(Number.figure($0.norm, 3)) px") }
  }
}
