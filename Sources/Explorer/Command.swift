public import Drawing
public import Experiments
public import Jobs

/// What the explorer wants done by the session around it.
public enum Command: Sendable, Equatable {
  case openModel(path: String)
  case openImages(spec: String)
  /// Small pictures of these images; answered by ``Message/thumbnails(_:)``.
  case thumbnails(Range<Int>)
  /// Answered by ``Message/submitted(_:_:)`` and the job's news.
  case run(Request)
  case cancel(JobID)
  case cancelAll
  /// Fetch a set of images from its publisher; answered by ``Message/installation(set:_:)``.
  case install(set: String)
  case cancelInstallation
  case export(ExportKind)
  case setMouse(Bool)
  /// Draw every cell anew, whatever the terminal shows.
  case redraw
  /// Leave the terminal to the shell until the person comes back.
  case suspend
  case quit
}

/// What to write, ready to be written.
public enum ExportKind: Sendable, Equatable {
  /// The numbers of a finding as JSON, its arrays beside it; `name` suits a file name.
  case numbers(name: String, Finding)
  /// The screen as it stands.
  case screen(name: String, format: ScreenFormat, Canvas)

  public enum ScreenFormat: String, Sendable, CaseIterable { case text, ansi, svg, png }
}
