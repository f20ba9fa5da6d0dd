// Words for actions: what configuration and script files call them.
extension Action {
  /// Every action that has a word, in the order in which files list them.
  static let named: [(name: String, action: Action)] =
    ScreenName.allCases.map { ("show-\($0.title.lowercased())", .show($0)) } + [
      ("help", .help), ("search", .search), ("commands", .palette), ("back", .back), ("quit", .quit),
      ("suspend", .suspend), ("redraw", .redraw), ("export", .export),
      ("export-text", .exportScreen(.text)), ("export-ansi", .exportScreen(.ansi)),
      ("export-pdf", .exportScreen(.pdf)), ("export-svg", .exportScreen(.svg)),
      ("export-png", .exportScreen(.png)), ("export-film", .exportScreen(.gif)),
      ("export-numbers", .exportScreen(.numbers)), ("copy", .copy), ("toggle-mouse", .toggleMouse),
      ("cycle-colors", .cycleColors), ("cycle-glyphs", .cycleGlyphs), ("cycle-theme", .cycleBackground),
      ("toggle-pictures", .togglePixels),
      ("cancel-all", .cancelAll), ("cancel-awaited", .cancelAwaited), ("toggle-readings", .toggleReadings),
      ("take-reading", .takeReading), ("keep-reading", .keepReading), ("next-image", .image(1)),
      ("previous-image", .image(-1)),
      ("go-to-image", .askImage), ("open-model", .openModel), ("checkpoint-before", .checkpoint(-1)),
      ("checkpoint-after", .checkpoint(1)), ("open-images", .openImages),
      ("smaller-xi", .radius(-1)), ("larger-xi", .radius(1)), ("set-xi", .askRadius),
      ("auto-xi", .followNoise),
      ("smaller-h", .step(-1)), ("larger-h", .step(1)), ("set-h", .askStep), ("auto-h", .followRadius),
      ("set-seed", .askSeed), ("next-panel", .focus(1)), ("previous-panel", .focus(-1)),
      ("up", .move(rows: -1, columns: 0)), ("down", .move(rows: 1, columns: 0)),
      ("left", .move(rows: 0, columns: -1)), ("right", .move(rows: 0, columns: 1)), ("page-up", .page(-1)),
      ("page-down", .page(1)), ("first", .first), ("last", .last), ("enter", .enter), ("filter", .filter),
      ("start", .start), ("cancel", .cancel), ("zoom-in", .zoom(1)), ("zoom-out", .zoom(-1)),
      ("pan-left", .pan(rows: 0, columns: -1)), ("pan-right", .pan(rows: 0, columns: 1)),
      ("pan-up", .pan(rows: -1, columns: 0)), ("pan-down", .pan(rows: 1, columns: 0)),
      ("compare-selected", .compareSelected), ("compare-next", .compareNext), ("compare-with", .askCompare),
      ("stop-comparing", .stopComparing),
      ("next-left", .left(1)), ("next-right", .right(1)), ("set-left", .askLeft), ("set-right", .askRight),
      ("new-random", .reseed), ("toggle-colouring", .toggleMode), ("toggle-circle", .toggleCircle),
      ("toggle-disc", .toggleDisk), ("toggle-sheet", .toggleSheet), ("cursor-to-boundary", .cursorToBoundary),
      ("cursor-to-image", .cursorToImage), ("next-recipe", .recipe(1)), ("next-product", .product(1)),
      ("more-points", .points(1)), ("fewer-points", .points(-1)), ("toggle-ascent", .ascent),
      ("next-plot", .plot(1)),
      ("next-eigenvector", .eigenvector(1)), ("previous-eigenvector", .eigenvector(-1)),
      ("start-tour", .startTour), ("end-tour", .endTour), ("next-step", .tourStep(1)),
      ("previous-step", .tourStep(-1)),
    ]

  /// The words by which people ask for an action in the palette; a value may follow.
  static let words: [String: Action] = [
    "help": .help, "search": .search, "compare": .askCompare, "open": .openModel, "images": .openImages,
    "image": .askImage, "xi": .askRadius, "h": .askStep, "seed": .askSeed, "export": .export, "copy": .copy,
    "tour": .startTour, "quit": .quit, "cancel": .cancelAwaited, "left": .askLeft, "right": .askRight,
  ]

  init?(named name: String) {
    guard let found = Self.named.first(where: { $0.name == name }) else { return nil }
    self = found.action
  }
}
