"""CIFAR-10 as arrays, and its training batches: mirrored and shifted by up to four pixels."""
import os

import numpy as np
import torch
import torch.nn.functional as F


def records(path):
    """The binary version: a label byte and 3 x 32 x 32 bytes an image."""
    raw = np.fromfile(path, np.uint8).reshape(-1, 3073)
    return raw[:, 1:].reshape(-1, 3, 32, 32), raw[:, 0].astype(np.int64)


def mosaic(path):
    """A lossless picture of 100 images a row, and a file of labels."""
    from PIL import Image

    labels = np.fromfile(path + ".labels", np.uint8)
    rows = np.asarray(Image.open(path + ".webp").convert("RGB")).reshape(-1, 32, 100, 32, 3)
    return rows.transpose(0, 2, 4, 1, 3).reshape(len(labels), 3, 32, 32), labels.astype(np.int64)


def load(folder):
    """Training images and labels, test images and labels; images as bytes, N x 3 x 32 x 32."""
    paths = [os.path.join(folder, f"data_batch_{i}") for i in range(1, 6)]
    parts = [records(path + ".bin") if os.path.exists(path + ".bin") else mosaic(path) for path in paths]
    tests = [os.path.join(folder, name) for name in ("test_batch.bin", "test_dev_5000.bin")]
    test = next(path for path in tests if os.path.exists(path))
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]), *records(test)


def batches(images, labels, size, epoch):
    """All images once, in random order, each cropped from a padding of 4, and mirrored in every other epoch."""
    order = torch.randperm(len(images), device=images.device)
    span = torch.arange(32, device=images.device)
    for step in range(len(images) // size):
        some = order[step * size:(step + 1) * size]
        batch = F.pad(images[some].float() / 255, (4, 4, 4, 4), mode="reflect")
        dy, dx = torch.randint(0, 9, (2, size, 1), device=images.device)
        columns = dx + torch.where((some[:, None] + epoch) % 2 == 0, span.flip(0), span)
        rows = (dy + span)[:, None, :, None]
        image, channel = (torch.arange(n, device=images.device) for n in (size, 3))
        yield batch[image[:, None, None, None], channel[None, :, None, None], rows, columns[:, None, None, :]], labels[some]
