internal import Drawing
internal import Experiments
internal import Networks

/// What the judge of readings found: how many images are right with each way to read pixels.
struct ReadingsPanel: Drawable {
  let outcome: ReadingJudgement.Outcome

  func draw(on canvas: inout Canvas) {
    let isLabelled = outcome.labelled > 0
    let inside = canvas.frame("pixels", note: "t: the image", in: canvas.bounds)
    let sentence = outcome.sentence.map { $0.prefix(1).uppercased() + $0.dropFirst() } ?? standing
    canvas.paragraph(sentence, in: inside, outcome.isSuspect ? canvas.theme.bad : canvas.theme.muted)
    let lines = Text.wrapped(sentence, to: inside.columns, canvas.appearance.glyphs).count
    let (_, rest) = inside.split(top: min(inside.rows, lines + 1))
    guard rest.rows > 2 else { return }
    let columns = [
      Table.Column("read as", isFlexible: true),
      Table.Column(isLabelled ? "right" : "sure", alignment: .trailing),
      Table.Column(isLabelled ? "95 %" : "entropy", alignment: .trailing),
    ]
    canvas.draw(Table(columns, rows: outcome.judged.map(row), selection: nil, looks: [:]), in: rest)
  }

  private var standing: String {
    outcome.labelled > 0
      ? "No other reading is clearly better on \(outcome.labelled) labelled images."
      : "The classes of these images are unknown: the model's confidence says little."
  }

  private func row(_ entry: ReadingJudgement.Entry) -> [String] {
    let share = entry.accuracy ?? entry.confidence
    let range = entry.interval.map { "\(Number.percent($0[0], 0))–\(Number.percent($0[1], 0))" }
    return [entry.title, Number.percent(share, 1), range ?? Number.fixed(entry.entropy, 2)]
  }
}

extension PickScreen {
  /// What the judge found of the open model and images.
  func judgement(_ workspace: Workspace) -> ReadingJudgement.Outcome? {
    workspace.work.findings.known(workspace.judgement)
  }

  /// Whether the table of readings stands in the place of the image: by itself where the pixels are suspect.
  func showsReadings(_ workspace: Workspace) -> Bool {
    guard let outcome = judgement(workspace) else { return false }
    return chosenReadings ?? (outcome.sentence != nil)
  }

  /// Keys to look at readings, and to take the best one.
  func readingBindings(_ workspace: Workspace) -> [Binding] {
    guard workspace.judgement != nil else { return [] }
    let outcome = judgement(workspace)
    var all = [
      Binding(
        [.character("t")], shown: outcome?.sentence == nil ? "" : "t",
        label: outcome?.sentence == nil ? "" : "readings",
        .toggleReadings, "Compare the usual ways to read pixels, on some of the images")
    ]
    if let best = outcome?.best, !best.isGiven {
      let isUrgent = outcome?.sentence != nil
      all.insert(
        Binding(
          [.character("b")], shown: isUrgent ? "b" : "", label: isUrgent ? "best pixels" : "", .takeReading,
          "Use the best pixel reading: \(best.title)"), at: 0)
      all.append(
        Binding(
          [.character("w")], shown: isUrgent ? "w" : "", label: isUrgent ? "write it" : "", .keepReading,
          "The same, and write it to the profile beside the model"))
    }
    return all
  }

  /// Takes the best reading, and writes it beside the model where asked.
  func take(_ workspace: Workspace, isKept: Bool) -> Sequel {
    guard let best = judgement(workspace)?.best, let path = workspace.subject.model?.entry.path else {
      return []
    }
    let reading = ModelReading(best)
    return [isKept ? .keepReading(model: path, reading) : .read(model: path, reading)]
  }
}

extension ModelReading {
  init(_ entry: ReadingJudgement.Entry) {
    self.init(resize: entry.fit?.resize, crop: entry.fit?.crop)
    (range, mean, std) = (entry.reading.range, entry.reading.mean, entry.reading.std)
    channels = entry.reading.channels == "grey" ? nil : entry.reading.channels
  }
}

extension Workspace {
  /// How pixels are meant, asked of images from all over the set; nil where a person or a profile has said it.
  var judgement: Question<ReadingJudgement>? {
    guard let source = subject.model?.readingSource, source != .option, source != .profile else { return nil }
    return ask(ReadingJudgement(), Selection(0..<subject.count))
  }
}
