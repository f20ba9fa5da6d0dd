internal import Checkup
package import Experiments
package import Laboratory

extension OutcomeFinder: ExperimentRunner {
  package func outcome<E: Experiment>(of experiment: E, on subject: Subject) throws -> E.Outcome {
    try self(experiment, on: subject)
  }
}
