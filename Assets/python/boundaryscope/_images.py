"""Images as the program reads them: pixels, not what a network is given."""
import os
import pathlib

import numpy as np


def array(images):
    """An array of anything that is nearly one (tensors of PyTorch on any device, of JAX, of TensorFlow); None else."""
    if isinstance(images, np.ndarray):
        return images
    if hasattr(images, "detach"):
        return images.detach().cpu().numpy()
    if isinstance(images, (list, tuple)) and images and hasattr(images[0], "shape"):
        return np.stack([array(image) for image in images])
    return np.asarray(images) if hasattr(images, "__array__") else None


def collected(source, count):
    """The first `count` images and labels of a data set or loader of (image, label)."""
    images, labels = [], []
    is_indexed = hasattr(source, "__getitem__") and hasattr(source, "__len__")
    items = (source[i] for i in range(min(count, len(source)))) if is_indexed else iter(source)
    for item in items:
        image, label = item if isinstance(item, (tuple, list)) and len(item) == 2 else (item, None)
        image = array(image)
        if image is None:
            raise TypeError("images of a data set have to be arrays or tensors: give it a transform such as ToTensor()")
        images.extend(image if image.ndim == 4 else [image])
        if label is not None:
            labels.extend(np.asarray(array(label) if array(label) is not None else label).reshape(-1))
        if len(images) >= count:
            break
    if not images:
        raise ValueError("the data set has no images")
    return np.stack(images[:count]), labels[:count] or None


def planes_first(images):
    """N×C×H×W of an array of two, three or four dimensions."""
    if images.ndim == 3:
        single = images.shape[0] in (1, 3) or images.shape[-1] in (1, 3)
        images = images[None] if single else images[:, None]
    if images.ndim != 4:
        raise ValueError(f"images have shape {images.shape}: N×C×H×W or N×H×W×C is wanted")
    if images.shape[1] not in (1, 3) and images.shape[3] in (1, 3):
        images = images.transpose(0, 3, 1, 2)
    return np.ascontiguousarray(images)


def column(numbers):
    return np.asarray(numbers, np.float32).reshape(1, -1, 1, 1)


def pixels(images, mean, std):
    """Pixels in [0, 1] of N×C×H×W images: bytes, pixels already, or images normalised with `mean` and `std`."""
    if images.dtype == np.uint8:
        return images
    images = images.astype(np.float32, copy=False)
    if not np.isfinite(images).all():
        raise ValueError("images hold NaN or infinite numbers")
    low, high = float(images.min()), float(images.max())
    if low >= 0 and high <= 1:
        return images
    if low >= 0 and high <= 255 and (images == np.round(images)).all():
        return images.astype(np.uint8)
    if mean is not None and std is not None:
        back = images * column(std) + column(mean)
        if back.min() > -1e-3 and back.max() < 1 + 1e-3:
            return np.clip(back, 0, 1)
    raise ValueError(
        f"images reach from {low:.3g} to {high:.3g}: pixels in [0, 1] or bytes are wanted, or images that were normalised with "
        "the mean and std that are given")


def as_pixels(images, labels, mean, std, count):
    """Pixels and labels of images in memory; None for what is a path or a name."""
    if images is None or isinstance(images, (str, os.PathLike)):
        return None
    found = array(images)
    if found is None:
        found, own = collected(images, count)
        labels = own if labels is None else labels
    found = pixels(planes_first(found), mean, std)
    if labels is not None:
        labels = np.asarray(array(labels) if array(labels) is not None else labels).reshape(-1).astype(np.int64)
        if len(labels) < len(found):
            raise ValueError(f"there are {len(labels)} labels for {len(found)} images")
        labels = labels[:len(found)]
    return found, labels


def written(images, labels, mean, std, count, folder):
    """The words of the command line that name the images; those in memory go into a file in `folder`."""
    if images is None:
        return []
    found = as_pixels(images, labels, mean, std, count)
    if found is None:
        if labels is not None:
            raise ValueError("labels go with images in memory; a path has them in its files")
        return ["--images", str(pathlib.Path(images) if isinstance(images, os.PathLike) else images)]
    x, y = found
    path = folder / "images.npz"
    np.savez(path, **({"x": x} if y is None else {"x": x, "y": y}))
    return ["--images", str(path)]
