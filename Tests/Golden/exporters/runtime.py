"""What ONNX Runtime's optimiser and quantiser, onnxsim and onnxslim make of PyTorch's exports."""
import os

import onnx
import onnxruntime
import torch
from onnxruntime import quantization
from torchvision import models

from .case import export, run
from .networks import Rows, convolutional
from .pytorch import balance, margin_gradient, seeded, silence, write
from .vision import transformer

NETWORKS = {
    "resnet18": (lambda: models.resnet18(num_classes=10), 32, 3),
    "mobilenet-v2": (lambda: models.mobilenet_v2(num_classes=10), 64, 3),
    "vit-small": (transformer, 64, 3),
    "cnn": (convolutional, 32, 3),
}


def laid(folder, name, exporter="script"):
    """Writes the plain export to `plain.onnx`; the network and its pixels."""
    build, side, channels = NETWORKS[name]
    net, x = seeded(build), folder.pictures(side, channels)
    balance(net, net, x)
    write(net, torch.tensor(x[:1]), folder.path("plain.onnx"), exporter)
    return net, x


def rewritten(name, exporter, rewrite, kind="script", refused=""):
    """A case of a file that `rewrite` made of the plain export; gradients are the network's own."""
    @export(name, exporter, small=True, refused=refused)
    def make(folder):
        network = next(n for n in NETWORKS if name.startswith(n))
        net, x = laid(folder, network, kind)
        rewrite(folder.path("plain.onnx"), folder.model)
        folder.write(run(folder.model, x), **margin_gradient(net, net, x))


def optimised(level):
    def rewrite(source, target):
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = getattr(onnxruntime.GraphOptimizationLevel, f"ORT_ENABLE_{level}")
        options.optimized_model_filepath, options.log_severity_level = target, 3
        onnxruntime.InferenceSession(source, options, ["CPUExecutionProvider"])
    return rewrite


for network in ("resnet18", "vit-small", "mobilenet-v2"):
    for level in ("BASIC", "EXTENDED", "ALL"):
        rewritten(f"{network}-optimised-{level.lower()}", f"script + ONNX Runtime's optimiser, {level.lower()}", optimised(level),
                  refused="laid out in blocks for the kernels of one processor" if level == "ALL" else "")
rewritten("vit-small-dynamo-optimised-extended", "dynamo + ONNX Runtime's optimiser, extended", optimised("EXTENDED"), "dynamo")


def transformers_optimiser(source, target):
    """ONNX Runtime's offline optimiser of transformers."""
    from onnxruntime.transformers import optimizer
    optimizer.optimize_model(source, model_type="vit", num_heads=3, hidden_size=96, opt_level=0).save_model_to_file(target)


rewritten("vit-small-fused", "script + onnxruntime.transformers", transformers_optimiser)


def simplified(source, target):
    import onnxsim
    model, right = onnxsim.simplify(onnx.load(source))
    assert right
    onnx.save(model, target)


def slimmed(source, target):
    import onnxslim
    with silence():
        onnxslim.slim(source, target)


rewritten("resnet18-onnxsim", "script + onnxsim", simplified)
rewritten("vit-small-onnxsim", "dynamo + onnxsim", simplified, "dynamo")
rewritten("mobilenet-v2-onnxslim", "dynamo + onnxslim", slimmed, "dynamo")


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


def quantised(name, exporter, quantise, shape=None):
    """Forward as ONNX Runtime; the gradient, straight through, is near that of the network with the rounded weights."""
    @export(name, exporter, small=True)
    def make(folder):
        network = next(n for n in NETWORKS if name.startswith(n))
        net, x = laid(folder, network)
        plain, ready = folder.path("plain.onnx"), folder.path("ready.onnx")
        quantization.shape_inference.quant_pre_process(plain, ready, skip_symbolic_shape=True)
        quantise(ready, folder.model, x)
        os.remove(ready)
        # A rounding may fall to the other side where sums are taken in another order: one step of the output's grid.
        folder.write(run(folder.model, x), note="quantised", limits={"gradient": 1.0}, **margin_gradient(net, net, x))


for network in ("cnn", "resnet18"):
    quantised(f"{network}-qdq", "script + quantize_static QDQ", static("QDQ"))
    quantised(f"{network}-qoperator", "script + quantize_static QOperator", static("QOperator"))
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
    folder.write(run(folder.model, x), note="quantised", limits={"gradient": 1.0}, **margin_gradient(net, net, x))
