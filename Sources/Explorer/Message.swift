public import Drawing
public import Experiments
public import Jobs

/// Everything that can happen to the explorer: what the person did, what was opened, what the work has found.
public enum Message: Sendable {
  case input(Input)
  /// What can be opened; replaces what was listed before.
  case library(models: [ModelEntry], sets: [SetEntry])
  case modelOpened(OpenedModel)
  case imagesOpened(OpenedImages)
  /// No images suit the model that was opened: a person has to say which.
  case imagesWanted(Offer)
  /// What a path that was typed could go on with.
  case completed(String, with: [Completion])
  /// What could be done where something did not go as asked.
  case offered(Offer)
  /// A model beside the open one, by the path that it was asked for by.
  case otherOpened(path: String, ComparedModel)
  case arrayOpened(path: String, Basis)
  /// One sentence on why something asked for was not opened.
  case notOpened(Opening, String)
  /// A model file that was written while the program runs; in a watched folder it is compared at once.
  case modelAppeared(ModelEntry, isWatched: Bool)
  /// Small pictures by image index, of the images opened last; those of the range without one cannot be read.
  case thumbnails([Int: Thumbnail], of: Range<Int>)
  /// One sentence on why something asked for did not happen.
  case refused(String)
  /// One sentence on what became of something asked for.
  case said(String, isProblem: Bool)
  /// A request was accepted under this number; comes at once after ``Command/run(_:)``.
  case submitted(JobID, Request)
  /// Why a request was not accepted.
  case notSubmitted(Request, String)
  case job(JobUpdate<Finding>)
  /// What an earlier session found of a request that a screen shows.
  case recalled(Request, Finding)
  /// How far the installation of a set is; after ``Command/install(set:)``.
  case installation(set: String, InstallationNews)
  /// Where an export was written.
  case exported(String)
  /// Seconds that have passed; sent about four times a second while jobs run.
  case tick(seconds: Double)
  case appearance(Appearance)
  /// What holds the link to the terminal back, as one short phrase for the footer, empty where nothing does; and
  /// what it has carried, in a sentence.
  case link(String, details: String)
  /// Everything that the program begins with is listed and opened, or refused.
  case begun
  /// A tour to be begun at a step, counted from 0.
  case tour(Script, at: Int)
}

/// What is opened when it is asked for.
public enum Opening: Hashable, Sendable {
  case model(String)
  case images(String)
  /// A model beside the open one.
  case other(String)
  case array(String)

  /// The path, name or spec that it was asked for by.
  var name: String {
    switch self {
    case .model(let name), .images(let name), .other(let name), .array(let name): name
    }
  }
}
