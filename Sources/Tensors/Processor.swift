internal import COpenBLAS
internal import Glibc

/// Cores this process may run on.
let coreCount = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

/// Prepares OpenBLAS for the engine: one thread a call (the engine parallelises over images), and the best kernels.
///
/// OpenBLAS 0.3.21 falls back to AVX2 kernels, or to SSE3 ones, on processors it does not know, at half the speed or a
/// quarter. A choice that the user made in `OPENBLAS_CORETYPE` is left alone. Whoever calls OpenBLAS calls this before;
/// again it costs nothing.
package func prepareKernels() { _ = replacedKernels }

/// The kernels that OpenBLAS runs, by its own name for the processor family, such as `Haswell`.
public func kernelFamily() -> String {
  prepareKernels()
  return String(cString: openblas_get_corename())
}

/// What OpenBLAS says of itself: its version first, then how it was built.
public func openBLASConfiguration() -> String {
  prepareKernels()
  return String(cString: openblas_get_config())
}

/// The kernels that OpenBLAS chose, where this processor runs better ones, which took their place.
public func replacedKernelFamily() -> String? { replacedKernels }

/// Keeps memory that was freed for the next values instead of giving it back to the system, for the whole process.
///
/// Clearing pages anew takes a tenth of a pass. A program does this where the engine is what it is for; the engine itself
/// leaves the process's memory alone.
public func keepFreedMemory() { keep_freed_memory() }

/// Gives the system back what is free, after work that nothing like it follows at once.
///
/// Cost: some milliseconds, and the clearing of what is taken again. A program that runs for hours does this now and then
/// where it has called ``keepFreedMemory()``: threads that end leave free blocks behind that nobody else takes.
public func giveBackFreedMemory() { give_back_freed_memory() }

private let replacedKernels: String? = {
  openblas_set_num_threads(1)
  let family = widest_kernel_family()
  let chosen = String(cString: openblas_get_corename())
  guard family > familyOfKernels(chosen), getenv("OPENBLAS_CORETYPE") == nil else { return nil }
  setenv("OPENBLAS_CORETYPE", ["", "HASWELL", "SKYLAKEX", "COOPERLAKE"][Int(family)], 1)
  choose_kernels_again()
  unsetenv("OPENBLAS_CORETYPE")
  openblas_set_num_threads(1)
  return String(cString: openblas_get_corename()) == chosen ? nil : chosen
}()

/// The kernel family that OpenBLAS's name of a processor stands for, counted as ``widest_kernel_family()`` does.
private func familyOfKernels(_ name: String) -> Int32 {
  switch name {
  case "Cooperlake", "Sapphirerapids": 3
  case "SkylakeX": 2
  case "Haswell", "Zen", "Excavator": 1
  default: 0
  }
}
