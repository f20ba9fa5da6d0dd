internal import Drawing
internal import Experiments

/// The subspaces that curves against the dimension are drawn of, in the order of the legend.
enum SubspaceChoice: CaseIterable, Sendable {
  case shared, normals, random

  var name: String {
    switch self {
    case .shared: "S_c"
    case .normals: "S_f"
    case .random: "random"
    }
  }
}

extension Workspace {
  /// What a subspace stands for with the numbers of the header.
  func directions(_ subspace: SubspaceChoice) -> Directions {
    switch subspace {
    case .shared: .curvature(tellingCurvature)
    case .normals: .normals(NormalSpectrum())
    case .random: .random(seed: parameters.seed)
    }
  }
}

// MARK: - In words

extension SubspaceFooling: Study {
  static var screen: ScreenName { .fooling }

  func title(_ selection: Selection) -> String { "fooling curve, \(subspaces.basis.name)" }

  func numbers(_ selection: Selection) -> String {
    "ξ \(Number.short(radius)) px, \(draws) draws, judged on \(selection.judged.count) images."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.take(radius: radius, seed: seed)
    workspace.take(subspaces.basis)
    return .go(to: .fooling)
  }
}

extension UniversalFooling: Study {
  static var screen: ScreenName { .fooling }

  func title(_ selection: Selection) -> String {
    method == .uap ? method.title : "fooling, \(method.title)"
  }

  func numbers(_ selection: Selection) -> String {
    "ξ \(Number.short(radius)) px, \(selection.images.count) images, judged on \(selection.validation?.count ?? 0) others."
  }

  func show(_ selection: Selection, in workspace: inout Workspace) -> Sequel {
    workspace.take(radius: radius, seed: seed)
    if let curvature { workspace.take(curvature) }
    return .go(to: .fooling)
  }
}

extension NormalSpectrum: Study {
  static var screen: ScreenName { .fooling }

  func title(_ selection: Selection) -> String { "S_f" }
  func numbers(_ selection: Selection) -> String {
    "\(vectors) vectors from \(selection.images.count) images."
  }
}
