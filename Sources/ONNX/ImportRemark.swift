/// What was done to a model's graph beyond what its file says, for its user to know.
enum ImportRemark: Hashable, CustomStringConvertible {
  case trainingMode
  case oneImage(of: Int)
  case setInput(name: String, value: String)
  case fittedProbabilities

  var description: String {
    switch self {
    case .trainingMode:
      "it was exported in training mode, which is switched off: running moments, no dropout (export after model.eval())"
    case .oneImage(let count): "the model is for \(count) images at once; it is built for one"
    case .setInput(let name, let value): "its input '\(name)' is \(value); --set \(name)=VALUE says otherwise"
    case .fittedProbabilities:
      "its own probabilities, which Platt's method fits to the scores, are left out: those shown are the softmax of the scores"
    }
  }
}
