"""What ONNX Runtime's quantiser makes of PyTorch's exports: static as QDQ and as QOperator, dynamic.

The reference computes as ONNX defines the operators: ONNX Runtime without its optimisations, which on processors without
VNNI add products of bytes in 16 bits and cut the sums off. Weights of QOperator files are unsigned for the same reason.
"""
import os

import numpy as np
import onnxruntime
import torch
from onnxruntime import quantization

from .case import export, rounding, run
from .networks import Rows
from .pytorch import gradient, margin_gradient, seeded, shifts, two_best, write
from .runtime import NETWORKS, laid
from .straight import StraightThrough


class Calibration(quantization.CalibrationDataReader):
    def __init__(self, path, x):
        name = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]).get_inputs()[0].name
        self.rows = iter([{name: v[None]} for v in x])

    def get_next(self):
        return next(self.rows, None)


def static(form, activations="QUInt8", weights="QInt8", channels=False):
    def quantise(source, target, x):
        quantization.quantize_static(
            source, target, Calibration(source, x), quant_format=getattr(quantization.QuantFormat, form),
            activation_type=getattr(quantization.QuantType, activations),
            weight_type=getattr(quantization.QuantType, weights), per_channel=channels)
    return quantise


def dynamic(source, target, x):
    quantization.quantize_dynamic(source, target, weight_type=quantization.QuantType.QUInt8)


def derived(path, outputs, x):
    """Pair and straight-through gradient of a graph of QDQ or dynamic operators; how far rounding alone moves the outputs."""
    double, single = (StraightThrough(path, dtype) for dtype in (torch.float64, torch.float32))
    with torch.no_grad():
        other = np.concatenate([double(torch.tensor(x[i:i + 1])).numpy() for i in range(len(x))])
    pair = two_best(outputs[0])
    precise = gradient(double, x[:1].astype(np.float64), pair)
    # A value on the border of two whole numbers, or of the range, jumps with rounding.
    rough = [gradient(single, moved, pair) for moved in shifts(x[:1])]
    kink = max(np.linalg.norm(other - precise) for other in rough) / max(np.linalg.norm(precise), 1e-300)
    spread = float(np.abs(other - outputs).max() / np.abs(outputs).max())
    return dict(pair=pair, gradient=precise[0], kink=kink), spread


def quantised(name, exporter, quantise, twin=None):
    """A case; `twin` writes the QDQ file with the same scales, whose gradient is that of a QOperator file."""
    @export(name, exporter, small=True)
    def make(folder):
        network = next(n for n in NETWORKS if name.startswith(n))
        net, x = laid(folder, network)
        plain, ready, qdq = (folder.path(f"{n}.onnx") for n in ("plain", "ready", "qdq"))
        quantization.shape_inference.quant_pre_process(plain, ready, skip_symbolic_shape=True)
        quantise(ready, folder.model, x)
        if twin:
            twin(ready, qdq, x)
        outputs = run(folder.model, x, optimised=False)
        facts, spread = derived(qdq if twin else folder.model, outputs, x)
        os.remove(ready)
        folder.write(outputs, note="quantised", limits={"logits": max(1e-4, 3 * spread), "gradient": 1e-2},
                     rounding=rounding(folder.model, x, optimised=False), **facts)


for network in ("cnn", "resnet18"):
    quantised(f"{network}-qdq", "script + quantize_static QDQ", static("QDQ"))
    quantised(f"{network}-qoperator", "script + quantize_static QOperator", static("QOperator", weights="QUInt8"),
              static("QDQ", weights="QUInt8"))
    quantised(f"{network}-quantised-dynamic", "script + quantize_dynamic", dynamic)
quantised("cnn-qdq-signed-per-channel", "script + quantize_static QDQ", static("QDQ", "QInt8", "QInt8", True))
quantised("vit-small-qdq", "script + quantize_static QDQ", static("QDQ"))
quantised("vit-small-quantised-dynamic", "script + quantize_dynamic", dynamic)
quantised("mobilenet-v2-qdq", "script + quantize_static QDQ", static("QDQ"))


@export("lstm-quantised-dynamic", "script + quantize_dynamic", small=True)
def recurrent(folder):
    net, x = seeded(lambda: Rows(torch.nn.LSTM)), folder.pictures(28, channels=1, names=list("0123456789"))
    write(net, torch.tensor(x[:1]), folder.path("plain.onnx"), "script")
    dynamic(folder.path("plain.onnx"), folder.model, x)
    # The gradient of the network before its weights were rounded.
    folder.write(run(folder.model, x, optimised=False), note="quantised", limits={"gradient": 0.2}, **margin_gradient(net, net, x))
