"""Decision boundaries of image classifiers, from a training script or a notebook.

    import boundaryscope

    boundaryscope.explore(model, images, labels, mean=MEAN, std=STD, class_names=NAMES)   # opens the explorer here
    page = boundaryscope.report(model, images, labels, mean=MEAN, std=STD)                # a dictionary
    boundaryscope.export(model, "model.onnx", images, mean=MEAN, std=STD)                 # the file and its profile

`model` is a torch.nn.Module, a Keras model, the path of an ONNX file or the name of a bundled model; `images` an array or
tensor (N×C×H×W or N×H×W×C, pixels in [0, 1] or bytes), a data set or loader of (image, label), a path, or the name of a
bundled set. `mean` and `std` are those of torchvision's Normalize: what the model is given is (pixel − mean) / std. Images
that are normalised with them already are turned back into pixels. Everything stays on this machine.
"""
import contextlib
import json
import pathlib
import tempfile

from ._export import exported, is_path
from ._images import written
from ._program import Problem, program, run, version

__all__ = ["explore", "report", "export", "program", "Problem", "__version__"]
__version__ = version()


@contextlib.contextmanager
def _files(model, images, labels, mean, std, class_names, scale, exporter, count):
    """The words that name model and images on the command line; files of our own last as long as the block."""
    with tempfile.TemporaryDirectory(prefix="boundaryscope-") as folder:
        folder = pathlib.Path(folder)
        words = written(images, labels, mean, std, count, folder)
        if is_path(model):
            for name, numbers in (("--mean", mean), ("--std", std)):
                if numbers is not None:
                    words += [name, ",".join(str(float(x)) for x in _listed(numbers))]
            if scale is not None:
                words += ["--scale", scale]
            if class_names is not None:
                names = folder / "names.txt"
                names.write_text("\n".join(class_names) + "\n", encoding="utf-8")
                words += ["--labels", str(names)]
            yield str(model), words
        else:
            path = folder / f"{type(model).__name__}.onnx"
            exported(model, path, images, mean, std, class_names, scale, exporter)
            yield str(path), words


def _listed(numbers):
    return numbers if hasattr(numbers, "__iter__") else [numbers]


def explore(model=None, images=None, labels=None, *, mean=None, std=None, class_names=None, scale=None, exporter="auto",
            count=1000, options=()):
    """Opens the explorer in this terminal and returns when it is closed.

    `scale`: "unit" (default) or "byte", what white is to the model before mean and std. `exporter`: "auto", "dynamo" or
    "torchscript". `count`: how many images of a loader are taken. `options`: further words of the command line.
    """
    with _files(model or "lenet-shapes", images, labels, mean, std, class_names, scale, exporter, count) as (path, words):
        run([path, *words, *options], needs_terminal=True)


def report(model, images=None, labels=None, *, mean=None, std=None, class_names=None, scale=None, exporter="auto", count=1000,
           seconds=60, options=()):
    """The report on the model as a dictionary: `verdict`, `signs`, `accuracy` and every number behind them.

    With `options=["--format", "html", "--output", "page.html"]` the page is written too, and the dictionary is None.
    """
    with _files(model, images, labels, mean, std, class_names, scale, exporter, count) as (path, words):
        asked = list(map(str, options))
        form = [] if "--format" in asked else ["--json"]
        answer = run(["report", path, *words, *form, "--quiet", "--seconds", str(seconds), *asked], capture=bool(form))
    return json.loads(answer) if form else None


def export(model, path, images=None, *, mean=None, std=None, class_names=None, scale=None, exporter="auto"):
    """Writes the model as ONNX, with its profile (`model.json` beside `model.onnx`), and returns the path.

    `images` says what the network takes; a few of them are put through both, and a difference is an error.
    """
    return exported(model, pathlib.Path(path), images, mean, std, class_names, scale, exporter)
