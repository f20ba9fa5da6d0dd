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
  case shape(SubspaceShape.Outcome)
  case angles(PrincipalAngles.Outcome)
  case transfer(Transfer.Outcome)
  case diversity(Diversity.Outcome)
  case theorems(Theorems.Outcome)
  case linear(LinearRemark.Outcome)
  case scan(CurvatureScan.Outcome)
  case spectrum(PointSpectrum.Outcome)
  case within(WithinSubspace.Outcome)

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
    case .shape(let outcome): outcome
    case .angles(let outcome): outcome
    case .transfer(let outcome): outcome
    case .diversity(let outcome): outcome
    case .theorems(let outcome): outcome
    case .linear(let outcome): outcome
    case .scan(let outcome): outcome
    case .spectrum(let outcome): outcome
    case .within(let outcome): outcome
    }
  }

  public func encode(to encoder: any Encoder) throws { try outcome.encode(to: encoder) }
}
