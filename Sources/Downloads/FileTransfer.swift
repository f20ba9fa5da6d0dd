internal import CTransfer
internal import Tensors

/// Bytes from a server, handed on as they come.
///
/// One request; going on after a broken connection is ``Download``'s business.
struct FileTransfer {
  enum End: Equatable {
    case complete
    case cut
    case noResume
    case stopped
    case unreachable
    case refused(status: Int)
    case failed(String)
    case noLibrary
  }

  let url: String
  /// The first byte asked for.
  let start: Int

  /// Asks once and hands on what comes.
  ///
  /// - Parameters:
  ///   - interruption: asked several times a second.
  ///   - receive: takes what has come; `false` ends the transfer.
  /// - Returns: how it ended.
  func run(_ interruption: Interruption, receive: (UnsafeRawBufferPointer) -> Bool) -> End {
    withoutActuallyEscaping(receive) { receive in
      let receiver = Receiver(receive: receive, interruption: interruption)
      var report = TransferReport()
      let end = transfer_get(
        url, Int64(start),
        { bytes, count, context in
          Receiver.at(context).receive(UnsafeRawBufferPointer(start: bytes, count: count)) ? count : 0
        },
        { context in Receiver.at(context).interruption.isInterrupted ? 1 : 0 },
        Unmanaged.passUnretained(receiver).toOpaque(), &report)
      return withExtendedLifetime(receiver) { End(end, report) }
    }
  }

  private final class Receiver {
    let receive: (UnsafeRawBufferPointer) -> Bool
    let interruption: Interruption

    init(receive: @escaping (UnsafeRawBufferPointer) -> Bool, interruption: Interruption) {
      self.receive = receive
      self.interruption = interruption
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> Receiver {
      Unmanaged<Receiver>.fromOpaque(context!).takeUnretainedValue()
    }
  }
}

extension FileTransfer.End {
  fileprivate init(_ end: TransferEnd, _ report: TransferReport) {
    switch end {
    case TRANSFER_COMPLETE: self = .complete
    case TRANSFER_CUT: self = .cut
    case TRANSFER_NO_RESUME: self = .noResume
    case TRANSFER_STOPPED: self = .stopped
    case TRANSFER_UNREACHABLE: self = .unreachable
    case TRANSFER_REFUSED: self = .refused(status: report.status)
    case TRANSFER_NO_LIBRARY: self = .noLibrary
    default:
      self = .failed(
        withUnsafeBytes(of: report.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
  }
}
