"""What the comparisons share: running the program, reading the image sets, and preprocessing as a model wants it."""
import argparse
import gzip
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

import numpy as np


class Program:
    """The built program; every call computes anew."""

    def __init__(self, binary, threads=None):
        self.binary = os.path.abspath(binary)
        self.threads = threads

    def bytes(self, *arguments, threads=None):
        """Standard output of one command."""
        threads = threads or self.threads
        command = [self.binary, *map(str, arguments), "--no-cache", "--quiet", "--json"]
        command += ["--threads", str(threads)] if threads else []
        done = subprocess.run(command, capture_output=True)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)}\nexit status {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def __call__(self, *arguments, threads=None):
        """The JSON document of one command, and the seconds it took."""
        start = time.perf_counter()
        text = self.bytes(*arguments, threads=threads)
        return json.loads(text), time.perf_counter() - start


def arguments(description, **more):
    """BINARY and DATA, then what `more` says: name=(default, help)."""
    parser = argparse.ArgumentParser(description=description.split("\n")[0])
    parser.add_argument("binary", help="the boundaryscope to judge")
    parser.add_argument("data", help="folder with cifar10, mnist, models and reference_outputs")
    parser.add_argument("--threads", type=int, help="threads of the program")
    for name, (default, text) in more.items():
        kind = {"action": "store_true"} if default is False else {"type": type(default), "default": default}
        parser.add_argument(f"--{name}", help=text, **kind)
    return parser.parse_args()


def bundled(name):
    """A model that the program brings along."""
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    return os.path.join(root, "Assets", "models", f"{name}.onnx")


def cifar(path, count=None):
    """Images N×3×32×32 in [0, 1] and labels of a file of CIFAR-10 records."""
    records = np.fromfile(path, np.uint8).reshape(-1, 3073)[:count]
    return records[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255, records[:, 0].astype(int)


def mnist(folder, count=None):
    """The test images N×1×28×28 in [0, 1] and their labels."""
    def read(name, header):
        with gzip.open(os.path.join(folder, name)) as file:
            return np.frombuffer(file.read()[header:], np.uint8)
    images = read("t10k-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28)[:count]
    return images.astype(np.float32) / 255, read("t10k-labels-idx1-ubyte.gz", 8)[:count].astype(int)


@dataclass
class Preprocessing:
    """What a model wants done to RGB pixels in [0, 1]: the same as options and as arithmetic."""
    scale: str = "unit"
    mean: tuple = ()
    std: tuple = ()
    channels: str = "rgb"

    @property
    def options(self):
        numbers = [(f"--{n}", ",".join(map(str, v))) for n, v in (("mean", self.mean), ("std", self.std)) if v]
        return ["--scale", self.scale, "--channels", self.channels, *(x for pair in numbers for x in pair)]

    def __call__(self, x):
        x = x * np.float32(255) if self.scale == "byte" else x
        x = x[:, ::-1] if self.channels == "bgr" else x
        x = x - np.array(self.mean, np.float32).reshape(1, -1, 1, 1) if self.mean else x
        x = x / np.array(self.std, np.float32).reshape(1, -1, 1, 1) if self.std else x
        return np.ascontiguousarray(x, dtype=np.float32)


def preprocessing_of(reference):
    """The preprocessing that a file of reference outputs states."""
    def numbers(key, nothing):
        value = reference[key]
        value = value if isinstance(value, list) else [value]
        return () if all(x == nothing for x in value) else tuple(value)
    return Preprocessing("byte" if reference["divide_by"] == 1 else "unit", numbers("then_subtract_mean", 0),
                         numbers("then_divide_std", 1))
