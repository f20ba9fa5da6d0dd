"""How much the program rounds: logits and gradients of the bundled networks beside double precision.

    python rounding.py BINARY DATA [--count 1000] [--only NAME,...]

For each network the root mean square over the images of the logits' largest error over the largest logit; the median of
the gradients' relative error, of the margin between the two best classes in double precision; and how many gradients
are off by more than a thousandth, as where a kink lies within rounding. Each for the program and for PyTorch in single
precision. No bound: a table.
"""
import json
import os
import tempfile

import numpy as np
import torch

from interpreter import Interpreter
from program import Program, arguments, bundled, cifar

NETWORKS = """lenet-cifar10 nin-cifar10 vgg16-cifar10 resnet18-cifar10 lenet-shapes lenet-cure-shapes nin-shapes
resnet-shapes smooth-shapes""".split()


class Network:
    """A bundled network on pixels in [0, 1], in one precision."""

    def __init__(self, name, dtype):
        with open(bundled(name).replace(".onnx", ".json")) as file:
            profile = json.load(file)
        self.net, self.dtype = Interpreter(bundled(name), dtype), dtype
        self.scale = 255 if profile.get("scale") == "byte" else 1
        self.mean, self.std = (torch.tensor(profile.get(key, [default]), dtype=dtype).reshape(1, -1, 1, 1)
                               for key, default in (("mean", 0.), ("std", 1.)))

    def __call__(self, x, best=None):
        """Logits, and gradients of the second of the two `best` classes minus the first."""
        logits, gradients = [], []
        for i in range(0, len(x), 100):
            part = torch.tensor(x[i:i + 100]).to(self.dtype).requires_grad_()
            y = self.net((part * self.scale - self.mean) / self.std)
            own = torch.tensor(best[i:i + 100]) if best is not None else y.argsort(1, descending=True)[:, :2]
            rows = torch.arange(len(part))
            gradient, = torch.autograd.grad((y[rows, own[:, 1]] - y[rows, own[:, 0]]).sum(), part)
            logits.append(y.detach().double().numpy())
            gradients.append(gradient.double().numpy())
        return np.concatenate(logits), np.concatenate(gradients)


def errors(found, right):
    (y, g), (logits, gradients) = found, right
    off = np.abs(y - logits).max(1) / np.abs(logits).max(1)
    flat = (g - gradients).reshape(len(g), -1)
    relative = np.linalg.norm(flat, axis=1) / np.linalg.norm(gradients.reshape(len(g), -1), axis=1)
    return np.sqrt((off**2).mean()), np.median(relative), (relative > 1e-3).sum()


def main():
    a = arguments(__doc__, count=(1000, "images of each network"), only=("", "names, with commas"))
    program = Program(a.binary, a.threads)
    print(f"{'':20} {'logits':>17} {'gradients':>17} {'beyond 1e-3':>12}")
    with tempfile.TemporaryDirectory() as folder:
        shapes, out = os.path.join(folder, "shapes.npy"), os.path.join(folder, "out.npy")
        os.system(f"{program.binary} data export shapes --range 0..{a.count} --output {shapes} > /dev/null")
        records = os.path.join(a.data, "cifar10", "test_dev_5000.bin")
        for name in a.only.split(",") if a.only else NETWORKS:
            spec = shapes if name.endswith("shapes") else records
            x = np.load(spec) if spec == shapes else cifar(spec, a.count)[0]
            double, single = Network(name, torch.float64), Network(name, torch.float32)
            right = double(x)
            best = right[0].argsort(1)[:, ::-1][:, :2].copy()
            common = [name, "--images", spec, "--range", f"0..{len(x)}"]
            found, _ = program("predict", *common, "--logits")
            program("derive", *common, "--margin", "nearest", "--output", out)
            ours = errors((np.array([p["logits"] for p in found["predictions"]]), np.load(out)), right)
            theirs = errors(single(x, best), right)
            print(f"{name:20} " + " ".join(f"{o:8.1e} {t:8.1e}" for o, t in zip(ours[:2], theirs[:2]))
                  + f" {ours[2]:6} {theirs[2]:5}", flush=True)


if __name__ == "__main__":
    main()
