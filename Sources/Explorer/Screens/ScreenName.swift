/// The screens, by the digit that shows them.
enum ScreenName: Int, CaseIterable, Sendable {
  case pick = 1
  case section = 2
  case spectrum = 3
  case fooling = 4
  case universal = 5
  case transfer = 6
  case theory = 7
  case jobs = 8
  case report = 9
  case training = 0

  var title: String {
    switch self {
    case .pick: "Pick"
    case .section: "Section"
    case .spectrum: "Spectrum"
    case .fooling: "Fooling"
    case .universal: "Universal"
    case .transfer: "Transfer"
    case .theory: "Theory"
    case .jobs: "Jobs"
    case .report: "Report"
    case .training: "Training"
    }
  }

  /// What it answers, in a few words.
  var question: String {
    switch self {
    case .pick: "which model, which image"
    case .section: "how the boundary bends along two directions"
    case .spectrum: "shared directions in which the boundary bends"
    case .fooling: "how many labels a perturbation changes"
    case .universal: "what the perturbations look like, and where labels go"
    case .transfer: "whether directions of one network fool another"
    case .theory: "what the theorems promise, and what is reached"
    case .jobs: "what runs, and what waits"
    case .report: "whether anything is wrong with this model"
    case .training: "how the boundary moved while the network learnt"
    }
  }
}
