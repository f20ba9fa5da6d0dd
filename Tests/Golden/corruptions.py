"""The report's corruptions beside those of the package `corrupt-tta`, which has the functions of ImageNet-C.

    pip install corrupt-tta==0.1.7 opencv-python-headless scikit-image pillow
    python corruptions.py > ../CheckupTests/Golden/corruptions.json

Of two images given by a formula it prints what the package makes of them at every severity: pixels here and there and the
root mean square change for what is not random; the root mean square change of a grey image for noise. For the image of 32
pixels a side the package's numbers are replaced by those of CIFAR-10-C (the authors' make_cifar_c.py).
"""
import inspect
import json
import re

import numpy as np
from corrupt_tta import corruptions as package
from PIL import Image

CIFAR = {
    "gaussian_noise": [.04, .06, .08, .09, .10], "shot_noise": [500, 250, 100, 75, 50],
    "impulse_noise": [.01, .02, .03, .05, .07], "gaussian_blur": [.4, .6, .7, .8, 1],
    "contrast": [.75, .5, .4, .3, .15], "brightness": [.05, .1, .15, .2, .3],
    "jpeg_compression": [80, 65, 58, 50, 40], "pixelate": [.95, .9, .85, .75, .65],
}
NAMES = {"gaussian_noise": "gaussian noise", "shot_noise": "shot noise", "impulse_noise": "impulse noise",
         "gaussian_blur": "blur", "jpeg_compression": "JPEG"}


def image(height, width):
    """H×W×3 bytes; the tests draw the same."""
    row, column, channel = np.ogrid[:height, :width, :3]
    return ((row * row // 3 + 3 * column * (channel + 1) + row * column // 4) % 256).astype(np.uint8)


def functions(numbers):
    """The package's functions, with other numbers where some are given."""
    made = dict(vars(package))
    for name in CIFAR:
        source = inspect.getsource(getattr(package, name))
        if numbers:
            source = re.sub(r"c = \[.*?\]\[severity - 1\]", f"c = {numbers[name]}[severity - 1]", source)
        exec(source, made)
    return {name: made[name] for name in CIFAR}


def main():
    answers = []
    for (height, width), numbers in (((32, 32), CIFAR), ((96, 80), None)):
        for name, function in functions(numbers).items():
            for severity in range(1, 6):
                noise = name.endswith("noise")
                np.random.seed(0)
                x = np.full((480, 480, 3), 128, np.uint8) if noise else image(height, width)
                made = np.asarray(function(Image.fromarray(x), severity), np.float64)
                places = [(0, 0, 0), (5, 7, 1), (height - 1, width - 1, 2), (height // 2, 3, 0), (9, width // 2, 2)]
                change = float(np.sqrt(np.mean((made - x) ** 2))) / 255
                answers.append({"name": NAMES.get(name, name), "severity": severity, "height": height, "width": width,
                                "change": change, "pixels": None if noise else [float(made[p]) / 255 for p in places]})
    print(json.dumps(answers, indent=0))


if __name__ == "__main__":
    main()
