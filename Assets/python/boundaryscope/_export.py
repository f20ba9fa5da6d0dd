"""Networks in memory become ONNX files with a profile beside them."""
import json
import os
import pathlib
import sys

import numpy as np

from ._images import array, as_pixels, column
from ._program import Problem, run

# Logits of the file and of the module, relative to the largest, may differ by the order of sums alone.
TOLERANCE = 1e-3


def is_path(model):
    return isinstance(model, (str, os.PathLike))


def exported(model, path, images, mean, std, names, scale, exporter):
    """Writes `model` to `path`, its profile beside it, and checks that the file gives the same logits."""
    if exporter not in ("auto", "dynamo", "torchscript"):
        raise ValueError(f"exporter is '{exporter}': auto, dynamo or torchscript are known")
    pixels = as_pixels(images, None, mean, std, 8)
    if pixels is None:
        raise ValueError("a network in memory has to be given images in memory, which say what it takes")
    pixels = pixels[0][:8].astype(np.float32) / (255 if pixels[0].dtype == np.uint8 else 1)
    given = pixels * (255 if scale == "byte" else 1)
    given = (given - (0 if mean is None else column(mean))) / (1 if std is None else column(std))
    given = given.astype(np.float32)
    is_torch = "torch" in sys.modules and isinstance(model, sys.modules["torch"].nn.Module)
    is_keras = "keras" in sys.modules and isinstance(model, sys.modules["keras"].Model)
    if is_keras:
        logits = from_keras(model, path, given)
    elif is_torch:
        logits = from_torch(model, path, given, exporter)
    else:
        raise TypeError(f"a {type(model).__name__} is no torch.nn.Module, no Keras model and no path of an ONNX file")
    profile(path, mean, std, names, scale)
    check(path, pixels, logits)
    return path


def profile(path, mean, std, names, scale):
    """`model.json` beside `model.onnx`: how pixels are to be read, and the classes' names."""
    known = {"scale": scale or "unit"}
    for key, numbers in (("mean", mean), ("std", std)):
        if numbers is not None:
            known[key] = [float(x) for x in np.asarray(numbers).reshape(-1)]
    if names is not None:
        known["classes"] = [str(name) for name in names]
    path.with_suffix(".json").write_text(json.dumps(known, ensure_ascii=False) + "\n", encoding="utf-8")


def check(path, pixels, logits):
    """The file is one that the program reads, and its logits are the network's."""
    unsupported = json.loads(run(["inspect", path, "--json"], capture=True))["unsupported"]
    if unsupported:
        named = ", ".join(sorted({one["operator"] for one in unsupported}))
        raise Problem(f"the network uses what the program does not read: {named}", 65)
    images = path.with_name(path.stem + "-check.npy")
    try:
        np.save(images, pixels)
        answer = json.loads(run(["predict", path, "--images", images, "--logits", "--json", "--quiet", "--no-cache"], capture=True))
    finally:
        images.unlink(missing_ok=True)
    found = np.array([one["logits"] for one in answer["predictions"]])
    if found.shape != logits.shape:
        raise Problem(f"the file gives {found.shape[1]} logits and the network {logits.shape[1:]}: only classifiers are read", 65)
    distance = np.abs(found - logits).max() / max(np.abs(logits).max(), 1e-6)
    if distance > TOLERANCE:
        raise Problem(f"the exported file's logits differ from the network's by {distance:.1%} of the largest: "
                      "does the network draw random numbers, or depend on its batch?", 65)


def from_torch(model, path, given, exporter):
    """The network's logits, and its file."""
    import copy

    import torch

    class Logits(torch.nn.Module):
        """What libraries return beside the logits is left out."""

        def __init__(self, inner):
            super().__init__()
            self.inner = inner

        def forward(self, x):
            out = self.inner(x)
            if isinstance(out, torch.Tensor):
                return out
            if hasattr(out, "logits"):
                return out.logits
            return out["logits"] if isinstance(out, dict) else out[0]

    wrappers = {"OptimizedModule": "_orig_mod", "DataParallel": "module", "DistributedDataParallel": "module"}
    while type(model).__name__ in wrappers:
        model = getattr(model, wrappers[type(model).__name__])
    network = Logits(copy.deepcopy(model).cpu().float().eval())
    x = torch.from_numpy(given)
    with torch.no_grad():
        logits = network(x).numpy()
    if logits.ndim < 1 or len(logits) != len(x):
        raise Problem(f"the network gives {logits.shape} numbers for {len(x)} images: only classifiers are read", 65)
    logits = logits.reshape(len(x), -1)
    write_torch(network, x, path, exporter)
    return logits


def write_torch(network, x, path, exporter):
    """By the exporters that `exporter` allows, with a batch of any size, else of one image."""
    import torch

    two = x[:2] if len(x) > 1 else torch.cat([x, x])
    # The exporter by tracing wants no package but onnx, the one by capturing onnxscript, too.
    ways = {"dynamo": [True], "torchscript": [False], "auto": [True, False]}[exporter]
    problems = []
    for dynamo in ways:
        for example, shapes in ((two, {0: "N"}), (x[:1], None)):
            how = {"dynamic_shapes": ({0: torch.export.Dim.DYNAMIC},)} if dynamo else {"dynamic_axes": {"image": shapes}}
            try:
                torch.onnx.export(network, (example,), str(path), input_names=["image"], output_names=["logits"], dynamo=dynamo,
                                  **({} if shapes is None else how))
                return
            except Exception as problem:  # noqa: BLE001 - exporters raise what they like, and each has its say below.
                lines = str(problem).strip().splitlines() or [type(problem).__name__]
                problems.append(f"{'dynamo' if dynamo else 'torchscript'}: {lines[0][:200]}")
    raise Problem("PyTorch cannot export the network: " + "; ".join(dict.fromkeys(problems)), 65)


def from_keras(model, path, given):
    """The network's logits, and its file."""
    last = given.transpose(0, 2, 3, 1)
    shape = model.input_shape
    given = last if shape[-1] in (1, 3) and shape[1] not in (1, 3) else given
    logits = np.asarray(array(model(given, training=False))).reshape(len(given), -1)
    try:
        model.export(str(path), format="onnx", verbose=False)
    except Exception as problem:  # noqa: BLE001 - as above.
        raise Problem(f"Keras cannot export the network: {str(problem).strip().splitlines()[0][:300]}", 65) from problem
    return logits
