internal import Networks
internal import Tensors

/// The window that a node's attributes describe, on one to three axes.
struct Aperture {
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  var before: [Int]
  var after: [Int]

  var rank: Int { kernel.count }

  /// Distance from the first to the last tap along an axis, plus one.
  func reach(_ axis: Int) -> Int { dilations[axis] * (kernel[axis] - 1) + 1 }

  /// Cuts off what reaches beyond the image and its padding where rounding up leaves the window its one place there.
  mutating func narrow(to image: Shape) {
    for axis in 0..<rank where dilations[axis] == 1 {
      let room = image[axis + 2] + before[axis] + after[axis]
      if kernel[axis] > room, kernel[axis] - room < strides[axis], room > 0 { kernel[axis] = room }
    }
  }

  /// Some of the axes, two of them, as a window over images.
  func window(_ axes: [Int]) -> Window {
    Window(
      kernel: axes.map { kernel[$0] }, strides: axes.map { strides[$0] },
      dilations: axes.map { dilations[$0] },
      before: axes.map { before[$0] }, after: axes.map { after[$0] })
  }

  /// The window over rows of length one, along the only axis.
  var flat: Aperture {
    Aperture(
      kernel: [1] + kernel, strides: [1] + strides, dilations: [1] + dilations, before: [0] + before,
      after: [0] + after)
  }
}

extension OperatorCall {
  /// The window that `strides`, `dilations`, `pads` and `auto_pad` describe.
  func aperture(kernel: [Int], on image: Shape) throws -> Aperture {
    let rank = image.rank - 2
    guard (1...3).contains(rank) else { throw missing("an input of \(image)") }
    guard kernel.count == rank, kernel.allSatisfy({ $0 > 0 && $0 <= Attributes.largest }) else {
      throw bad("its kernel of \(kernel.prefix(4)) does not fit \(image)")
    }
    let zeros = [Int](repeating: 0, count: rank)
    var aperture = Aperture(
      kernel: kernel, strides: try attributes.extents("strides", count: rank, least: 1, default: 1),
      dilations: try attributes.extents("dilations", count: rank, least: 1, default: 1), before: zeros,
      after: zeros)
    switch attributes.string("auto_pad", default: "NOTSET") {
    case "", "NOTSET":
      let pads = try attributes.extents("pads", count: 2 * rank, least: 0, default: 0)
      aperture.before = Array(pads[..<rank])
      aperture.after = Array(pads[rank...])
    case "VALID": break
    case "SAME_UPPER": pad(&aperture, image, moreAtEnd: true)
    case "SAME_LOWER": pad(&aperture, image, moreAtEnd: false)
    case let other: throw bad("auto_pad '\(other)' is unknown")
    }
    return aperture
  }

  /// Pads so that the output has input / stride places, rounded up.
  private func pad(_ aperture: inout Aperture, _ image: Shape, moreAtEnd: Bool) {
    for axis in 0..<aperture.rank {
      let input = image[axis + 2]
      let places = (input + aperture.strides[axis] - 1) / aperture.strides[axis]
      let total = max(0, (places - 1) * aperture.strides[axis] + aperture.reach(axis) - input)
      aperture.before[axis] = moreAtEnd ? total / 2 : total - total / 2
      aperture.after[axis] = total - aperture.before[axis]
    }
  }

  /// `auto_pad` is what says how to pad.
  var padsItself: Bool { attributes.string("auto_pad", default: "").hasPrefix("SAME") }
}

// MARK: - From other ranks to images

extension GraphBuilder {
  /// N×C×L as N×C×1×L.
  mutating func row(_ edge: Edge, for call: OperatorCall) throws -> Edge {
    let s = edge.shape!
    return try reshape(edge, to: [s[0], s[1], 1, s[2]], for: call)
  }

  /// N×C×1×L as N×C×L.
  mutating func unrow(_ edge: Edge, for call: OperatorCall) throws -> Edge {
    let s = edge.shape!
    return try reshape(edge, to: [s[0], s[1], s[3]], for: call)
  }
}
