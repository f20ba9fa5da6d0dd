/// Whatever an experiment found, whole or so far: closed, so that every view and export handles every case.
public enum Finding: Sendable, Equatable, Encodable {
  case prediction(Prediction.Outcome)
  case robustness(Robustness.Outcome)
  case noise(NoiseTolerance.Outcome)
  case universal(UniversalFooling.Outcome)
  case curvature(SharedCurvature.Outcome)
  case normals(NormalSpectrum.Outcome)
  case fooling(Fooling.Outcome)
  case subspace(SubspaceFooling.Outcome)
  case section(SectionMap.Outcome)

  /// The outcome itself, with its JSON and its arrays.
  public var outcome: any StoredOutcome {
    switch self {
    case .prediction(let outcome): outcome
    case .robustness(let outcome): outcome
    case .noise(let outcome): outcome
    case .universal(let outcome): outcome
    case .curvature(let outcome): outcome
    case .normals(let outcome): outcome
    case .fooling(let outcome): outcome
    case .subspace(let outcome): outcome
    case .section(let outcome): outcome
    }
  }

  public func encode(to encoder: any Encoder) throws { try outcome.encode(to: encoder) }
}
