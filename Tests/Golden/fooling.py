"""The fooling rates of the CIFAR-10 LeNet beside those of an independent PyTorch implementation.

    python fooling.py BINARY DATA [--draws 5] [--walks 3] [--starts 5]

Trained on the first records of data_batch_1.bin (100 for curvature and normals, 1,500 for uap), judged on the first
1,500 of test_dev_5000.bin. A direction of curvature or of normals has no sign of its own: the PyTorch rates are means
over both signs, and so is the column "±" that is held against them; the program keeps the sign that fools more of the
training images. `draws` seeds of random, `walks` of uap, `starts` of the Lanczos iteration behind curvature. A secant
operator is not linear, and what Lanczos makes of it depends on its start: at ξ = 2.4 the PyTorch rates of eight starts
are 0.54 … 0.64, mean 0.59, so that the bounds of that row are three standard errors wide. `ascent`, up what is carried
over the boundary from the first five Ritz vectors, depends less on it. Exit status 1 where a mean over the seeds leaves
its bounds.
"""
import os
import statistics
import sys
import tempfile

import numpy as np

from program import Program, arguments

CURVATURE, CLIMB, ASCENT, UAP, NORMALS, RANDOM = "curvature", "climb", "ascent", "uap", "normals", "random"

# method, radius, step: the PyTorch implementation's rate on these files, and the bounds of ours.
EXPECTED = [
    (CURVATURE, 5.0, 4.0, 0.896, (0.87, 1.0)),
    (UAP, 5.0, None, 0.78, (0.74, 0.82)),
    (NORMALS, 5.0, None, 0.59, (0.52, 0.68)),
    (RANDOM, 5.0, None, 0.25, (0.20, 0.28)),
    (CURVATURE, 2.4, 2.4, 0.59, (0.50, 0.68)),
    (CLIMB, 2.4, 2.4, 0.59, (0.60, 1.0)),
    (ASCENT, 2.4, 2.4, 0.59, (0.60, 1.0)),
    (UAP, 2.4, None, 0.42, (0.37, 0.47)),
    (NORMALS, 2.4, None, 0.32, (0.27, 0.37)),
    (RANDOM, 2.4, None, 0.08, None),
]


class Table:
    def __init__(self, a, folder):
        self.program = Program(a.binary, a.threads)
        self.vector = os.path.join(folder, "v.npy")
        self.training = os.path.join(a.data, "cifar10", "data_batch_1.bin")
        self.judged = ["--images", os.path.join(a.data, "cifar10", "test_dev_5000.bin"), "--range", "0..1500"]
        self.failed = []
        print(f"{'method':10} {'ξ':>4} {'seed':>4} {'training':>8} {'judged':>7} {'95 % interval':>15} {'−v':>6} "
              f"{'±':>6} {'clipped':>7} {'PyTorch':>7} {'s':>6}")

    def run(self, method, radius, step, expected, seed):
        images = 1500 if method == UAP else 100
        options = ["--count", 100, "--step", step] if step else []
        # The implementation takes Lanczos's vectors.
        options += {UAP: ["--passes", 2], CURVATURE: ["--climb", 0], ASCENT: ["--climb", 0, "--ascent", 20]}.get(method, [])
        found, seconds = self.program(
            "universal", "lenet-cifar10", "--method", CURVATURE if method in (ASCENT, CLIMB) else method, "--radius", radius, "--seed", seed, *options,
            "--images", self.training, "--range", f"0..{images}", "--validate", self.judged[1], "--validate-range",
            self.judged[3], "--output", self.vector)
        v = found["validation"]
        self.check(v, radius)
        low, high = v["interval"]
        both = (v["rate"] + v["opposite"]) / 2
        print(f"{method:10} {radius:4} {seed:4} {found['training']['rate']:8.3f} {v['rate']:7.3f} "
              f"{low:7.3f}–{high:.3f}  {v['opposite']:6.3f} {both:6.3f} {v['clipped']:7.3f} {expected:7.3f} {seconds:6.1f}",
              flush=True)
        return v["rate"] if method == UAP else both

    def check(self, told, radius):
        """The vector that was written has the norm, and `fool` finds the same rates with it."""
        norm = float(np.linalg.norm(np.load(self.vector).astype(np.float64)))
        again, _ = self.program("fool", "lenet-cifar10", *self.judged, "--perturbation", self.vector)
        same = all(again[k] == told[k] for k in ("rate", "interval", "opposite", "clipped"))
        if abs(norm - radius) > 1e-4 * radius or not same:
            self.failed.append(f"fool disagrees with universal at ξ = {radius}: {again} {told}, norm {norm}")


def main():
    a = arguments(__doc__, draws=(5, "seeds of random"), walks=(3, "seeds of uap"),
                  starts=(5, "seeds of curvature; of ascent the first two"))
    with tempfile.TemporaryDirectory() as folder:
        table = Table(a, folder)
        for method, radius, step, expected, bounds in EXPECTED:
            seeds = {RANDOM: a.draws, UAP: a.walks, CURVATURE: a.starts, ASCENT: min(a.starts, 2)}.get(method, 1)
            rates = [table.run(method, radius, step, expected, seed) for seed in range(1, seeds + 1)]
            mean = statistics.mean(rates)
            if seeds > 1:
                print(f"{method:10} {radius:4} mean {mean:.3f}, standard deviation {statistics.stdev(rates):.3f}")
            if bounds and not bounds[0] <= mean <= bounds[1]:
                table.failed.append(f"{method} at ξ = {radius}: {mean:.3f} is outside {bounds[0]}–{bounds[1]}")
    if table.failed:
        sys.exit("\n".join(table.failed))


if __name__ == "__main__":
    main()
