"""Keras 3's models: channels last, pixels from 0 to 255, by `model.export(format="onnx")` and by tf2onnx.

The backend is the one that KERAS_BACKEND names, TensorFlow where it is installed, else PyTorch; each has its exporter.
"""
import importlib.util
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow" if importlib.util.find_spec("tensorflow") else "torch")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
from keras import layers

from .case import export, run
from .pictures import NAMES

BACKEND = keras.backend.backend()


def gradient(scores, pixels, pair):
    """Of score `other` − score `own` by the pixels N×H×W×C."""
    if BACKEND == "tensorflow":
        import tensorflow as tf
        x = tf.constant(pixels)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = scores(x)[0]
            y = tf.concat([tf.zeros_like(y), y], 0) if y.shape[0] == 1 else y
            margin = y[pair[1]] - y[pair[0]]
        return tape.gradient(margin, x).numpy()
    import torch
    x = torch.tensor(pixels, requires_grad=True)
    y = scores(x.clone())[0]  # some layers work in place
    y = torch.cat([torch.zeros_like(y), y]) if len(y) == 1 else y
    return torch.autograd.grad(y[pair[1]] - y[pair[0]], x)[0].numpy()


def numbers(tensor):
    return np.asarray(keras.ops.convert_to_numpy(tensor), np.float64)


def settle(model, pixels):
    """Moments of batch normalisations as the pictures have them: see `pytorch.settle`."""
    normalizations = [l for l in model._flatten_layers() if isinstance(l, layers.BatchNormalization)]
    for layer in normalizations:
        layer.momentum = 0.0
    model(keras.ops.convert_to_tensor(pixels), training=True)
    for layer in normalizations:
        layer.momentum = 0.99


def balance(model, last, pixels):
    """Scores of mean 0 and deviation 2 over the pictures: see `pytorch.balance`."""
    settle(model, pixels)
    y = numbers(model(keras.ops.convert_to_tensor(pixels), training=False))
    size = 2 / np.maximum(y.std(0), 1e-6)
    weights, bias = last.get_weights()
    last.set_weights([weights * size, (bias - y.mean(0)) * size])


def write(model, folder, how):
    if how == "tf2onnx":
        import tensorflow as tf
        import tf2onnx
        signature = [tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="image")]
        call = tf.function(lambda x: model(x, training=False), input_signature=signature)
        tf2onnx.convert.from_function(call, signature, opset=15, output_path=folder.model)
    else:
        model.export(folder.model, format="onnx", verbose=False)


def case(title, build, side, how="export", names=NAMES, head="softmax", scale=255, channels=3):
    """A case: `build` makes the layers from the input up to the scores; `head` goes behind them."""
    prefix = "tf" if BACKEND == "tensorflow" else "keras"
    behind = {"softmax": "softmax", "sigmoid": "sigmoid", "logits": None}[head]

    @export(f"{prefix}-{title}", f"Keras on {BACKEND}, {how}", small=True)
    def make(folder):
        keras.utils.set_random_seed(0)
        image = keras.Input((side, side, channels))
        last = layers.Dense(1 if len(names) == 2 else len(names))
        scores = keras.Model(image, last(build(image)))
        model = keras.Model(image, layers.Activation(behind)(scores.output)) if behind else scores
        pixels = folder.pictures(side, channels, names, each=1 if len(names) > 2 else 4)
        fed = np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)) * np.float32(scale)
        call = lambda x: scores(x, training=False)
        balance(scores, last, fed)
        model(fed[:1])
        write(model, folder, how)
        y = numbers(call(keras.ops.convert_to_tensor(fed[:1])))[0]
        y = np.concatenate([[0.0], y]) if len(y) == 1 else y
        pair = tuple(int(i) for i in np.argsort(-y, kind="stable")[:2])
        slope = gradient(call, fed[:1], pair)[0].transpose(2, 0, 1).astype(np.float64) * scale
        folder.write(run(folder.model, fed), head, pair=pair, gradient=slope, limits={"gradient": 5e-3})


def convolutional(x):
    for width in (16, 32):
        x = layers.MaxPooling2D()(layers.Conv2D(width, 3, padding="same", activation="relu")(x))
    return layers.Dense(48, activation="relu")(layers.Dropout(0.2)(layers.Flatten()(x)))


def rescaled(x):
    return convolutional(layers.Rescaling(1 / 255)(x))


def symmetric(x):
    x = layers.Rescaling(1 / 127.5, offset=-1)(x)
    for width in (16, 32):
        x = layers.SeparableConv2D(width, 3, strides=2, padding="same", use_bias=False)(x)
        x = layers.Activation("swish")(layers.BatchNormalization()(x))
    return layers.GlobalAveragePooling2D()(x)


def resizing(x):
    return convolutional(layers.Rescaling(1 / 255)(layers.Resizing(32, 32)(x)))


def standardized(x):
    mean, variance = [0.485 * 255, 0.456 * 255, 0.406 * 255], [(s * 255) ** 2 for s in (0.229, 0.224, 0.225)]
    return convolutional(layers.Normalization(mean=mean, variance=variance)(x))


class Preprocessed(layers.Layer):
    """`keras.applications`' preprocess_input as the first layer."""

    def __init__(self, family):
        super().__init__()
        self.prepare = getattr(keras.applications, family).preprocess_input

    def call(self, x):
        return self.prepare(x)


def applied(family, network=None, **options):
    def build(x):
        x = Preprocessed(family)(x)
        if network is None:
            return convolutional(x)
        whole = getattr(keras.applications, network)(weights=None, include_top=False, input_tensor=x, pooling="avg", **options)
        return whole.output
    return build


CASES = [
    ("unit-cnn", convolutional, 32, dict(scale=1)),
    ("rescaling-cnn", rescaled, 32, {}),
    ("rescaling-binary", rescaled, 32, dict(names=["cat", "dog"], head="sigmoid")),
    ("rescaling-binary-logit", rescaled, 32, dict(names=["cat", "dog"], head="logits")),
    ("rescaling-symmetric", symmetric, 48, {}),
    ("resizing-cnn", resizing, 40, {}),
    ("normalization-cnn", standardized, 32, dict(head="logits")),
    ("mnist-cnn", rescaled, 28, dict(channels=1, names=list("0123456789"))),
    ("vgg16-preprocessing", applied("vgg16"), 32, {}),
    ("resnet50-preprocessing", applied("resnet50"), 32, {}),
    ("mobilenet-v2", applied("mobilenet_v2", "MobileNetV2", alpha=0.35), 96, {}),
    ("mobilenet-v3", applied("mobilenet_v3", "MobileNetV3Small"), 64, {}),
    ("efficientnet-b0", applied("efficientnet", "EfficientNetB0"), 64, {}),
    ("densenet-preprocessing", applied("densenet"), 32, {}),
]
for title, build, side, options in CASES:
    if BACKEND == "tensorflow" and title in ("normalization-cnn", "efficientnet-b0"):
        continue  # its exporter leaves the layer's moments out of the file
    case(title, build, side, **options)
if BACKEND == "tensorflow":
    for title, build, side, options in CASES:
        if title in ("rescaling-cnn", "rescaling-binary", "vgg16-preprocessing", "mobilenet-v2", "resizing-cnn", "mnist-cnn"):
            case(title + "-tf2onnx", build, side, "tf2onnx", **options)
