internal import Foundation
internal import Glibc

/// Where a lecture is to be seen: a socket of this user on this machine.
enum MirrorSocket {
  /// Its path; nil where there is no folder for it.
  static var path: String? {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/"), isOwn(folder) {
      return folder + "/boundaryscope-mirror"
    }
    let folder = "/tmp/boundaryscope-\(getuid())"
    mkdir(folder, 0o700)
    return isOwn(folder) ? folder + "/mirror" : nil
  }

  /// Whether a folder is this user's alone: others could show anything there.
  private static func isOwn(_ folder: String) -> Bool {
    var status = stat()
    return lstat(folder, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR && status.st_uid == getuid()
      && status.st_mode & 0o077 == 0
  }

  /// A socket, and what `use` makes of its address; −1 where that fails.
  static func open(_ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8) + [0]
    guard bytes.count <= MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return -1 }
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    if result == 0 { return descriptor }
    Glibc.close(descriptor)
    return -1
  }
}
