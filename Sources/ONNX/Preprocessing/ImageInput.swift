internal import Networks
internal import ONNXSchema
internal import Tensors

/// The input of a model that takes the image: how it wants pixels arranged.
struct ImageInput {
  enum Arrangement: String {
    case nchw
    case nhwc
    /// All pixels in a row: channel by channel, or, where the layout says so, with the channels last.
    case flat
  }

  let name: String
  let arrangement: Arrangement
  /// The shape of one image as the model takes it.
  let modelShape: Shape
  /// 1×C×H×W.
  let imageShape: Shape
  /// The integers that the model takes; nil where it takes floats.
  let integers: Integers?
  /// How many images the model is for at once; 1 where it leaves that open.
  let statedBatch: Int

  enum Integers {
    /// 0…255, in whatever type.
    case bytes
    /// −128…127
    case signedBytes
  }

  init(_ info: Onnx_ValueInfoProto, profile: Profile) throws {
    name = info.name
    let extents = info.extents
    let type = ElementType(rawValue: Int(info.type.tensorType.elemType))
    // Rows of integers are words; images of them are bytes.
    guard let type, type.kind == .float || type == .uint8 || type.kind == .integer && extents.count == 4
    else {
      throw ModelError.noImageInput(problem: "its input '\(info.name)' does not hold pixel values")
    }
    integers = type.kind == .float ? nil : type == .int8 ? .signedBytes : .bytes
    let hasBatch = extents.count == 4 || extents.count == 2 && extents[0] != extents[1]
    statedBatch = hasBatch ? extents[0] ?? 1 : 1
    guard info.type.tensorType.hasShape, (1...4).contains(extents.count) else {
      throw ModelError.noImageInput(
        problem: "its input '\(info.name)' is not stated as N×C×H×W, N×H×W×C or a row of pixels")
    }
    let found = try Self.arrange(extents, profile, info.name)
    arrangement = found.arrangement
    guard let model = Shape(checking: found.model), let image = Shape(checking: found.image),
      image.count > 0
    else {
      throw ModelError.badImageSize(
        input: info.name, problem: "states an image too large for memory")
    }
    modelShape = model
    imageShape = image
  }

  private typealias Found = (arrangement: Arrangement, model: [Int], image: [Int])

  private static func arrange(_ extents: [Int?], _ profile: Profile, _ name: String) throws -> Found {
    switch extents.count {
    case 4:
      return try planes(Array(extents.dropFirst()), batch: [1], profile, name)
    case 3 where extents[0] == nil || extents[0] == 1:
      if let rows = extents[1], let columns = extents[2], min(rows, columns) == 1 {
        return try flat(rows * columns, model: [1, rows, columns], profile, name)
      }
      let size = try size(Array(extents[1...]), profile, name)
      return (.nchw, [1] + size, [1, 1] + size)
    case 3: return try planes(extents, batch: [], profile, name)
    case 2 where extents[0] == extents[1] && extents[0] != nil && extents[0] != 1:
      return (.nchw, [extents[0]!, extents[0]!], [1, 1, extents[0]!, extents[0]!])
    case 2:
      guard let count = extents[1] else { throw ModelError.freeImageSize(input: name) }
      return try flat(count, model: [1, count], profile, name)
    default:
      guard let count = extents[0] else { throw ModelError.freeImageSize(input: name) }
      return try flat(count, model: [count], profile, name)
    }
  }

  /// C×H×W or H×W×C.
  private static func planes(
    _ extents: [Int?], batch: [Int], _ profile: Profile, _ name: String
  ) throws -> Found {
    let looksLast = [1, 3].contains(extents[2]) && ![1, 3].contains(extents[0])
    let layout = profile.layout ?? .auto
    if layout == .nhwc || layout == .auto && looksLast {
      let channels = extents[2] ?? 3
      let size = try size(Array(extents[..<2]), profile, name)
      return (.nhwc, batch + size + [channels], [1, channels] + size)
    }
    let channels = extents[0] ?? 3
    let size = try size(Array(extents[1...]), profile, name)
    return (.nchw, batch + [channels] + size, [1, channels] + size)
  }

  private static func size(_ extents: [Int?], _ profile: Profile, _ name: String) throws -> [Int] {
    try extents.enumerated().map { axis, extent in
      guard let side = extent ?? profile.imageSize?[axis] else {
        throw ModelError.freeImageSize(input: name)
      }
      guard side > 0 else {
        throw ModelError.badImageSize(input: name, problem: "cannot be \(side) pixels wide")
      }
      return side
    }
  }

  /// A row of pixels: of a square colour image or a square grey image, where the number is one of such.
  private static func flat(
    _ count: Int, model: [Int], _ profile: Profile, _ name: String
  ) throws -> Found {
    for channels in [3, 1] where count % channels == 0 {
      let side = Int(saturating: Double(count / channels).squareRoot().rounded())
      if side > 1, side < 1 << 15, side * side * channels == count {
        return (.flat, model, [1, channels, side, side])
      }
    }
    throw ModelError.badImageSize(
      input: name,
      problem:
        "takes a row of \(count) numbers, which form no square image of 1 or 3 channels; state it as N×C×H×W")
  }
}

extension Onnx_ValueInfoProto {
  /// The extents stated; nil for those left open.
  var extents: [Int?] {
    type.tensorType.shape.dim.map { dimension in
      guard case .dimValue(let extent) = dimension.value, extent > 0, extent <= Value.limit else {
        return nil
      }
      return Int(extent)
    }
  }
}

// MARK: - Preprocessing

extension ImageInput {
  /// A row of numbers does not tell whether a colour comes pixel after pixel or channel after channel.
  func doubt(ofOrderWith layout: Profile.Layout?) -> String? {
    guard arrangement == .flat, imageShape[1] == 3, layout == nil || layout == .auto else { return nil }
    return
      "input '\(name)': its row of \(imageShape.count) numbers is taken channel after channel; --layout nhwc takes "
      + "red, green and blue of each pixel together, as x.reshape(n, -1) of H×W×3 pictures, --layout nchw settles it"
  }

  private static let place = "Preprocessing"

  /// The operations between canonical pixels and what the model takes; ``rescale(_:as:)`` fills in the first.
  func arrange(_ profile: Profile, _ builder: inout GraphBuilder) throws -> Edge {
    let call = OperatorCall(
      place: NodePlace(type: Self.place, node: name), opset: 0, attributes: .none, inputs: [],
      outputCount: 1, decoder: TensorDecoder(externalFiles: [:]), budget: builder.budget)
    var edge = try builder.add(Affine(scale: 1, shift: 0), of: [.flowing(.image, imageShape)], for: call)
    let wantsChannelsLast = arrangement == .nhwc || arrangement == .flat && profile.layout == .nhwc
    if wantsChannelsLast { edge = try builder.transpose(edge, [0, 2, 3, 1], for: call) }
    return try builder.reshape(edge, to: modelShape, for: call)
  }

  /// Puts (s·x − mean)/std in the order of the model's channels at the head of a graph that was arranged so.
  func rescale(_ graph: inout Graph, as profile: Profile) throws {
    guard let rescaling = try rescaling(profile),
      let head = graph.nodes.firstIndex(where: { $0.type == Self.place && $0.inputs == [.image] })
    else { return }
    graph.nodes[head].operation = rescaling
  }

  /// What the type of the input says of its pixels.
  var typeStatement: Statement? {
    guard let integers else { return nil }
    let profile =
      integers == .bytes ? Profile(scale: .byte) : Profile(scale: .byte, mean: [128])
    return Statement(source: .graph, place: "input '\(name)' takes whole numbers", profile: profile)
  }

  /// Why a statement cannot be of this input; nil where it can, and where the person made it.
  func objection(to statement: Statement) -> String? {
    guard statement.source == .notes || statement.source == .folder else { return nil }
    let numbers = [statement.profile.mean, statement.profile.std].compactMap { $0?.count }
    if let count = numbers.first(where: { $0 != 1 && $0 != imageShape[1] }) {
      return "moments of \(count) channels, but the model takes \(imageShape[1]); it is not used"
    }
    return nil
  }

  /// Why the size that a statement gives cannot be this input's; nil where it can, and where the person gave it.
  func objection(toSizeOf statement: Statement) -> String? {
    guard statement.source == .notes || statement.source == .folder else { return nil }
    var profile = statement.profile
    // A short side alone says nothing of the other.
    if profile.crop == nil, case .shortSide = profile.resize { profile.resize = nil }
    if let size = profile.imageSize, size != [imageShape[2], imageShape[3]] {
      return
        "images of \(size[0])×\(size[1]), but the model takes \(imageShape[2])×\(imageShape[3]); its size is not used"
    }
    return nil
  }

  /// nil where that is x.
  private func rescaling(_ profile: Profile) throws -> Rescaling? {
    let channels = imageShape[1]
    let factor = (profile.scale ?? .unit).white
    let mean = try numbers(profile.mean, "mean", channels, default: 0)
    let deviation = try numbers(profile.std, "std", channels, default: 1)
    guard deviation.allSatisfy({ $0 != 0 }) else {
      throw ModelError.badPreprocessing(problem: "a std must not be 0")
    }
    let order = profile.channels == .bgr && channels == 3 ? [2, 1, 0] : nil
    let scale = deviation.map { factor / $0 }
    let shift = zip(mean, deviation).map { $0 == 0 ? 0 : -$0 / $1 }
    if order == nil, scale.allSatisfy({ $0 == 1 }), shift.allSatisfy({ $0 == 0 }) { return nil }
    return Rescaling(scale: scale, shift: shift, order: order)
  }

  private func numbers(_ given: [Float]?, _ name: String, _ channels: Int, default value: Float)
    throws
    -> [Float]
  {
    guard let given, !given.isEmpty else { return [Float](repeating: value, count: channels) }
    guard given.allSatisfy(\.isFinite) else {
      throw ModelError.badPreprocessing(problem: "\(name) must be finite numbers")
    }
    if given.count == 1 { return [Float](repeating: given[0], count: channels) }
    guard given.count == channels else {
      throw ModelError.badPreprocessing(
        problem:
          "\(name) has \(given.count) numbers, but the model takes \(channels) channels: give 1 or \(channels)"
      )
    }
    return given
  }
}
