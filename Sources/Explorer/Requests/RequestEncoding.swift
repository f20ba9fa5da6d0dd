internal import Experiments

// Requests as JSON: everything that another run needs to find the same numbers.
extension Request: Encodable {
  private enum CodingKeys: CodingKey { case analysis, model, images }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(analysis, forKey: .analysis)
    try container.encode(model, forKey: .model)
    try container.encode(images, forKey: .images)
  }
}

extension Analysis: Encodable {
  private enum CodingKeys: CodingKey { case name, parameters, images, image, training, validation }

  /// Indices of images are half open ranges, `[first, end]`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    func put(_ name: String, _ parameters: (some Encodable)?, images: Range<Int>? = nil) throws {
      try container.encode(name, forKey: .name)
      try container.encodeIfPresent(parameters, forKey: .parameters)
      try container.encodeIfPresent(images.map(\.ends), forKey: .images)
    }
    switch self {
    case .classify(let images): try put("predict", Int?.none, images: images)
    case .noise(let parameters, let images): try put("noise", parameters, images: images)
    case .perturb(let image):
      try put("perturb", Int?.none)
      try container.encode(image, forKey: .image)
    case .section(let request): try put("section", request)
    case .spectrum(let parameters, let images): try put("curvature", parameters, images: images)
    case .normals(let parameters, let images): try put("normals", parameters, images: images)
    case .subspace(let request): try put("subspace", request)
    case .study(let request): try put(request.title, request)
    case .universal(let parameters, let training, let validation):
      try put("universal", parameters)
      try container.encode(training.ends, forKey: .training)
      try container.encode(validation.ends, forKey: .validation)
    }
  }
}

extension Range<Int> {
  fileprivate var ends: [Int] { [lowerBound, upperBound] }
}

extension Learning: Encodable {
  public func encode(to encoder: any Encoder) throws { try analysis.encode(to: encoder) }
}

extension Direction: Encodable {
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(spelled)
  }

  /// As a person types it.
  var spelled: String {
    switch self {
    case .universal: "uap"
    case .curvature(let i): "sc \(i + 1)"
    case .normals(let i): "sf \(i + 1)"
    case .random(let seed): "random \(seed)"
    case .file(let path): path
    case .image(let i): "image \(i)"
    }
  }
}

extension SectionRequest: Encodable {
  private enum CodingKeys: CodingKey {
    case image, direction, extent, resolution, product, learning, shift, judge
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(image, forKey: .image)
    try container.encode(direction, forKey: .direction)
    try container.encode(extent, forKey: .extent)
    try container.encode(resolution, forKey: .resolution)
    try container.encode(product, forKey: .product)
    try container.encodeIfPresent(learning, forKey: .learning)
    try container.encodeIfPresent(shift, forKey: .shift)
    try container.encodeIfPresent(judge, forKey: .judge)
  }
}

extension SubspaceRequest: Encodable {
  private enum CodingKeys: CodingKey {
    case source, learning, dimensions, radius, draws, validation, seed
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .source)
    if case .learnt(let learning) = source { try container.encode(learning, forKey: .learning) }
    try container.encode(dimensions, forKey: .dimensions)
    try container.encode(radius, forKey: .radius)
    try container.encode(draws, forKey: .draws)
    try container.encode(validation.ends, forKey: .validation)
    try container.encode(seed, forKey: .seed)
  }
}
