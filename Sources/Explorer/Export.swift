public import Drawing
public import Experiments

/// What is seen, ready to be written: the screen, and the numbers behind it with all their parameters.
public struct Export: Sendable, Equatable {
  /// Kinds of files: `pdf`, `svg` and `png` hold the figure, or the screen where it has none; `ansi` is text with escape
  /// sequences, `numbers` JSON with arrays as NPY files, `gif` the film of a screen that has one.
  public enum Format: String, Sendable, CaseIterable { case pdf, svg, png, text, ansi, numbers, gif }

  /// Suits a file name.
  public var name: String
  /// What is written under the name, all of it or nothing.
  public var formats: Set<Format>
  /// The screen at its present size, without overlay and notice.
  public var canvas: Canvas
  /// What the screen shows as a figure for a page; nil where it is none.
  public var figure: FigureScene?
  /// What it shows as a film; empty where nothing moves.
  public var film: [FigureScene] = []
  /// Written into every file but those of arrays.
  public var provenance: Provenance
  /// Those of the screen's requests that have found something.
  public var findings: [Part]

  /// One finding of the screen, whole or so far.
  public struct Part: Sendable, Equatable {
    /// Tells it from the others of the screen, and names the files of its arrays.
    public var name: String
    /// What was asked, with all parameters.
    public var request: Request
    /// The command line that finds the same numbers; nil where none does.
    public var command: String?
    /// The latest outcome.
    public var finding: Finding
    /// Whether the work behind it still goes on.
    public var isPartial: Bool
  }
}

extension Export {
  /// Figure and film follow from the findings.
  public static func == (a: Export, b: Export) -> Bool {
    (a.name, a.formats, a.canvas, a.provenance) == (b.name, b.formats, b.canvas, b.provenance)
      && a.findings == b.findings
  }
}

/// Where the numbers of a screen come from: enough to compute them again.
public struct Provenance: Sendable, Equatable, Encodable {
  /// The screen's title in lower case.
  public var screen: String
  /// Name of the open model; nil while none is open.
  public var model: String?
  /// SHA-256 of the model.
  public var modelDigest: String?
  /// What the set was opened by: a path or the name of a set; nil while none is open.
  public var images: String?
  /// Index in the set of the image that is looked at.
  public var image: Int
  /// ξ in pixel units, and whether a person chose it; else it is R/5.
  public var radius: Double
  /// Whether ξ was chosen; else it is guessed or follows the random-noise norm.
  public var isRadiusChosen: Bool
  /// h in pixel units.
  public var step: Double
  /// The header's seed; random directions that were chosen have seeds of their own.
  public var seed: UInt64
}

extension Explorer {
  private var exportName: String {
    let name = workspace.subject.model?.entry.name ?? "empty"
    let safe = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
    return "\(screen.title.lowercased())-\(String(safe))-\(workspace.subject.image)"
  }

  /// Where the numbers on the screen come from.
  public var provenance: Provenance {
    let parameters = workspace.parameters
    return Provenance(
      screen: screen.title.lowercased(), model: workspace.subject.model?.entry.name,
      modelDigest: workspace.subject.model?.digest, images: workspace.subject.images?.spec,
      image: workspace.subject.image,
      radius: parameters.radius, isRadiusChosen: parameters.isRadiusChosen, step: parameters.step,
      seed: parameters.seed)
  }

  /// What is seen in these formats; without an overlay over it.
  func export(_ formats: Set<Export.Format>, name: String? = nil) -> Command {
    var bare = self
    bare.overlay = .none
    bare.workspace.notice = nil
    let parts = screens[screen].shown(workspace).compactMap { name, request -> Export.Part? in
      workspace.work.findings.known(request).map {
        Export.Part(
          name: name, request: request, command: workspace.command(for: request), finding: $0,
          isPartial: workspace.work.findings.isPartial(request))
      }
    }
    var one = Export(
      name: name ?? "boundaryscope-\(exportName)", formats: formats,
      canvas: bare.view(workspace.viewport.size), figure: screens[screen].figure(workspace),
      provenance: provenance, findings: parts)
    if formats.contains(.gif) { one.film = screens[screen].film(workspace) }
    return .export(one)
  }
}
