public import Tensors

/// The largest value that each channel of one rectifier had over some images.
public struct ChannelPeaks: Sendable, Codable, Equatable {
  /// The node's name in the model file.
  public var node: String
  /// Whether its channels are maps of places, rather than single units.
  public var isMap: Bool
  /// One a channel, 0 where it was never active.
  public var peaks: [Float]

  /// Channels that never let anything through.
  public var dead: Int { peaks.filter { $0 <= 0 }.count }
}

extension Network {
  /// The peaks of every rectifier with slope 0 on the way of the image, N×C×H×W → one entry a node.
  ///
  /// Values of rank 2 have a channel an element. Cost: one forward pass an image, its operations one by one, and the
  /// values of one tile a thread.
  public func channelPeaks(at x: Tensor) throws -> [ChannelPeaks] {
    // The tiles are those of the plan, whose operations take several images: those of the file may not.
    let graph = graph.viewed()
    let nodes = graph.nodes.indices.filter { i in
      graph.varies[i] && (graph.nodes[i].operation as? Rectifier)?.slope == 0
    }
    let tiles = try mapTiles(of: x) { tile, _ in
      var values: [Tensor?] = []
      for node in graph.nodes {
        values.append(node.operation.forward(node.inputs.map { operand($0, of: graph, tile, values) }))
      }
      return nodes.map { (values[$0]!.largestOfChannels(tile.count), values[$0]!.shape.rank > 2) }
    }
    guard let first = tiles.first else { return [] }
    return nodes.indices.map { n in
      let peaks = tiles.dropFirst().reduce(first[n].0) { zip($0, $1[n].0).map { max($0, $1) } }
      return ChannelPeaks(node: graph.nodes[nodes[n]].name, isMap: first[n].1, peaks: peaks)
    }
  }

  private func operand(_ operand: Operand, of graph: Graph, _ x: Tensor, _ values: [Tensor?]) -> Tensor {
    switch operand {
    case .image: x
    case .constant(let i): graph.constants[i]
    case .node(let i): values[i]!
    }
  }
}

extension Tensor {
  /// The largest element of each channel of a batch of `count`; where the first axis is none of images, of the whole.
  fileprivate func largestOfChannels(_ count: Int) -> [Float] {
    guard shape.rank >= 2, self.count == count else { return [elements.max() ?? 0] }
    let channels = shape[1]
    let area = max(1, entryCount / max(1, channels))
    return (0..<channels).map { c in
      (0..<count).reduce(0) { peak, n in
        let start = (n * channels + c) * area
        return elements[start..<start + area].reduce(peak) { max($0, $1) }
      }
    }
  }
}
