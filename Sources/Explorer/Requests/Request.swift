public import Experiments
public import Jobs

/// Work that a screen asks for: which analysis, of which model and which images.
///
/// Equal requests have equal findings; a finding is shown only where its request is the one the screen would make now.
public struct Request: Hashable, Sendable {
  public var analysis: Analysis
  /// Digest of the model.
  public var model: String
  /// Digest of the set of images.
  public var images: String

  public init(_ analysis: Analysis, model: String, images: String) {
    self.analysis = analysis
    self.model = model
    self.images = images
  }

  /// Digest of a further model that it needs; nil for none.
  public var judge: String? { if case .section(let section) = analysis { section.judge } else { nil } }

  public var title: String { analysis.title }
  public var priority: JobPriority { analysis.priority }
}

/// What the screens can ask for.
public enum Analysis: Hashable, Sendable {
  /// Label and probabilities of these images: ``Finding/prediction(_:)``; `index` counts in the whole set.
  case classify(Range<Int>)
  /// R_q on these images: ``Finding/noise(_:)``.
  case noise(NoiseTolerance, images: Range<Int>)
  /// r of one image: ``Finding/robustness(_:)`` with one entry.
  case perturb(image: Int)
  /// ``Finding/section(_:)``.
  case section(SectionRequest)
  /// S_c from these images: ``Finding/curvature(_:)``.
  case spectrum(SharedCurvature, images: Range<Int>)
  /// S_f from these images: ``Finding/normals(_:)``.
  case normals(NormalSpectrum, images: Range<Int>)
  /// One curve of the fooling plot: ``Finding/subspace(_:)``.
  case subspace(SubspaceRequest)
  /// One perturbation for all images, learnt and judged: ``Finding/universal(_:)``.
  case universal(UniversalFooling, training: Range<Int>, validation: Range<Int>)
  /// What the screens Universal, Transfer and Theory ask for.
  case study(StudyRequest)

  public var title: String {
    switch self {
    case .classify(let range): "labels \(range.lowerBound)–\(range.upperBound - 1)"
    case .noise: "random-noise norm"
    case .perturb(let image): "r of image \(image)"
    case .section(let request): "section \(request.image), \(request.direction.name)"
    case .spectrum(let parameters, _): "S_c, recipe \(parameters.recipe)"
    case .normals: "S_f"
    case .study(let request): request.title
    case .subspace(let request): "fooling curve, \(request.name)"
    case .universal(let parameters, _, _):
      parameters.method == .uap ? "UAP" : "fooling, \(parameters.method.vectorName)"
    }
  }

  public var priority: JobPriority {
    switch self {
    case .classify, .noise, .perturb, .section: .interactive
    case .spectrum, .normals, .subspace, .universal, .study: .batch
    }
  }
}

extension UniversalFooling.Method {
  /// As the screen calls the perturbation.
  public var vectorName: String {
    switch self {
    case .uap: "UAP"
    case .curvature: "S_c 1"
    case .normals: "S_f 1"
    case .random: "random 1"
    case .gradient: "gradient"
    case .singular: "singular"
    }
  }
}
