internal import Foundation
internal import Networks
internal import ONNXSchema
internal import SwiftProtobuf
internal import Tensors
internal import TestSupport
internal import Testing

@testable internal import ONNX

/// The range of pixels that a graph was written for is read off the arithmetic it begins with, or left open.
@Suite("Pixel range")
struct PixelRangeTests {
  @Test("the graph says its range, or nothing", arguments: Head.all)
  func range(head: Head) throws {
    let (classifier, profile, _) = try head.file.classifier(try head.file.statements(options: Profile()))
    #expect(profile.scale == head.scale)
    #expect(profile.channels == head.channels)
    #expect(classifier.preprocessing?.source == (head.scale == nil ? Preprocessing.Source.none : .graph))
    #expect(classifier.preprocessing?.isGuessed == false)
  }

  @Test("pixels in [0, 1] give the scores that the graph gives for what it is fed", arguments: Head.all)
  func scores(head: Head) throws {
    let classifier = try head.file.classifier(profile: Profile())
    let shape = classifier.network.imageShape
    let pixels = Tensor(shape: shape, elements: (0..<shape.count).map { Float($0 * 37 % 256) / 255 })
    let fed = head.feed(pixels)
    let right = try head.file.evaluate(["x": Value(fed)])[0].value.floats
    let found = try classifier.network.logits(pixels).elements
    #expect(zip(found, right).allSatisfy { abs($0 - $1) <= 1e-4 * max(1, right.map(abs).max() ?? 0) })
  }

  @Test("--scale goes before what the graph does; another source that contradicts the graph is doubted")
  func overruled() throws {
    let file = try Head.bytes.file
    let option = try file.classifier(profile: Profile(scale: .unit)).preprocessing
    #expect(option?.range == 0...1)
    #expect(option?.source == .option)
    #expect(option?.doubts == [])
    let moments = try file.classifier(profile: Profile(mean: [0.5], std: [0.5])).preprocessing
    #expect(moments?.source == .option)
    #expect(moments?.doubts.count == 1)
    #expect(moments?.doubts.first?.contains("begins with x/255") == true)
  }

  @Test("a row of colours is doubted until the layout is said; a grey one, and planes, are not")
  func rowOfColors() throws {
    func doubts(_ shape: [Int64], _ options: Profile) throws -> [String] {
      try Head("plain", []).with { $0.shape = shape }.file.classifier(profile: options).preprocessing?.doubts
        ?? []
    }
    #expect(try doubts([1, 192], Profile()).first?.contains("--layout nhwc") == true)
    for layout in [Profile.Layout.nchw, .nhwc] {
      #expect(try doubts([1, 192], Profile(layout: layout)) == [])
    }
    #expect(try doubts([1, 64], Profile()) == [] && doubts([1, 3, 8, 8], Profile()) == [])
  }

  @Test("a mean above 1 is one of bytes")
  func largeMean() throws {
    let plain = Head("plain", [])
    let reading = try plain.file.classifier(profile: Profile(mean: [104, 117, 123])).preprocessing
    #expect(reading?.range == 0...255)
    #expect(try plain.file.classifier(profile: Profile(mean: [0.5])).preprocessing?.range == 0...1)
  }

  @Test(
    "arithmetic is said as people write it",
    arguments: [
      (scale: [1.0 / 255], shift: [0], said: "x/255"), ([1 / 127.5], [-1], "(x − 127.5)/127.5"),
      ([1, 1, 1], [-103.94, -116.78, -123.68], "x − (103.9,116.8,123.7)"), ([255], [0], "x·255"),
      ([2, 4], [-1, -1], "(x − (0.5,0.25))/(0.5,0.25)"),
    ] as [(scale: [Float], shift: [Float], said: String)])
  func description(scale: [Float], shift: [Float], said: String) {
    let channels = zip(scale, shift).enumerated().map {
      ($0, InputArithmetic.Channel(scale: $1.0, shift: $1.1))
    }
    let arithmetic = InputArithmetic(
      channels: Dictionary(uniqueKeysWithValues: channels), isLearned: false, ceiling: nil)
    #expect(arithmetic.description == said)
  }
}

/// A graph that begins with some arithmetic on its input x and ends in a dense layer on all that comes of it, p.
struct Head: Sendable, CustomStringConvertible {
  var description: String
  var nodes: [Onnx_NodeProto]
  var weights: [Onnx_TensorProto]
  var shape: [Int64] = [1, 3, 8, 8]
  var type = Onnx_TensorProto.DataType.float
  var scale: Profile.Scale?
  var channels: Profile.Channels?
  /// What the graph is to be fed for pixels in [0, 1], N×C×H×W.
  var feed: @Sendable (Tensor) -> Tensor

  init(
    _ description: String, _ nodes: [Onnx_NodeProto], _ weights: [Onnx_TensorProto] = [],
    scale: Profile.Scale? = nil, channels: Profile.Channels? = nil
  ) {
    self.description = description
    self.nodes = nodes
    self.weights = weights
    self.scale = scale
    self.channels = channels
    feed = { pixels in
      let ordered = channels == .bgr ? pixels.gatheringChannels([2, 1, 0]) : pixels
      return Tensor(
        shape: ordered.shape,
        elements: ordered.elements.map {
          switch scale {
          case .byte: ($0 * 255).rounded()
          case .sixteen: $0 * 16
          default: $0
          }
        })
    }
  }

  var file: ModelFile {
    get throws {
      let last = nodes.last?.output[0] ?? "x"
      let tail: [Onnx_NodeProto] = [
        .make("Cast", [last], "float", [.int("to", 1)]), .make("Reshape", ["float", "row"], "flat"),
        .make("MatMul", ["flat", "dense"], "y"),
      ]
      let count = kept ?? shape.reduce(1, *)
      var model = BadGraph.model(nodes + tail, weights: weights)
      model.graph.initializer += [
        .integers("row", [1, count]), .numbers("dense", [count, 4]) { Float(($0 * 7919) % 31) / 31 - 0.5 },
      ]
      model.graph.input[0].type.tensorType.elemType = Int32(type.rawValue)
      model.graph.input[0].type.tensorType.shape.dim = shape.map { extent in
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = extent
        return dimension
      }
      return try ModelFile(bytes: try model.serializedData(), path: Fixtures.path("bad"))
    }
  }

  /// Numbers that come of an image, where they are not as many as its pixels.
  var kept: Int64?

  func with(_ change: (inout Head) -> Void) -> Head {
    var head = self
    change(&head)
    return head
  }

  /// With channels last.
  var last: Head {
    with { head in
      (head.description, head.shape) = (description + ", channels last", [1, 8, 8, 3])
      let feed = feed
      head.feed = { feed($0).channelsLast }
    }
  }
}

// MARK: - The table

extension Head {
  static let bytes = Head("÷255", [.make("Div", ["x", "k"], "p")], [.number("k", 255)], scale: .byte)

  static let all = bytesFirst + unitFirst + silent + columns

  private static func channels(_ name: String, _ numbers: [Float]) -> Onnx_TensorProto {
    .numbers(name, [1, Int64(numbers.count), 1, 1]) { numbers[$0] }
  }

  private static func moments(_ mean: [Float], _ std: [Float]) -> [Onnx_TensorProto] {
    [channels("m", mean), channels("s", std)]
  }

  private static let standardize: [Onnx_NodeProto] = [
    .make("Sub", ["x", "m"], "q"), .make("Div", ["q", "s"], "p"),
  ]
  private static let caffe: [Float] = [103.939, 116.779, 123.68]
  private static let batch: [Onnx_NodeProto] = [.make("BatchNormalization", ["x", "g", "b", "m", "v"], "p")]

  private static func normalization(
    _ scale: [Float], _ shift: [Float], mean: [Float], variance: [Float]
  ) -> [Onnx_TensorProto] {
    zip(["g", "b", "m", "v"], [scale, shift, mean, variance]).map { name, numbers in
      .numbers(name, [3]) { numbers[$0] }
    }
  }

  /// Scalers of columns, whose pixels at the border hardly vary: the mean of their scales says nothing.
  private static let columns: [Head] =
    columns(.unit, white: 1) + columns(.byte, white: 255) + columns(.sixteen, white: 16)

  private static func columns(_ scale: Profile.Scale, white: Float) -> [Head] {
    let extents: [Int64] = [1, 1, 8, 8]
    func isBorder(_ i: Int) -> Bool { i % 8 == 0 || i % 8 == 7 }
    func mean(_ i: Int) -> Float { isBorder(i) ? 0 : white * (0.2 + 0.05 * Float(i % 8)) }
    func deviation(_ i: Int) -> Float { isBorder(i) ? 1 : white * (0.05 + 0.03 * Float(i % 8)) }
    func factor(_ i: Int) -> Float { isBorder(i) ? 1 : 1 / (white * (i % 3 == 0 ? 1 : 0.8)) }
    let moments: [Onnx_TensorProto] = [.numbers("m", extents, mean), .numbers("s", extents, deviation)]
    let standardized = Head("columns of 0…\(white) standardised", standardize, moments, scale: scale)
    let stretched = Head(
      "columns of 0…\(white) stretched", [.make("Mul", ["x", "k"], "p")], [.numbers("k", extents, factor)],
      scale: scale)
    let dead = Head(
      "columns of 0…\(white), most of which never change, stretched", [.make("Mul", ["x", "k"], "p")],
      [.numbers("k", extents) { $0 % 3 == 0 ? factor($0) : 1 }], scale: scale)
    // Of pixels in [0, 1] that are stretched by 1, nothing is to be read.
    return ([standardized, stretched] + (white > 1 ? [dead] : [])).map { $0.with { $0.shape = extents } }
  }

  private static let bytesFirst: [Head] = [
    bytes,
    Head("×1/255", [.make("Mul", ["x", "k"], "p")], [.number("k", 1 / 255)], scale: .byte),
    Head(
      "÷127.5 − 1", [.make("Div", ["x", "k"], "q"), .make("Sub", ["q", "one"], "p")],
      [.number("k", 127.5), .number("one", 1)], scale: .byte),
    Head(
      "×1/127.5 + (−1)", [.make("Mul", ["x", "k"], "q"), .make("Add", ["q", "one"], "p")],
      [.number("k", 1 / 127.5), .number("one", -1)], scale: .byte),
    Head(
      "÷255 − 1/2 ÷ 1/2",
      [.make("Div", ["x", "k"], "q"), .make("Sub", ["q", "h"], "r"), .make("Div", ["r", "h"], "p")],
      [.number("k", 255), .number("h", 0.5)], scale: .byte),
    Head(
      "moments of bytes", standardize, moments([123.675, 116.28, 103.53], [58.395, 57.12, 57.375]),
      scale: .byte, channels: .rgb),
    Head(
      "moments of [0, 1] behind ÷255",
      [.make("Div", ["x", "k"], "z"), .make("Sub", ["z", "m"], "q"), .make("Div", ["q", "s"], "p")],
      moments([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]) + [.number("k", 255)], scale: .byte,
      channels: .rgb),
    Head(
      "caffe's means, blue first", [.make("Sub", ["x", "m"], "p")], [channels("m", caffe)], scale: .byte,
      channels: .bgr),
    Head(
      "caffe's means, red first", [.make("Sub", ["x", "m"], "p")], [channels("m", caffe.reversed())],
      scale: .byte,
      channels: .rgb),
    Head(
      "caffe's means and 0.017", [.make("Sub", ["x", "m"], "q"), .make("Mul", ["q", "k"], "p")],
      [channels("m", caffe), .number("k", 0.017)], scale: .byte, channels: .bgr),
    Head(
      "a grey mean image of bytes", [.make("Sub", ["x", "m"], "p")],
      [.numbers("m", [1, 3, 8, 8]) { 90 + Float($0 % 40) }], scale: .byte),
    Head("255 − x", [.make("Sub", ["k", "x"], "p")], [.number("k", 255)], scale: .byte),
    Head(
      "behind a transpose",
      [.make("Transpose", ["x"], "t", [.ints("perm", [0, 2, 3, 1])]), .make("Div", ["t", "k"], "p")],
      [.number("k", 255)], scale: .byte),
    Head(
      "Keras's caffe: red, green, blue turned round and centred",
      [
        .make("Gather", ["x", "turned"], "t", [.int("axis", 3)]), .make("Sub", ["t", "m"], "q"),
        .make("Transpose", ["q"], "p", [.ints("perm", [0, 3, 1, 2])]),
      ],
      [.integers("turned", [2, 1, 0]), .numbers("m", [3]) { caffe[$0] }], scale: .byte, channels: .rgb
    ).last,
    Head(
      "Keras's Rescaling behind a padding",
      [
        .make("Mul", ["x", "k"], "q"), .make("Add", ["q", "one"], "r"),
        .make("Transpose", ["r"], "t", [.ints("perm", [0, 3, 1, 2])]), .make("Pad", ["t", "pads"], "p"),
      ],
      [.number("k", 1 / 127.5), .number("one", -1), .integers("pads", [0, 0, 1, 1, 0, 0, 1, 1])], scale: .byte
    ).last.with { $0.kept = 300 },
    Head(
      "padded first", [.make("Pad", ["x", "pads"], "t"), .make("Div", ["t", "k"], "p")],
      [.number("k", 255), .integers("pads", [0, 0, 1, 1, 0, 0, 1, 1])], scale: .byte
    ).with { $0.kept = 300 },
    Head(
      "resized first",
      [
        .make("Resize", ["x", "", "", "to"], "t", [.text("mode", "linear")]), .make("Mul", ["t", "k"], "p"),
      ], [.number("k", 1 / 255), .integers("to", [1, 3, 5, 7])], scale: .byte
    ).with { $0.kept = 105 },
    Head(
      "clipped to bytes", [.make("Clip", ["x", "low", "k"], "t"), .make("Div", ["t", "k"], "p")],
      [.number("k", 255), .number("low", 0)], scale: .byte),
    Head(
      "channels apart, each scaled and joined",
      [
        .outputs("Split", ["x"], ["r", "g", "b"], [.int("axis", 1)]), .make("Sub", ["r", "mr"], "dr"),
        .make("Sub", ["g", "mg"], "dg"), .make("Sub", ["b", "mb"], "db"), .make("Div", ["dr", "s"], "qr"),
        .make("Div", ["dg", "s"], "qg"), .make("Div", ["db", "s"], "qb"),
        .make("Concat", ["qr", "qg", "qb"], "p", [.int("axis", 1)]),
      ], [.number("mr", 123.68), .number("mg", 116.78), .number("mb", 103.94), .number("s", 57)],
      scale: .byte,
      channels: .rgb),
    Head(
      "as a convolution of one tap", [.make("Conv", ["x", "w", "c"], "p", [.int("group", 3)])],
      [.numbers("w", [3, 1, 1, 1]) { _ in 1 / 58 }, .numbers("c", [3]) { [-2.1, -2, -1.8][$0] }],
      scale: .byte,
      channels: .rgb),
    Head(
      "as a batch normalisation", batch,
      normalization([1, 1.1, 0.9], [0.1, -0.2, 0], mean: [121, 115, 100], variance: [4000, 3900, 4100]),
      scale: .byte),
    Head("bytes by type", [.make("Cast", ["x"], "p", [.int("to", 1)])], scale: .byte).with {
      $0.type = .uint8
    },
    Head(
      "bytes by type, scaled", [.make("Cast", ["x"], "c", [.int("to", 1)]), .make("Div", ["c", "k"], "p")],
      [.number("k", 255)], scale: .byte
    ).with { $0.type = .int32 },
  ]

  private static let unitFirst: [Head] = [
    Head(
      "ImageNet's moments", standardize, moments([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]), scale: .unit,
      channels: .rgb),
    Head(
      "CIFAR's moments", standardize, moments([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.201]), scale: .unit
    ),
    Head("−0.5, ÷0.5", standardize, moments([0.5, 0.5, 0.5], [0.5, 0.5, 0.5]), scale: .unit),
    Head(
      "2x − 1", [.make("Mul", ["x", "k"], "q"), .make("Sub", ["q", "one"], "p")],
      [.number("k", 2), .number("one", 1)], scale: .unit),
    Head("x − 0.5", [.make("Sub", ["x", "k"], "p")], [.number("k", 0.5)], scale: .unit),
    Head("1 − x", [.make("Sub", ["k", "x"], "p")], [.number("k", 1)], scale: .unit),
    Head(
      "×255 and caffe's means", [.make("Mul", ["x", "k"], "q"), .make("Sub", ["q", "m"], "p")],
      [.number("k", 255), channels("m", caffe)], scale: .unit, channels: .bgr),
    Head("×255", [.make("Mul", ["x", "k"], "p")], [.number("k", 255)], scale: .unit),
    Head(
      "clipped to [0, 1]", [.make("Clip", ["x", "low", "k"], "p")], [.number("k", 1), .number("low", 0)],
      scale: .unit),
    Head(
      "as a batch normalisation", batch,
      normalization([1, 1, 1], [0, 0.1, 0], mean: [0.49, 0.48, 0.45], variance: [0.06, 0.06, 0.07]),
      scale: .unit),
    Head(
      "MNIST's moments", [.make("Sub", ["x", "m"], "q"), .make("Div", ["q", "s"], "p")],
      [.number("m", 0.1307), .number("s", 0.3081)], scale: .unit
    ).with { $0.shape = [1, 1, 8, 8] },
  ]

  /// A factor for each pixel, which is no range of pixels.
  private static func gate(_ name: String, _ factor: (Int) -> Float) -> Head {
    Head(name, [.make("Mul", ["x", "k"], "p")], [.numbers("k", [1, 3, 8, 8], factor)])
  }

  private static func wave(_ i: Int) -> Float { sin(Float(i) * 2.399) }

  /// What these do is done to bytes as to pixels in [0, 1], or to pixels that were normalised before.
  private static let silent: [Head] = [
    Head("nothing", []),
    Head("turned round", [.make("Transpose", ["x"], "p", [.ints("perm", [0, 2, 3, 1])])]),
    Head("a rectifier", [.make("Relu", ["x"], "p")]),
    Head(
      "clipped to [0, 6]", [.make("Clip", ["x", "low", "k"], "p")], [.number("k", 6), .number("low", 0)]),
    Head("doubled", [.make("Mul", ["x", "k"], "p")], [.number("k", 2)]),
    Head("scaled as attention is", [.make("Mul", ["x", "k"], "p")], [.number("k", 0.125)]),
    Head(
      "a batch normalisation of normalised pixels", batch,
      normalization([1.1, 0.9, 1], [0.1, -0.2, 0], mean: [0.01, -0.02, 0.03], variance: [1.1, 0.9, 1])),
    Head(
      "a batch normalisation of small gain", batch,
      normalization(
        [0.04, 0.05, 0.05], [-0.3, 0.2, -0.4], mean: [0.01, -0.02, 0.03], variance: [1.1, 0.9, 1])),
    gate("a learned gate about 1") { 1 + 0.5 * wave($0) * wave(3 * $0) - ($0 == 20 ? 0.998 : 0) },
    gate("a gate of sigmoids") { 1 / (1 + exp(-3 * wave($0))) },
    gate("a vignette") { i in
      let (row, column) = (Float(i / 8 % 8) - 3.5, Float(i % 8) - 3.5)
      return exp(-(row * row + column * column) / 8)
    },
    gate("a narrow window") { i in
      let (row, column) = (Float(i / 8 % 8) - 3.5, Float(i % 8) - 3.5)
      return exp(-(row * row + column * column) / 2.4)
    },
    gate("a window that is zero at its border") { i in
      let sines = [i / 8 % 8, i % 8].map { sin(Float.pi * Float($0) / 7) }
      return sines[0] * sines[0] * sines[1] * sines[1]
    },
    Head(
      "two ranges in two branches",
      [
        .make("Div", ["x", "k"], "q"), .make("Sub", ["x", "h"], "r"), .make("Relu", ["q"], "s"),
        .make("Relu", ["r"], "t"), .make("Add", ["s", "t"], "p"),
      ],
      [.number("k", 255), .number("h", 0.5)]),
  ]
}

extension Onnx_TensorProto {
  static func numbers(_ name: String, _ extents: [Int64], _ number: (Int) -> Float) -> Self {
    var tensor = Self()
    (tensor.name, tensor.dataType, tensor.dims) = (name, 1, extents)
    tensor.floatData = (0..<Int(extents.reduce(1, *))).map(number)
    return tensor
  }

  static func number(_ name: String, _ x: Float) -> Self { numbers(name, []) { _ in x } }
}

extension Onnx_NodeProto {
  static func outputs(
    _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [Onnx_AttributeProto]
  ) -> Self {
    var node = make(type, inputs, outputs[0], attributes)
    node.output = outputs
    return node
  }
}

extension Onnx_AttributeProto {
  static func text(_ name: String, _ x: String) -> Self {
    var attribute = Self()
    (attribute.name, attribute.type, attribute.s) = (name, .string, Data(x.utf8))
    return attribute
  }
}

extension Tensor {
  /// The channels of one image in another order.
  fileprivate func gatheringChannels(_ order: [Int]) -> Tensor {
    let area = count(from: 2)
    return Tensor(shape: shape, elements: order.flatMap { elements[($0 * area)..<(($0 + 1) * area)] })
  }

  /// 1×C×H×W as 1×H×W×C.
  fileprivate var channelsLast: Tensor {
    let (channels, area) = (shape[1], count(from: 2))
    let turned = (0..<area).flatMap { place in (0..<channels).map { elements[$0 * area + place] } }
    return Tensor(shape: [1, shape[2], shape[3], channels], elements: turned)
  }

  private func count(from axis: Int) -> Int { shape.extents[axis...].reduce(1, *) }
}
