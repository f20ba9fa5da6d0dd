"""Whether ‖r‖ is the distance to the boundary: the program's r beside two independent searches of 200 gradients each.

    python distance.py BINARY DATA [--count 20] [--first 600] [--only NAME,...] [--refine automatic] [--gradients 200]

The searches: decoupled direction and norm (Rony et al., CVPR 2019), which starts at the r of the program's DeepFool, and
the fast minimum-norm attack (Pintor et al., NeurIPS 2021), which starts at x; both on the region margin in single
precision. Printed for every bundled network, ResNet-20 and three robustly trained ones: medians over images whose r is
not 0, and ‖r‖ over the shorter of the two norms. Exit status 1 where its median is above 1.05.
"""
import os
import subprocess
import sys
import tempfile

import numpy as np
import torch

from interpreter import Interpreter
from program import Preprocessing, Program, arguments, bundled, cifar

BOUND = 1.05
IMAGENET = Preprocessing(mean=(.485, .456, .406), std=(.229, .224, .225))
CIFAR = Preprocessing(mean=(.4914, .4822, .4465), std=(.247, .2435, .2616))
WONG = Preprocessing(mean=(.485, .456, .406), std=(.225, .225, .225))
BUNDLED = ("lenet-cifar10", "nin-cifar10", "vgg16-cifar10", "resnet18-cifar10", "lenet-shapes", "nin-shapes",
           "resnet-shapes", "smooth-shapes", "lenet-cure-shapes")
OTHERS = {"derived_akamaster_resnet20": IMAGENET, "vnncomp2021_cifar10_resnet_2b": CIFAR,
          "vnncomp2021_cifar10_resnet_4b": CIFAR, "vnncomp2021_oval21_cifar_base_kw": WONG}


class Margin:
    """G = max over j ≠ k of f_j, minus f_k, and its gradient in pixels."""

    def __init__(self, path, reading, own):
        self.network, self.own = Interpreter(path, torch.float32), own
        self.mean, self.std = (torch.tensor(v or (e,), dtype=torch.float32).view(1, -1, 1, 1)
                               for v, e in ((reading.mean, 0), (reading.std, 1)))

    def __call__(self, x):
        z = x.detach().requires_grad_(True)
        logits = self.network((z - self.mean) / self.std)
        others = logits.scatter(1, self.own[:, None], -1e30)
        values = others.max(1).values - logits.gather(1, self.own[:, None])[:, 0]
        return values.detach(), torch.autograd.grad(values.sum(), z)[0]


def lengths(d):
    return d.flatten(1).norm(dim=1).clamp_min(1e-20)


def wide(a):
    return a.view(-1, 1, 1, 1)


def falling(first, last, share):
    return last + (first - last) * (1 + np.cos(np.pi * share)) / 2


def decoupled(margin, x, start, gradients):
    """The shortest norms met: up the margin's gradient, then shorter where the label has changed and longer where not."""
    first = lengths(start)
    best, d = first.clone(), start.clone()
    for t in range(gradients):
        values, slopes = margin(x + d)
        norm, over = lengths(d), values >= 0
        best = torch.where(over & (norm < best), norm, best)
        step = .3 * torch.minimum(first, best) * falling(1, .01, t / gradients)
        d = d + wide(step / lengths(slopes)) * slopes
        radius = torch.where(over, .95 * torch.minimum(norm, best), 1.03 * norm)
        d = d * wide(radius / lengths(d))
    return best


def fast(margin, x, gradients):
    """The shortest norms met: up the gradient within a ball whose radius closes on the boundary."""
    d, best = torch.zeros_like(x), torch.full((len(x),), torch.inf)
    radius = best.clone()
    for t in range(gradients):
        values, slopes = margin(x + d)
        norm, over = lengths(d), values >= 0
        best = torch.where(over & (norm < best), norm, best)
        pace = falling(.05, .001, t / gradients)
        outward = torch.where(best.isinf(), norm + (-values).clamp_min(0) / lengths(slopes), radius * (1 + pace))
        radius = torch.where(over, torch.minimum(radius, best) * (1 - pace), outward)
        d = d + wide(falling(.5, .001, t / gradients) / lengths(slopes)) * slopes
        d = d * wide((radius / lengths(d)).clamp(max=1))
    return best


def images(program, name, a, folder):
    """Their array, as the program and as the searches have them."""
    path = os.path.join(folder, "images.npy")
    if name.endswith("shapes"):
        command = [program.binary, "data", "export", "shapes", "--range", f"0..{a.count}", "--output", path]
        subprocess.run(command, check=True, capture_output=True)
    else:
        found, _ = cifar(os.path.join(a.data, "cifar10", "test_dev_5000.bin"), a.first + a.count)
        np.save(path, found[a.first:])
    return path, torch.from_numpy(np.load(path).astype(np.float32))


def judge(program, name, path, reading, a):
    with tempfile.TemporaryDirectory() as folder:
        file, x = images(program, name, a, folder)
        out = os.path.join(folder, "r.npy")
        common = ["perturb", path, "--images", file, "--output", out, *([] if path == name else reading.options)]
        found, seconds = program(*common, "--refine", a.refine)
        plain, before = program(*common, "--refine", "none")
        start = torch.from_numpy(np.load(out).astype(np.float32))
    kept = [i for i, e in enumerate(found["each"]) if e["isFooled"] and e["norm"] > 0 and plain["each"][i]["norm"] > 0]
    ours, deepfool = ([e["each"][i]["norm"] for i in kept] for e in (found, plain))
    cosines = [[e["each"][i]["cosine"] for i in kept] for e in (plain, found)]
    margin = Margin(bundled(name) if path == name else path, reading,
                    torch.tensor([found["each"][i]["from"] for i in kept]))
    x, start = x[kept], start[kept]
    one = decoupled(margin, x, start, a.gradients)
    two = fast(margin, x, a.gradients)
    strong = torch.minimum(one, two).numpy()
    ratio, old = np.array(ours) / strong, np.array(deepfool) / strong
    print(f"{name:34} {len(kept):3}  DeepFool {np.median(deepfool):.4f} ({np.median(old):5.3f})  ‖r‖ {np.median(ours):.4f}  "
          f"searches {np.median(strong):.4f} ({np.median(one.numpy() / strong):.3f}, {np.median(two.numpy() / strong):.3f})  "
          f"ratio {np.median(ratio):.3f}, mean {ratio.mean():.3f}, nine in ten below {np.quantile(ratio, .9):.3f}  "
          f"cos {np.median(cosines[0]):.3f} → {np.median(cosines[1]):.3f}  {before:.1f} s, {seconds:.1f} s", flush=True)
    return np.median(ratio)


def main():
    a = arguments(__doc__, count=(20, "images"), first=(600, "the first of them"), only=("", "names"),
                  refine=("automatic", "as of the program"), gradients=(200, "of each search"))
    torch.set_num_threads(a.threads or 2)
    program = Program(a.binary, a.threads)
    networks = [(name, name, Preprocessing()) for name in BUNDLED]
    networks += [(name, os.path.join(a.data, "models", "cifar10", f"{name}.onnx"), reading)
                 for name, reading in OTHERS.items()]
    chosen = [n for n in networks if not a.only or n[0] in a.only.split(",")]
    missed = [name for name, path, reading in chosen if judge(program, name, path, reading, a) > BOUND]
    if missed:
        sys.exit(f"above {BOUND}: {', '.join(missed)}")


if __name__ == "__main__":
    main()
