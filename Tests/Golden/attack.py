"""The fast minimum-norm attack of `report` beside the published algorithm (Pintor et al., NeurIPS 2021, algorithm 1, ℓ2).

    python attack.py BINARY DATA [--count 40] [--only NAME,...] [--steps 50]

The same images of the bundled sets by both: the program's norms are those of `distance.each[].fmn`; the search here is
the authors' (α from 1 to 0.01, γ from 0.05 to 0.001), with autograd, without the box, and its best δ is set on the
boundary by bisection. Exit status 1 where the median of the ratios is off by more than 2 %, or nine in ten by 10 %.
"""
import subprocess
import sys
import tempfile

import numpy as np
import torch

from distance import Margin, falling, lengths, wide
from program import Preprocessing, Program, arguments, bundled

NETWORKS = ("lenet-shapes", "nin-shapes", "lenet-cure-shapes")


def attack(margin, x, steps):
    """The shortest δ met."""
    delta, found = torch.zeros_like(x), torch.zeros_like(x)
    best = torch.full((len(x),), torch.inf)
    radius = best.clone()
    for t in range(steps):
        values, slopes = margin(x + delta)
        norm, over = delta.flatten(1).norm(dim=1), values >= 0
        better = over & (norm < best)
        best, found[better] = torch.where(better, norm, best), delta[better]
        rate, step = falling(.05, .001, t / steps), falling(1, .01, t / steps)
        outward = torch.where(best.isinf(), norm - values / lengths(slopes), radius * (1 + rate))
        radius = torch.where(over, torch.minimum(radius * (1 - rate), best), outward)
        delta = delta + wide(step / lengths(slopes)) * slopes
        delta = delta * wide((radius / lengths(delta)).clamp(max=1))
    return found, best


def landed(margin, x, found):
    """‖δ‖ where the margin is 0 on the way to it."""
    low, high = torch.zeros(len(x)), torch.ones(len(x))
    for _ in range(20):
        middle = (low + high) / 2
        over = margin(x + wide(middle) * found)[0] >= 0
        low, high = torch.where(over, low, middle), torch.where(over, middle, high)
    return high * found.flatten(1).norm(dim=1)


def judge(program, name, a):
    with tempfile.NamedTemporaryFile(suffix=".npy") as file:
        command = [program.binary, "data", "export", "shapes", "--range", f"0..{a.count}", "--output", file.name]
        subprocess.run(command, check=True, capture_output=True)
        x = torch.from_numpy(np.load(file.name).astype(np.float32))[a.count // 2:]
    document, _ = program("report", name, "--images", "shapes", "--range", f"0..{a.count}")
    each = document["distance"]["each"]
    with torch.no_grad():
        own = Margin(bundled(name), Preprocessing(), torch.zeros(len(x), dtype=torch.long)).network(x).argmax(1)
    margin = Margin(bundled(name), Preprocessing(), own)
    found, best = attack(margin, x[:len(each)], a.steps)
    norms = landed(margin, x[:len(each)], found).numpy()
    kept = [i for i, e in enumerate(each) if e["fmn"] is not None and bool(torch.isfinite(best[i]))]
    ratios = np.array([each[i]["fmn"] / norms[i] for i in kept])
    off = np.abs(ratios - 1)
    print(f"{name:20} {len(kept)} images  ours {np.median([each[i]['fmn'] for i in kept]):.4f}  "
          f"published {np.median(norms[kept]):.4f}  ratio {np.median(ratios):.4f}  nine in ten off by {np.quantile(off, .9):.4f}")
    return len(kept) > len(each) // 2 and abs(np.median(ratios) - 1) < .02 and np.quantile(off, .9) < .1


def main():
    a = arguments(__doc__, count=(40, "images, half of which are judged"), only=("", "names"),
                  steps=(50, "gradients an image"))
    torch.set_num_threads(a.threads or 2)
    program = Program(a.binary, a.threads)
    wrong = [n for n in NETWORKS if (not a.only or n in a.only.split(",")) and not judge(program, n, a)]
    if wrong:
        sys.exit(f"not the published attack: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
