internal import Foundation
internal import Images

enum DataTrial {
  static func picture(_ bytes: [UInt8]) { _ = try? Picture(decoding: bytes, "x") }

  static func array(_ bytes: [UInt8]) {
    let path = Scratch.file("x.npy", bytes)
    open(path)
    _ = try? NPY.readNumbers(path)
  }

  static func archive(_ bytes: [UInt8]) {
    let name = bytes.first == UInt8(ascii: "P") ? "x.npz" : "x.tar.gz"
    open(Scratch.file(name, bytes))
  }

  private static let names = [
    "x-images-idx3-ubyte", "x-images-idx3-ubyte.gz", "x.bin", "x.mat", "data_batch_1", "x.csv", "x.txt",
    "x.idx",
  ]

  static func set(_ bytes: [UInt8]) {
    guard let first = bytes.first else { return }
    let name = names[Int(first) % names.count]
    open(Scratch.file(name, Array(bytes.dropFirst())))
    try? FileManager.default.removeItem(atPath: "\(Scratch.folder)/\(name)")
  }

  private static func open(_ path: String) {
    guard let set = try? openDataSet(path), set.count > 0 else { return }
    _ = try? set.images(0..<min(2, set.count))
    _ = try? set.labels(0..<min(2, set.count))
    _ = try? set.images(set.count - 1..<set.count)
  }
}
