internal import FuzzTargets
internal import Glibc

/// The target that `FUZZ` names; libFuzzer calls this with bytes of its own.
private let target: FuzzTarget = {
  let name = getenv("FUZZ").map { String(cString: $0) } ?? ""
  guard let target = FuzzTarget(rawValue: name) else {
    print("FUZZ=\(FuzzTarget.allCases.map(\.rawValue).joined(separator: "|"))")
    exit(64)
  }
  return target
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}
