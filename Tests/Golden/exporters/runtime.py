"""What ONNX Runtime's optimiser, onnxsim and onnxslim make of PyTorch's exports."""
import onnx
import onnxruntime
import torch
from torchvision import models

from .case import export, run
from .networks import convolutional
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
