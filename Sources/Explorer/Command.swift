public import Jobs

/// What the explorer wants done by the session around it.
public enum Command: Sendable, Equatable {
  case openModel(path: String)
  case openImages(spec: String)
  /// Reads the pictures of a model another way, and opens both anew.
  case read(model: String, ModelReading)
  /// The same, and writes it into the profile beside the model.
  case keepReading(model: String, ModelReading)
  /// What a path could go on with, models and folders first where a model is asked for; answered by
  /// ``Message/completed(_:with:)``.
  case complete(path: String, models: Bool)
  /// A model beside the open one; answered by ``Message/otherOpened(path:_:)`` or ``Message/notOpened(_:_:)``.
  case openOther(path: String)
  /// Vectors of a file; answered by ``Message/arrayOpened(path:_:)`` or ``Message/notOpened(_:_:)``.
  case openArray(path: String)
  /// Digests of what is still looked at: of the first `seen` that were opened, others may be let go.
  case hold(models: Set<String>, images: Set<String>, seen: Int)
  /// Where the person looks in a section, in pixel units: what is there is to come first.
  case look(s: Double, t: Double)
  /// Small pictures of these images; answered by ``Message/thumbnails(_:of:)``.
  case thumbnails(Range<Int>)
  /// Answered by ``Message/submitted(_:_:)`` and the job's news, or by ``Message/notSubmitted(_:_:)``.
  case run(Request)
  /// Looks up what earlier sessions found of these; answered by ``Message/recalled(_:_:)`` for each that is there.
  case recall([Request])
  case cancel(JobID)
  /// Which jobs are urgent, the most urgent first; those of a group take turns.
  case arrange([[JobID]])
  case cancelAll
  /// Fetch a set of images from its publisher; answered by ``Message/installation(set:_:)``.
  case install(set: String)
  case cancelInstallation
  case export(Export)
  /// Hand this text to the clipboard of the person's own machine, where the terminal allows it.
  case copy(String)
  case setMouse(Bool)
  /// Draw every cell anew, whatever the terminal shows.
  case redraw
  /// Leave the terminal to the shell until the person comes back.
  case suspend
  /// Answered by ``Message/tour(_:at:)``.
  case openTour
  /// Remember how far a tour has come, for the next time.
  case keepPlace(tour: String, step: Int)
  case quit
}
