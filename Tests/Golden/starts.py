"""Whether the first vector of S_c depends on luck: ten seeds, each at h and 5 % below and above it.

    python starts.py BINARY DATA [--model lenet-cifar10] [--images FILE] [--step 2.4] [--seeds 10] [--count 100] [--climb N]

Prints the largest vᵀA(v) of each run, and over all of them the largest relative distance from the middle one (a secant of
a smaller h is another operator, whose value may differ by itself: its own middle stands beside it). Exit status 1 where
a value is more than 3 % from the middle one of its h. --climb 0 is Lanczos alone. Images are training images alone.
"""
import os
import statistics
import sys

from program import Program, arguments

BOUND = 0.03


def largest(program, a, step, seed):
    options = ["--climb", a.climb] if a.climb >= 0 else []
    found, seconds = program("curvature", a.model, "--images", a.images, "--range", f"0..{a.count}", "--count", a.count,
                             "--step", step, "--eigenvectors", a.eigenvectors, "--seed", seed, *options)
    return found["rayleigh"][0], found.get("spread"), seconds


def main():
    a = arguments(__doc__, model=("lenet-cifar10", "model"), images=("", "images"), step=(2.4, "h in pixel units"),
                  seeds=(10, "seeds"), count=(100, "boundary points"), eigenvectors=(20, "m"),
                  climb=(-1, "products of a climb; the program's own where negative"))
    a.images = a.images or os.path.join(a.data, "cifar10", "data_batch_1.bin")
    program = Program(a.binary, a.threads)
    worst, middles = 0, []
    for share in (0.95, 1, 1.05):
        values = []
        for seed in range(1, a.seeds + 1):
            value, spread, seconds = largest(program, a, round(share * a.step, 4), seed)
            starts = f"  {spread['starts']} starts {spread['lowest']:.4f} to {spread['highest']:.4f}" if spread else ""
            print(f"h {share * a.step:.3f}  seed {seed:2}  {value:.5f}{starts}  {seconds:.1f} s", flush=True)
            values.append(value)
        middle = statistics.median(values)
        away = max(abs(v / middle - 1) for v in values)
        print(f"h {share * a.step:.3f}: middle {middle:.5f}, at most {100 * away:.1f} % away", flush=True)
        worst, middles = max(worst, away), middles + [middle]
    print(f"{a.model}: over {a.seeds} seeds at most {100 * worst:.1f} % from the middle; over h ± 5 % the middles differ by "
          f"{100 * (max(middles) / min(middles) - 1):.1f} %")
    if worst > BOUND:
        sys.exit(f"more than {100 * BOUND:.0f} % away")


if __name__ == "__main__":
    main()
