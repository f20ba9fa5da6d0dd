import Foundation
import Glibc
import Synchronization

/// An HTTP server of this process on a port of its own, which serves one file as badly as it is told to.
final class LocalServer: Sendable {
  struct Manner: Sendable {
    /// Bytes of the body after which each connection is closed; nil for never.
    var cutAfter: Int?
    /// Added to the length that the header announces.
    var lie = 0
    /// How many answers lie.
    var lies = Int.max
    var honoursRanges = true
    /// 0 for the right status.
    var status = 0
    /// Answers with a redirection to itself.
    var redirects = false
    /// Answers this many requests, then only closes connections.
    var answers = Int.max
  }

  let port: Int
  var address: String { "http://127.0.0.1:\(port)/files/" }
  private let body: [UInt8]
  private let manner: Manner
  private let listener: Int32
  /// First byte asked for, request by request.
  private let asked = Mutex<[Int]>([])

  var starts: [Int] { asked.withLock { $0 } }

  init(_ body: [UInt8], _ manner: Manner = Manner()) {
    self.body = body
    self.manner = manner
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    self.listener = listener
    precondition(bound && listen(listener, 16) == 0)
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in
      while case let connection = accept(listener, nil, nil), connection >= 0 { serve(connection) }
    }
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve(_ connection: Int32) {
    defer { close(connection) }
    var request: [UInt8] = []
    var byte: UInt8 = 0
    while !request.suffix(4).elementsEqual("\r\n\r\n".utf8), recv(connection, &byte, 1, 0) == 1 {
      request.append(byte)
    }
    let text = String(decoding: request, as: UTF8.self).lowercased()
    let range = text.firstMatch(of: /range: bytes=(\d+)-/).flatMap { Int($0.1) }
    let count = asked.withLock { starts in
      starts.append(range ?? 0)
      return starts.count
    }
    guard count <= manner.answers else { return }
    if manner.redirects {
      let place = "HTTP/1.1 302 Found\r\nLocation: \(address)\(count)\r\nContent-Length: 0\r\n"
      return send(Array((place + "Connection: close\r\n\r\n").utf8), connection)
    }
    let start = manner.honoursRanges ? range ?? 0 : 0
    answer(connection, from: start, lie: count <= manner.lies ? manner.lie : 0)
  }

  private func answer(_ connection: Int32, from start: Int, lie: Int) {
    let rest = Array(body.dropFirst(start))
    let status = manner.status != 0 ? manner.status : start > 0 ? 206 : 200
    var head =
      "HTTP/1.1 \(status) Whatever\r\nConnection: close\r\nContent-Length: \(max(0, rest.count + lie))\r\n"
    if status == 206 { head += "Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)\r\n" }
    send(Array((head + "\r\n").utf8), connection)
    send(Array(rest.prefix(manner.cutAfter ?? rest.count)), connection)
  }

  private func send(_ bytes: [UInt8], _ connection: Int32) {
    var done = 0
    while done < bytes.count {
      let put = bytes.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      guard put > 0 else { return }
      done += put
    }
  }
}
