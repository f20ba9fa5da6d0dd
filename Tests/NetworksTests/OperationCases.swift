import Networks
import Tensors
import TestSupport

/// The table of operations that the tests go through, each with inputs away from kinks and ties.
enum OperationCases {
  static let all =
    elementwise + piecewise + layers + arithmetic + attention + normalizations + rearrangements + grids
    + softened
    + softenedQuantizations

  private static let image = randomTensor([2, 3, 5, 6], seed: 1)
  private static let positive = Tensor(
    shape: [2, 3, 4], elements: (0..<24).map { 0.5 + 0.11 * Float($0 * 7 % 24) })
  /// Elements at least 0.1 apart and 0.05 from zero, in no order.
  static let spread = spread([2, 3, 5, 6])

  static func spread(_ shape: Shape) -> Tensor {
    var random = SeededGenerator(seed: 9)
    let order = random.permutation(shape.count)
    return Tensor(shape: shape, elements: order.map { 0.1 * (Float($0 - shape.count / 2) + 0.5) })
  }

  private static let elementwise: [OperationCase] = {
    let functions: [ScalarFunction] = [
      .sigmoid, .tanh, .softplus(beta: 1), .softplus(beta: 3), .softsign, .elu(alpha: 0.7), .selu, .erf,
      .gelu,
      .geluTanh, .silu, .mish, .exp, .softRectifier(slope: 0.2, beta: 2),
      .softClamp(lower: -1, upper: 2, beta: 2), .softClamp(lower: 0, upper: .infinity, beta: 2),
      .softAbsolute(beta: 2), .softHardSwish(alpha: 0.3, beta: 0.5, sharpness: 2),
    ]
    let x = Tensor(shape: [2, 3, 4], elements: (0..<24).map { 0.25 * (Float($0) - 11.5) })
    let halfLine: [ScalarFunction] = [.log, .sqrt, .reciprocal, .power(2.5), .power(-0.75)]
    let near = Tensor(shape: [2, 3, 4], elements: (0..<24).map { 0.06 * (Float($0) - 11.5) })
    return functions.map { OperationCase("\($0)", Elementwise($0), [x]) }
      + TrigonometricFunction.allCases.map {
        OperationCase(
          "\($0)", Trigonometric($0), [$0 == .acosh ? Affine(scale: 1, shift: 1).forward([positive]) : near])
      }
      + halfLine.map { OperationCase("\($0)", Elementwise($0), [positive]) }
      + [
        OperationCase("power 2", Elementwise(.power(2)), [x]),
        OperationCase("square root of a norm", Root(degree: 2), [positive]),
        OperationCase("cube root of a norm", Root(degree: 3), [positive]),
        OperationCase("affine", Affine(scale: -2, shift: 3), [x]),
      ]
  }()

  private static let piecewise: [OperationCase] = {
    let (a, b) = (spread, randomTensor([3, 1, 1], seed: 3, deviation: 0.02))
    let flags = Tensor(shape: [5, 6], elements: (0..<30).map { $0 % 3 == 0 ? 1 : 0 })
    let tops = Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])
    return [
      OperationCase("rectifier", Rectifier(), [spread]),
      OperationCase("leaky rectifier", Rectifier(slope: 0.1), [spread]),
      OperationCase(
        "parametric rectifier",
        ParametricRectifier(slopes: Tensor(shape: [3, 1, 1], elements: [0.1, -0.5, 2])), [spread]),
      OperationCase("clamp", Clamp(lower: -2, upper: 3), [spread]),
      OperationCase("hard swish", HardSwish(alpha: 0.23), [spread]),
      OperationCase("clamp below", Clamp(lower: 0, upper: nil), [spread]),
      OperationCase("absolute value", AbsoluteValue(), [spread]),
      OperationCase("maximum", PairwiseMaximum(), [a, b]),
      OperationCase("minimum", PairwiseMinimum(), [a, b]),
      OperationCase("minimum with a constant", PairwiseMinimum(), [a, b], varies: [true, false]),
      OperationCase("max pool 2", MaxPool(window: Window(kernel: [2, 2], strides: [2, 2])), [spread]),
      OperationCase("max pool 3", MaxPool(window: tops), [spread]),
      OperationCase("max pool, rounded up", MaxPool(window: tops, roundsUp: true), [spread]),
      OperationCase("global max pool", GlobalMaxPool(), [spread]),
      OperationCase("comparison", Comparison(isStrict: true), [a, b]),
      OperationCase(
        "comparison with a constant", Comparison(isStrict: false), [a, b], varies: [true, false]),
      OperationCase("choice", Choice(), [flags, a, b], varies: [false, true, true]),
      OperationCase("top values", TopValues(count: 2, axis: 1), [spread]),
      OperationCase("lowest values", TopValues(count: 3, axis: -1, takesLargest: false), [spread]),
    ] + Step.Function.allCases.map { OperationCase("\($0)", Step($0), [spread]) }
  }()

  private static let layers: [OperationCase] = {
    let same = Window(kernel: [3, 3], before: [1, 1], after: [1, 1])
    let wide = Window(kernel: [3, 2], strides: [2, 1], dilations: [1, 2], before: [1, 0], after: [0, 1])
    func filters(_ shape: Shape) -> Tensor { randomTensor(shape, seed: 5, deviation: 0.3) }
    let many = randomTensor([2, 20, 4, 4], seed: 6)
    return [
      OperationCase(
        "conv", Convolution(weights: filters([4, 3, 3, 3]), bias: [1, 2, 3, 4], window: same), [image]),
      OperationCase(
        "conv wide", Convolution(weights: filters([4, 3, 3, 2]), bias: nil, window: wide), [image]),
      OperationCase(
        "conv deep", Convolution(weights: filters([4, 20, 3, 3]), bias: nil, window: same), [many]),
      OperationCase(
        "conv grouped", Convolution(weights: filters([6, 10, 3, 3]), bias: nil, window: same, groups: 2),
        [many]),
      OperationCase(
        "conv depthwise", Convolution(weights: filters([6, 1, 3, 2]), bias: nil, window: wide, groups: 3),
        [image]),
      OperationCase(
        "conv depthwise 5×5",
        Convolution(
          weights: filters([3, 1, 5, 5]), bias: [1, 2, 3],
          window: Window(kernel: [5, 5], strides: [2, 2], before: [2, 2], after: [2, 2]), groups: 3), [image]),
      OperationCase(
        "conv 1×1", Convolution(weights: filters([4, 3, 1, 1]), bias: nil, window: Window(kernel: [1, 1])),
        [image]),
      OperationCase(
        "dense", Dense(weights: filters([4, 7]), bias: [1, 2, 3, 4]), [randomTensor([2, 7], seed: 7)]),
      OperationCase("dense on rows", Dense(weights: filters([4, 6]), bias: nil), [image]),
      OperationCase(
        "average pool",
        AveragePool(window: Window(kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1])),
        [image]),
      OperationCase(
        "average pool with padding", AveragePool(window: same, roundsUp: true, countsPadding: true), [image]),
      OperationCase(
        "transposed conv",
        TransposedConvolution(
          weights: filters([3, 4, 3, 2]), bias: [1, 2, 3, 4],
          window: Window(kernel: [3, 2], strides: [2, 1], before: [1, 0], after: [0, 0]), extents: [10, 7]),
        [image]),
      OperationCase(
        "transposed conv grouped",
        TransposedConvolution(
          weights: filters([20, 3, 2, 2]), bias: nil, window: Window(kernel: [2, 2], strides: [2, 2]),
          groups: 2,
          extents: [8, 8]), [many]),
      OperationCase("mean", Mean(axes: [2, 3], keepsAxes: true), [image]),
      OperationCase("mean of one axis", Mean(axes: [-2], keepsAxes: false), [image]),
      OperationCase("total", Total(axes: [1, 3], keepsAxes: false), [image]),
      OperationCase("channels", ChannelAffine(scale: [1, -2, 3], shift: [4, 5, 6]), [image]),
      OperationCase("rescaling", Rescaling(scale: [1, 2, 3], shift: [4, 5, 6], order: [2, 1, 0]), [image]),
      OperationCase(
        "rescaling in order", Rescaling(scale: [1, 2, 3], shift: [4, 5, 6], order: nil), [image]),
    ]
  }()

  private static let arithmetic: [OperationCase] = {
    let channel = Tensor(shape: [3, 1, 1], elements: [1.5, -2, 0.75])
    let (a, b) = (randomTensor([2, 3, 4], seed: 1), randomTensor([2, 4, 5], seed: 2))
    let operations: [(String, any Operation)] = [
      ("addition", Addition()), ("subtraction", Subtraction()), ("multiplication", Multiplication()),
      ("division", Division()),
    ]
    return operations.flatMap { name, operation in
      [
        OperationCase(name, operation, [image, channel]),
        OperationCase("\(name) of equals", operation, [randomTensor([2, 3, 4], seed: 3), positive]),
        OperationCase("\(name) by a constant", operation, [image, channel], varies: [true, false]),
        OperationCase("\(name) of a constant", operation, [channel, randomShift], varies: [false, true]),
      ]
    } + [
      OperationCase("matrix product", MatrixProduct(), [a, b]),
      OperationCase("matrix product, broadcast", MatrixProduct(), [a, randomTensor([4, 2], seed: 3)]),
      OperationCase("matrix product by a constant", MatrixProduct(), [a, b], varies: [true, false]),
      OperationCase("matrix product of a constant", MatrixProduct(), [a, b], varies: [false, true]),
    ]
  }()

  private static let attention: [OperationCase] = {
    let (q, k) = (randomTensor([2, 3, 5, 4], seed: 1), randomTensor([2, 3, 7, 4], seed: 2))
    let v = randomTensor([2, 3, 7, 6], seed: 3)
    let mask = randomTensor([3, 1, 7], seed: 4)
    return [
      OperationCase("attention", DotProductAttention(scale: 0.5), [q, k, v]),
      OperationCase("attention with a mask", DotProductAttention(scale: 0.7, mask: mask), [q, k, v]),
      OperationCase(
        "attention to constant keys", DotProductAttention(scale: 0.5), [q, k, v], varies: [true, false, true]),
      OperationCase(
        "attention of constant queries", DotProductAttention(scale: 0.5), [q, k, v],
        varies: [false, true, false]),
    ]
  }()

  private static let randomShift = randomTensor([2, 3, 5, 6], seed: 4, deviation: 0.1, centre: 2)

  private static let normalizations: [OperationCase] = [
    OperationCase("softmax", Softmax(axis: -1), [image]),
    OperationCase("softmax of channels", Softmax(axis: 1), [image]),
    OperationCase("log softmax", LogSoftmax(axis: 1), [image]),
    OperationCase(
      "local response", LocalResponseNormalization(size: 3, alpha: 0.9, beta: 0.75, bias: 1),
      [randomTensor([2, 5, 2, 2], seed: 2)]),
    OperationCase(
      "local response, even", LocalResponseNormalization(size: 2, alpha: 0.9, beta: 0.5, bias: 2),
      [randomTensor([2, 5, 2, 2], seed: 2)]),
    OperationCase(
      "layer norm",
      LayerNormalization(
        axis: -1, scale: randomTensor([6], seed: 3), bias: randomTensor([6], seed: 4), epsilon: 1e-3), [image]
    ),
    OperationCase(
      "layer norm of planes",
      LayerNormalization(axis: 2, scale: randomTensor([5, 6], seed: 3), bias: nil, epsilon: 1e-3), [image]),
  ]

  private static let rearrangements: [OperationCase] = [
    OperationCase("reshape", Reshape(entry: [6, 15]), [image]),
    OperationCase("reshape exactly", Reshape(exactly: [4, 45]), [image]),
    OperationCase("transpose", Transpose(permutation: [0, 2, 3, 1]), [image]),
    OperationCase(
      "view", View(extents: [6, 2, 3], strides: [1, 60, 12], offset: 0, entryCount: 90), [image]),
    OperationCase(
      "view backwards", View(extents: [3, 2, 5], strides: [-30, 3, 6], offset: 60, entryCount: 90), [image]),
    OperationCase("slice", Slice(axes: [1, 3], starts: [1, 0], ends: [9, 5], steps: [1, 2]), [image]),
    OperationCase("slice backwards", Slice(axes: [2], starts: [4], ends: [-1], steps: [-2]), [image]),
    OperationCase("concatenation", Concatenation(axis: 1), [image, randomTensor([2, 2, 5, 6], seed: 2)]),
    OperationCase(
      "concatenation with a constant", Concatenation(axis: -1),
      [image, randomTensor([2, 3, 5, 1], seed: 2)],
      varies: [true, false]),
    OperationCase("padding", Padding(before: [0, 0, 1, 2], after: [0, 0, 0, 1], value: 5), [image]),
    OperationCase("cropping", Padding(before: [0, 0, -1, 2], after: [0, 0, 0, -1], value: 0), [image]),
    OperationCase(
      "reflection", Padding(before: [0, 0, 2, 1], after: [0, 0, 1, 3], mode: .reflect), [image]),
    OperationCase("edges", Padding(before: [0, 0, 2, 1], after: [0, 0, 1, 3], mode: .edge), [image]),
    OperationCase("gather", Gather(indices: [2, 0, 0, 1], axis: 1, indexShape: [2, 2]), [image]),
    OperationCase("gather one", Gather(indices: [3], axis: 2, indexShape: []), [image]),
    OperationCase(
      "sum of patches",
      PatchSum(
        extents: [4, 5], kernel: [3, 2], strides: [2, 1], dilations: [1, 2], before: [1, 0], after: [0, 1]),
      [randomTensor([2, 12, 8], seed: 1)]),
    OperationCase("expansion", Expansion(to: [1, 4, 3]), [randomTensor([2, 1, 3], seed: 1)]),
    OperationCase("picking", Picking(positions: [89, 0, 0, 17]), [image]),
    OperationCase("cumulative sum", CumulativeSum(axis: 2), [image]),
    OperationCase(
      "cumulative sum from the end", CumulativeSum(axis: -1, isExclusive: true, isReverse: true), [image]),
    OperationCase(
      "concatenation with a constant of one entry", Concatenation(axis: 1),
      [randomTensor([1, 1, 5, 6], seed: 2), image], varies: [false, true]),
  ]

  /// A grid of places on 4×5 pixels, some of them outside, none near where taps change or places are mirrored.
  private static func grid(alignsCorners: Bool) -> Tensor {
    let fractions: [Float] = [0.3, 0.72, 0.28, 0.7, 0.26]
    let elements = (0..<24).flatMap { i in
      [(i * 7 % 9, 5), (i * 5 % 8, 4)].map { whole, extent in
        let place = Float(whole - 2) + fractions[i % 5]
        return alignsCorners ? 2 * place / Float(extent - 1) - 1 : (2 * place + 1) / Float(extent) - 1
      }
    }
    return Tensor(shape: [2, 3, 4, 2], elements: elements)
  }

  private static let grids: [OperationCase] = {
    let small = randomTensor([2, 3, 4, 5], seed: 1)
    let paddings: [GridSample.Padding] = [.zeros, .border, .reflection]
    return paddings.flatMap { padding in
      let alignsCorners = padding == .border
      func sample(_ interpolation: GridSample.Interpolation, _ varies: [Bool]) -> OperationCase {
        OperationCase(
          "grid sample, \(interpolation), \(padding)",
          GridSample(interpolation, padding: padding, alignsCorners: alignsCorners),
          [small, grid(alignsCorners: alignsCorners)], varies: varies)
      }
      return [
        sample(.linear, [true, true]), sample(.cubic, [true, true]), sample(.nearest, [true, false]),
      ]
    }
  }()

  /// Quantisations are not held against differences, which know of no straight way through a rounding.
  static let quantizations: [OperationCase] = {
    let x = randomTensor([2, 3, 4, 5], seed: 1)
    let scales = Tensor(shape: [3, 1, 1], elements: [0.02, 0.5, 0.011])
    let zeros = Tensor(shape: [3, 1, 1], elements: [0, 3, -20])
    let whole = Tensor(shape: [2, 3, 4, 5], elements: (0..<120).map { Float($0 * 37 % 120 - 60) })
    let roundings: [Quantization.Rounding] = [
      .nearest, .nearestAfterShift, .floorAfterShift, .ceilingAfterShift, .truncationAfterShift, .sign,
    ]
    return roundings.map {
      OperationCase(
        "quantization, \($0)", Quantization(to: -128...127, rounding: $0), [x, scales, zeros],
        varies: [true, false, false])
    } + [
      OperationCase(
        "quantization of sums", Quantization(to: -20...20, rounding: .nearestOfProduct),
        [whole, Tensor(repeating: 0.3, shape: [1]), Tensor(repeating: 2, shape: [1])],
        varies: [true, false, false])
    ]
  }()

  private static let softenedQuantizations: [OperationCase] = quantizations.filter {
    !$0.description.hasSuffix("sums")
  }.map {
    OperationCase("softened \($0)", $0.operation.softened(beta: 2), $0.inputs, varies: $0.varies)
  }

  private static let softened: [OperationCase] =
    piecewise.map {
      OperationCase("softened \($0)", $0.operation.softened(beta: 2), $0.inputs, varies: $0.varies)
    } + [
      OperationCase(
        "softened choice of soft flags", Choice().softened(beta: 2),
        [randomTensor([5, 6], seed: 8, deviation: 0.1, centre: 0.5), spread, image])
    ]
}
