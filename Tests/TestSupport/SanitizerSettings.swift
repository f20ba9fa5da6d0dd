internal import Foundation

/// What a sanitizer that this process is built with was told: it holds for the programs that tests start too.
public let sanitizerSettings: [String: String] = ProcessInfo.processInfo.environment.filter {
  ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains($0.key)
}
