internal import Downloads
internal import Experiments
internal import Images
internal import Networks
internal import ONNX
internal import Pages
internal import Tensors

/// Why the program ends, as scripts see it (the values of sysexits.h, and the shell's 128 + 2).
package enum ExitStatus: Int32 {
  case success = 0
  /// A limit that a model has to keep is broken.
  case limitBroken = 1
  case usage = 64
  case badData = 65
  case noSuchFile = 66
  case unavailable = 69
  case failure = 70
  case cannotWrite = 73
  case hungUp = 129
  case interrupted = 130
  case terminated = 143
}

// MARK: - Of what was thrown

extension ExitStatus {
  /// What scripts are told of an error; nil for one that the program does not know.
  package init?(of error: any Error) {
    switch error {
    case let refusal as Refusal: self = refusal.status
    case is Interrupted: self = .interrupted
    case let error as ModelError: self = error.isMissingFile ? .noSuchFile : .badData
    case let error as ImageError:
      self = error.isMissingFile ? .noSuchFile : error.isWriteFailure ? .cannotWrite : .badData
    case let error as DownloadError: self = Self(error)
    case let error as PageError:
      self = if case .noCairo = error { .unavailable } else { .cannotWrite }
    case is NonFiniteLogits, is SubjectError: self = .badData
    default: return nil
    }
  }

  private init(_ error: DownloadError) {
    self =
      switch error {
      case .noLibrary, .unreachable, .refused, .cut, .failed: .unavailable
      case .noCopy: .noSuchFile
      case .noDataFolder, .cannotWrite: .cannotWrite
      case .tooLong, .wrongBytes, .wrongCopy, .damagedArchive, .missingMember: .badData
      }
  }
}
