"""A registry of exports, and the folder in which one of them is laid down with its reference.

The folder NAME of a case holds `model.onnx` with whatever its exporter leaves beside it, `pictures/` or `pictures.npy`, and

- `case.json`: exporter, head, truth, the sentence-worthy reason where the program is to refuse;
- `reference.npz`: `outputs` N×K of ONNX Runtime on pixels prepared as the framework prepares them, and, of the first
  picture, `gradient` C×H×W of score `other` − score `own` by its pixels in [0, 1], and `kink`, how far that gradient
  moves relative to itself when computed in single precision, or at pixels moved by 1e-6: near kinks it jumps.
"""
import json
import os
from dataclasses import dataclass
from typing import Callable

import numpy as np
import onnxruntime

from . import pictures

CASES = {}

# What turns scores into the model's outputs; `shares`: σ(z) / Σ σ(z).
HEADS = ("logits", "softmax", "log-softmax", "sigmoid", "shares")


@dataclass
class Case:
    """One export: `make` writes the folder. `small` ones take seconds."""
    name: str
    exporter: str
    make: Callable
    small: bool
    refused: str


def export(name, exporter, small=False, refused=""):
    """Registers the function below as the maker of a case; `refused`: why no program could answer."""
    def register(make):
        assert name not in CASES, name
        CASES[name] = Case(name, exporter, make, small, refused)
        return make
    return register


def run(path, fed, output=None, batch=None, optimised=True):
    """ONNX Runtime's output on each image of `fed` alone, or in batches of a fixed size."""
    options = onnxruntime.SessionOptions()
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(path, options, ["CPUExecutionProvider"])
    name, size = session.get_inputs()[0].name, batch or 1
    wanted = [o.name for o in session.get_outputs()]
    wanted = [output] if output else wanted[:1]
    results = []
    for start in range(0, len(fed), size):
        part = fed[start:start + size]
        part = np.concatenate([part, np.repeat(part[-1:], size - len(part), 0)])
        result = np.asarray(session.run(wanted, {name: part})[0])
        results.append(result.reshape(size, -1)[:min(size, len(fed) - start)] if size > 1 else result.reshape(1, -1))
    return np.concatenate(results).astype(np.float64)


def rounding(path, fed, output=None, batch=None, optimised=True):
    """How far ONNX Runtime's own outputs move, relative to the largest, with its optimiser off and at four times the same
    numbers moved in their last place: as much any other order of the same sums may move."""
    base, generator = run(path, fed, output, batch, optimised), np.random.default_rng(0)
    others = [run(path, fed, output, batch, optimised=False)]
    if fed.dtype.kind == "f":
        for _ in range(4):
            moved = fed * (1 + generator.uniform(-2**-23, 2**-23, fed.shape))
            others.append(run(path, moved.astype(fed.dtype), output, batch, optimised))
    return max(np.abs(other - base).max() for other in others) / max(np.abs(base).max(), 1e-300)


class Folder:
    """Where one case is laid down."""

    def __init__(self, root, case):
        self.root, self.case = os.path.join(root, case.name), case
        os.makedirs(self.root, exist_ok=True)
        self.truth = None

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    @property
    def model(self):
        return self.path("model.onnx")

    def pictures(self, size, channels=3, names=pictures.NAMES, each=1, suffix="png", truth=None):
        """Pixels N×C×H×W of newly written class folders; `truth`: the classes' numbers by name, their order by default."""
        self.files = pictures.write(self.path("pictures"), size, channels, names, each, suffix)
        number = truth or {n: i for i, n in enumerate(sorted(names))}
        self.truth = [number[os.path.basename(os.path.dirname(f))] for f in self.files]
        return pictures.pixels(self.files, channels)

    def others(self, size=(97, 123)):
        """Files of pictures of another size, which the framework has to resize."""
        return pictures.write(self.path("others"), size, names=pictures.NAMES[:2], suffix="jpg", seed=1)

    def array(self, pixels):
        np.save(self.path("pictures.npy"), pixels)

    def write(self, outputs, head="logits", gradient=None, kink=0.0, pair=None, others=None, images=None, model="model.onnx",
              note="", limits=None, unscaled=False, rounding=0.0):
        """`rounding`: see the function; `limits`: by figure, where they are not the usual ones; `unscaled`: only the gradient's direction is settled."""
        assert head in HEADS, head
        images = images or ("pictures" if os.path.isdir(self.path("pictures")) else "pictures.npy")
        arrays = {"outputs": outputs}
        arrays |= {"gradient": gradient} if gradient is not None else {}
        arrays |= {"others": others} if others is not None else {}
        np.savez(self.path("reference.npz"), **arrays)
        facts = dict(exporter=self.case.exporter, head=head, truth=self.truth, kink=float(kink), pair=pair, images=images,
                     model=model, refused=self.case.refused, note=note, limits=limits or {}, unscaled=unscaled,
                     rounding=float(rounding))
        with open(self.path("case.json.part"), "w") as file:
            json.dump(facts, file)
        os.replace(self.path("case.json.part"), self.path("case.json"))
