package import Drawing
package import Experiments
internal import Terminal

/// A Fourier heat map for a page, with its rings in words.
package struct FrequencyPicture {
  let outcome: FourierHeatMap.Outcome

  package init(_ outcome: FourierHeatMap.Outcome) { self.outcome = outcome }

  /// For standard output: colours on a terminal, glyphs alone elsewhere.
  package func printed(onTerminal isTerminal: Bool) -> String {
    let decision = isTerminal ? try? TerminalDecision(.current()) : nil
    let appearance = decision?.appearance ?? .plain
    var canvas = Canvas(Size(rows: 34, columns: 72), appearance: appearance)
    canvas.draw(
      FrequencyMap(outcome.rates, rows: outcome.rows, columns: outcome.columns), in: canvas.bounds)
    return appearance.colors > .none ? canvas.ansiText : canvas.text
  }
}
