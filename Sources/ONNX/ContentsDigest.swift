internal import Dispatch
internal import Synchronization
internal import Tensors

/// The digest of a model's file and of its external data, computed on a thread of its own while the model is imported.
final class ContentsDigest: Sendable {
  private let result = Mutex<Result<Digest, any Error>?>(nil)
  private let done = DispatchSemaphore(value: 0)

  init(of file: ModelFile) {
    let contents = file.contents
    DispatchQueue.global(qos: .utility).async { [self] in
      let found = Result {
        var digest = Digest()
        for part in contents { try part.add(to: &digest) }
        return digest
      }
      result.withLock { $0 = found }
      done.signal()
    }
  }

  /// Waits for it; to be asked for once.
  func value() throws -> Digest {
    done.wait()
    return try result.withLock { $0! }.get()
  }
}
