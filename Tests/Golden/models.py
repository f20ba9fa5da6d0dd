"""Logits and accuracy of every real model against ONNX Runtime on the same records, and against the reference outputs.

    python models.py BINARY DATA [--count 5000] [--only NAME]

The difference of a record is the largest |Δlogit| over the largest |logit|. Where a graph ends in a softmax, its input
is compared. Exit status 1 where a difference passes 1e-4, or 1e-2 for a model of half-precision arithmetic.
"""
import glob
import os
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from PIL import Image

from program import Preprocessing, Program, arguments, bundled, cifar, mnist, preprocessing_of

import json

ImageNet = Preprocessing("byte", (104, 117, 123), (), "bgr")


def runtime_logits(path, x):
    """ONNX Runtime's logits, one record a run where the graph fixes the batch."""
    model = onnx.load(path)
    graph = model.graph
    last = graph.node[-1]
    if last.op_type in ("Softmax", "LogSoftmax"):
        kind = graph.output[0].type.tensor_type.elem_type
        del graph.output[:]
        graph.output.append(onnx.helper.make_tensor_value_info(last.input[0], kind, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, ["CPUExecutionProvider"])
    taken = session.get_inputs()[0]
    x = x.astype(np.float16) if "float16" in taken.type else x
    if taken.shape[-1] == 3 and x.shape[-1] != 3:
        x = x.transpose(0, 2, 3, 1)
    size = 1 if taken.shape[0] == 1 else 100
    rows = []
    for i in range(0, len(x), size):
        part = x[i:i + size]
        part = part.reshape([len(part)] + [d for d in taken.shape[1:]]) if len(taken.shape) == 3 else part
        rows.append(session.run(None, {taken.name: np.ascontiguousarray(part)})[0].reshape(len(part), -1))
    return np.concatenate(rows).astype(np.float32)


def difference(ours, theirs):
    """The largest |Δlogit| of a record over its largest |logit|, the worst of all records."""
    return float((np.abs(ours - theirs).max(1) / np.abs(theirs).max(1)).max())


def log_softmax(y):
    y = y - y.max(1, keepdims=True)
    return y - np.log(np.exp(y).sum(1, keepdims=True))


def photographs(folder):
    """The ImageNet samples: short side to 256, the middle 224 square."""
    images, labels = [], []
    for path in sorted(glob.glob(os.path.join(folder, "imagenet_*.jpg"))):
        picture = Image.open(path).convert("RGB")
        w, h = picture.size
        scale = 256 / min(w, h)
        picture = picture.resize((round(w * scale), round(h * scale)), Image.Resampling.BILINEAR)
        left, top = (picture.width - 224) // 2, (picture.height - 224) // 2
        images.append(np.asarray(picture.crop((left, top, left + 224, top + 224))).transpose(2, 0, 1))
        labels.append(int(path.rsplit("_", 1)[1][:-4]))
    return np.stack(images).astype(np.float32) / 255, np.array(labels)


def kitten(folder, name):
    """A photograph as pixels in [0, 1], and the probabilities kept of it."""
    taken = np.load(os.path.join(folder, "squeezenet_input_kitten_224_bgr_mean.npy"))
    image = (taken + np.array(ImageNet.mean, np.float32).reshape(1, 3, 1, 1))[:, ::-1] / 255
    return image, np.load(os.path.join(folder, f"{name}_kitten_output.npy")).astype(np.float32).ravel()


class Comparison:
    def __init__(self, a):
        self.program = Program(a.binary, a.threads)
        self.only = a.only
        self.worst, self.models, self.seconds = 0.0, 0, 0.0
        self.failed = []
        print(f"{'model':46} {'records':>7} {'vs runtime':>10} {'vs file':>9} {'ours':>8} {'runtime':>8} {'s':>6}")

    def __call__(self, path, spec, images, labels, preprocessing, reference=None, limit=1e-4):
        name = os.path.basename(path)[:-5]
        if self.only not in name:
            return
        found, seconds = self.program("predict", path, "--images", spec, "--range", f"0..{len(images)}", "--logits",
                                      *preprocessing.options)
        ours = np.array([p["logits"] for p in found["predictions"]], np.float32)
        theirs = runtime_logits(path, preprocessing(images))
        against = difference(ours, theirs)
        known = self.against_file(ours, reference) if reference else None
        accuracy, expected = (ours.argmax(1) == labels).mean(), (theirs.argmax(1) == labels).mean()
        told = found["accuracy"]
        assert told is None or abs(told - accuracy) < 1e-9, (told, accuracy)
        self.models += 1
        self.seconds += seconds
        self.worst = max(self.worst, against if limit == 1e-4 else 0)
        if against > limit or (known or 0) > limit or accuracy != expected:
            self.failed.append(name)
        shown = "–" if known is None else f"{known:.1e}"
        print(f"{name:46} {len(images):7} {against:10.1e} {shown:>9} {accuracy:8.2%} {expected:8.2%} {seconds:6.1f}",
              flush=True)

    def against_file(self, ours, reference):
        """Against the outputs kept of some records, of those that were run."""
        kept = [(r, o) for r, o in zip(reference["records"], reference["output"]) if r < len(ours)]
        if not kept:
            return None
        mine = np.stack([ours[r] for r, _ in kept])
        theirs = np.array([o for _, o in kept], np.float32)
        if "logsoftmax" in reference["model"]:
            mine = log_softmax(mine)
        if "SqueezeNet" in reference["model"]:
            mine = np.exp(log_softmax(mine))
        return difference(mine, theirs)


def main():
    a = arguments(__doc__, count=(10000, "records of each set at most"), only=("", "models whose name holds this"))
    compare = Comparison(a)
    data = lambda *parts: os.path.join(a.data, *parts)
    records, handwriting = data("cifar10", "test_dev_5000.bin"), data("mnist", "t10k-images-idx3-ubyte.gz")
    sets = {"cifar10": (records, *cifar(records, a.count)),
            "mnist": (handwriting, *mnist(data("mnist"), a.count))}
    sets["variants"] = sets["cifar10"]
    for kind in ("cifar10", "variants", "mnist"):
        for path in sorted(glob.glob(data("models", kind, "*.onnx"))):
            with open(data("reference_outputs", os.path.basename(path)[:-5] + ".json")) as file:
                reference = json.load(file)
            compare(path, *sets[kind], preprocessing_of(reference), reference)
    compare(bundled("lenet-cifar10"), *sets["cifar10"], Preprocessing())
    compare(bundled("lenet-shapes"), *sets["cifar10"], Preprocessing())  # the logits alone mean anything here
    with tempfile.TemporaryDirectory() as folder:
        pictures, classes = photographs(data("foolbox_samples"))
        for path in sorted(glob.glob(data("models", "imagenet", "*.onnx"))):
            limit = 1e-2 if "fp16" in path else 1e-4
            image, probabilities = kitten(data("reference_outputs"), os.path.basename(path)[:-5])
            images = np.concatenate([pictures, image]).astype(np.float32)
            np.save(os.path.join(folder, "photographs.npy"), images)
            reference = {"model": path, "records": [len(pictures)], "output": [probabilities]}
            compare(path, os.path.join(folder, "photographs.npy"), images, np.append(classes, 281), ImageNet, reference,
                    limit)
    print(f"{compare.models} models, worst difference in single precision {compare.worst:.1e}, "
          f"{compare.seconds:.0f} s of the program")
    if compare.failed:
        sys.exit("beyond the limit: " + ", ".join(compare.failed))


if __name__ == "__main__":
    main()
