internal import Drawing
internal import Jobs

/// A running job as one line: what is counted, a bar, the time left.
struct JobGauge: Drawable {
  let job: JobRecord

  func draw(on canvas: inout Canvas) {
    let progress = job.progress
    let fraction = progress.flatMap { $0.total > 0 ? $0.fraction : nil }
    let label =
      progress.map { $0.total > 0 ? "\($0.completed)/\($0.total) \($0.phase)" : $0.phase } ?? "queued"
    canvas.draw(
      Gauge(fraction, label: label.isEmpty ? "starting" : label, secondsLeft: job.remaining),
      in: canvas.bounds)
  }
}
