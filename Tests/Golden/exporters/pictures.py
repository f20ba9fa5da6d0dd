"""Pictures as a user has them: smooth colour fields in folders that bear the names of their classes."""
import os

import numpy as np
from PIL import Image

NAMES = ["ant", "bee", "cat", "dog", "elk", "fox", "gnu", "hen", "ibis", "jay"]


def field(generator, height, width, channels):
    """A random field of a few waves a side, from 0 to 255, as whole numbers."""
    coarse = generator.integers(0, 256, (6, 6, channels), np.uint8)
    planes = [Image.fromarray(coarse[..., c]).resize((width, height), Image.BICUBIC) for c in range(channels)]
    noise = generator.normal(0, 6, (height, width, channels))
    return np.clip(np.stack([np.asarray(p, float) for p in planes], -1) + noise, 0, 255).round().astype(np.uint8)


def write(folder, size, channels=3, names=NAMES, each=1, suffix="png", seed=0):
    """Class folders with `each` pictures; the files' paths in the order of the program: by folder, then by name."""
    generator = np.random.default_rng(seed)
    height, width = size if isinstance(size, tuple) else (size, size)
    paths = []
    for name in sorted(names):
        os.makedirs(os.path.join(folder, name), exist_ok=True)
        for index in range(each):
            pixels = field(generator, height, width, channels)
            path = os.path.join(folder, name, f"{index:02}.{suffix}")
            Image.fromarray(pixels[..., 0] if channels == 1 else pixels).save(path, quality=95)
            paths.append(path)
    return paths


def pixels(paths, channels=3):
    """N×C×H×W in [0, 1] as Pillow reads the files."""
    mode = "L" if channels == 1 else "RGB"
    images = [np.asarray(Image.open(p).convert(mode)) for p in paths]
    images = [i[..., None] if channels == 1 else i for i in images]
    return (np.stack(images).transpose(0, 3, 1, 2) / 255).astype(np.float32)
