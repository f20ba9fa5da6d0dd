internal import Experiments

/// A direction as a person chooses it: the numbers behind it are those of the header.
public enum DirectionChoice: Hashable, Sendable {
  /// The universal perturbation of the published algorithm.
  case universal
  /// The universal perturbation of a few steps of gradient ascent: what a dear network has time for.
  case ascent
  /// What both v and −v raise over varied images: the part that the boundary's curvature gives.
  case even
  /// Eigenvector i of the averaged curvature, counted from 0.
  case curvature(Int)
  /// Left singular vector i of the boundary normals, counted from 0.
  case normals(Int)
  /// A direction uniform on the sphere, by its seed.
  case random(UInt64)
  /// A `.npy` or `.mat` file.
  case file(String)
  /// From this image to another one of the set.
  case image(Int)

  /// As the screen calls it.
  public var name: String {
    switch self {
    case .universal: "universal (UAP)"
    case .ascent: "universal (gradient)"
    case .even: "universal (even)"
    case .curvature(let i): "S_c \(i + 1)"
    case .normals(let i): "S_f \(i + 1)"
    case .random(let seed): "random \(seed)"
    case .file(let path): path.split(separator: "/").last.map(String.init) ?? path
    case .image(let i): "towards image \(i)"
    }
  }

  /// As an axis is labelled.
  var shortName: String {
    switch self {
    case .universal: "UAP"
    case .ascent: "gradient"
    case .even: "even"
    default: name
    }
  }

  /// What it is, in one sentence.
  var explanation: String {
    switch self {
    case .universal: "the published algorithm's universal perturbation of norm ξ, one vector for all images"
    case .ascent: "one vector for all images, by a few steps of gradient ascent on the first of them"
    case .even: "one vector that fools with both signs, by gradient ascent over mirrored and shifted images"
    case .curvature(let i): "eigenvector \(i + 1) of the averaged curvature of the boundary"
    case .normals(let i): "left singular vector \(i + 1) of the unit boundary normals"
    case .random(let seed): "a direction uniform on the sphere, seed \(seed)"
    case .file(let path): "the vector in \(path)"
    case .image(let i): "from this image towards image \(i) of the set"
    }
  }

  /// As a person types it.
  var spelled: String {
    switch self {
    case .universal: "uap"
    case .ascent: "gradient"
    case .even: "even"
    case .curvature(let i): "sc \(i + 1)"
    case .normals(let i): "sf \(i + 1)"
    case .random(let seed): "random \(seed)"
    case .file(let path): path
    case .image(let i): "image \(i)"
    }
  }

  /// From what a person types: `uap`, `sc 2`, `sf 1`, `random 7`, `image 3`, or a file's path.
  init?(_ text: String, images: Int) {
    let words = text.lowercased().split(separator: " ")
    let number = words.count == 2 ? Int(words[1]) : nil
    switch words.first {
    case "uap", "universal": self = .universal
    case "gradient": self = .ascent
    case "even": self = .even
    case "sc", "s_c":
      guard let number = words.count == 1 ? 1 : number, (1...1000).contains(number) else { return nil }
      self = .curvature(number - 1)
    case "sf", "s_f":
      guard let number = words.count == 1 ? 1 : number, (1...1000).contains(number) else { return nil }
      self = .normals(number - 1)
    case "random":
      guard let number = words.count == 1 ? 1 : number, number >= 0 else { return nil }
      self = .random(UInt64(number))
    case "image":
      guard let number, (0..<max(0, images)).contains(number) else { return nil }
      self = .image(number)
    default:
      guard [".npy", ".mat"].contains(where: text.hasSuffix) else { return nil }
      self = .file(text)
    }
  }
}

// MARK: - Directions

extension Workspace {
  var universal: UniversalFooling { universal(.uap) }

  func universal(_ method: UniversalFooling.Method) -> UniversalFooling {
    UniversalFooling(method: method, radius: parameters.radius, seed: parameters.seed)
  }

  /// As many steps as a pass over few images and back: enough for a direction, too few for the best rate.
  var ascent: UniversalFooling {
    var ascent = universal(.gradient)
    ascent.passes = 2
    return ascent
  }

  private var ascentImages: Range<Int> { subject.training.prefix(subject.fewImages) }

  /// What a choice stands for with the numbers of the header; nil while a file is not read.
  func direction(_ choice: DirectionChoice) -> Direction? {
    switch choice {
    case .universal: Direction(.universal(universal))
    case .ascent: Direction(.universal(ascent))
    case .even: Direction(.universal(universal(.even)))
    case .curvature(let i): Direction(.curvature(tellingCurvature), i)
    case .normals(let i): Direction(.normals(NormalSpectrum()), i)
    case .random(let seed): .random(seed: seed)
    case .file(let path): arrays[path]?.value.map { .given($0) }
    case .image(let i): Direction(.image(i))
    }
  }

  /// The choice that stands for a direction; nil where no screen offers it.
  func choice(_ direction: Direction) -> DirectionChoice? {
    switch direction.directions {
    case .universal(let one): one.method == .gradient ? .ascent : one.method == .even ? .even : .universal
    case .curvature: .curvature(direction.index)
    case .normals: .normals(direction.index)
    case .random(let seed): .random(seed)
    case .image(let i): .image(i)
    case .given(let basis): arrays.first { $0.value.value == basis }.map { .file($0.key) }
    case .other: nil
    }
  }

  /// The request that finds what a choice needs; nil where nothing has to be learnt.
  func learning(_ choice: DirectionChoice) -> Request? {
    switch choice {
    case .universal: ask(universal, Selection(subject.training, validation: subject.validation))?.request
    case .ascent: ask(ascent, Selection(ascentImages))?.request
    case .even: ask(universal(.even), Selection(subject.training, validation: subject.validation))?.request
    case .curvature: ask(tellingCurvature, Selection(curvatureImages))?.request
    case .normals: ask(NormalSpectrum(), Selection(subject.training))?.request
    case .random, .file, .image: nil
    }
  }

  /// The images for a look at one of them, or for a judgement on some, with those that the directions come of.
  func selection(_ directions: Directions, image: Int? = nil, judged: Range<Int>? = nil) -> Selection {
    switch directions {
    case .given, .random: Selection(image.map { $0..<$0 + 1 } ?? judged ?? subject.validation)
    case .universal(let one) where one.method == .gradient:
      Selection(ascentImages, validation: judged, image: image)
    case .universal: Selection(subject.training, validation: judged ?? subject.validation, image: image)
    case .curvature: Selection(curvatureImages, validation: judged, image: image)
    case .normals, .other: Selection(subject.training, validation: judged, image: image)
    case .image(let i): Selection(i..<i + 1, validation: judged, image: image)
    }
  }
}
