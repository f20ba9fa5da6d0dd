package import Experiments
package import Jobs
internal import Networks
package import Tensors

/// Finds outcomes, from the store where they are there.
package struct OutcomeFinder {
  private let store: ResultStore?
  private let interruption: Interruption
  private let progress: @Sendable (Progress?) -> Void

  /// `store` is where outcomes are kept, nil where nothing is; `progress` takes how far a run is, and nil at its end.
  package init(
    store: ResultStore?, interruption: Interruption, progress: @escaping @Sendable (Progress?) -> Void
  ) {
    (self.store, self.interruption, self.progress) = (store, interruption, progress)
  }

  /// - Throws: a ``Refusal`` that says what is kept, once somebody has interrupted; what the experiment throws.
  package func callAsFunction<E: Experiment>(_ experiment: E, on subject: Subject) throws -> E.Outcome {
    defer { progress(nil) }
    let network = subject.classifier.network
    let clock = RunningClock(
      experiment.plan(
        on: Extent(subject), model: subject.classifier.digest, multiplyAdds: network.multiplyAdds))
    let context = ExperimentContext<E.Outcome>(interruption: interruption) { [progress] known, _ in
      progress(clock.timed(known))
    }
    do {
      return try experiment.outcome(on: subject, in: store, context)
    } catch is Interrupted where store != nil {
      throw Refusal(
        .interrupted, "interrupted; finished work is kept, and the same command resumes there")
    }
  }
}
