internal import Tensors

/// Nodes of a plan, side by side, that read nothing from before but one value, and of which later ones read only the
/// last: images may pass them in parts, and then the next stage together.
struct Stage: Sendable {
  let nodes: Range<Int>
  /// Images that pass together.
  let images: Int

  /// Elements of one value of a part, so that it lies near a core when it is read again.
  fileprivate static let nearElements = 512 << 10
}

extension Graph {
  /// The plan in stages: where values are large, few images at a time, but so many that weights, which every part
  /// reads anew, are fewer than they.
  func stages() -> [Stage] {
    let sizes = (try? outputShapes(batch: 1).map(\.count)) ?? []
    guard sizes.count == nodes.count, case .node(nodes.count - 1) = output else {
      return [Stage(nodes: 0..<nodes.count, images: .max)]
    }
    func images(_ nodes: Range<Int>) -> Int {
      let before = nodes.lowerBound == 0 ? imageShape.count : sizes[nodes.lowerBound - 1]
      let largest = max(1, before, sizes[nodes].max() ?? 1)
      let weights = self.nodes[nodes].reduce(0) { $0 + $1.operation.parameterCount }
      let few = max(1, max(Stage.nearElements, weights) / largest)
      return 2 * few < Network.preferredTile.least ? few : .max
    }
    return cuts.reduce(into: []) { stages, end in
      let first = stages.last?.nodes.upperBound ?? 0
      let own = images(first..<end)
      if let last = stages.last, (last.images < .max) == (own < .max) {
        let all = last.nodes.lowerBound..<end
        stages[stages.count - 1] = Stage(nodes: all, images: own == .max ? .max : images(all))
      } else {
        stages.append(Stage(nodes: first..<end, images: own))
      }
    }
  }

  /// Behind which nodes only the last one's value is read again.
  private var cuts: [Int] {
    let lastReaders = lastReaders
    var reach = nodes.lastIndex { $0.inputs.contains(.image) } ?? -1
    return nodes.indices.compactMap { i in
      defer { reach = max(reach, lastReaders[i]) }
      return reach <= i ? i + 1 : nil
    }
  }
}
