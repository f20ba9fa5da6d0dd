"""QONNX, as Brevitas and QKeras write it: `Quant` on weights and between layers, which ONNX Runtime does not run.

The reference is the same arithmetic in PyTorch, straight through roundings.
"""
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

from .case import export
from .networks import convolutional
from .pytorch import balance, margin_gradient, seeded, write

DOMAIN = "qonnx.custom_op.general"


def rounded(x, scale, bits, narrow):
    """Signed whole numbers times `scale`; the derivative is that of x."""
    low, high = -2 ** (bits - 1) + narrow, 2 ** (bits - 1) - 1
    return x + ((x / scale).round().clamp(low, high) * scale - x).detach()


class Quant(nn.Module):
    """Values between layers in 8 bits, with a scale at which none is cut."""

    def __init__(self, scale):
        super().__init__()
        self.scale = scale

    def forward(self, x):
        return rounded(x, self.scale, 8, 0)


def scales(net, x):
    """Of what each layer with weights takes: a power of two that leaves room."""
    found = []
    for layer in net:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            found.append(2.0 ** np.ceil(np.log2(float(x.abs().max()) / 100)))
        x = layer(x)
    return found


def wrapped(model, found):
    """Puts a Quant in front of both inputs of every Conv and Gemm."""
    weights = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    nodes, given = [], iter(found)
    for node in list(model.graph.node):
        if node.op_type in ("Conv", "Gemm"):
            size = np.float32(np.abs(weights[node.input[1]]).max() / 7)
            for place, (scale, bits, narrow) in enumerate(((np.float32(next(given)), 8, 0), (size, 4, 1))):
                name = f"{node.input[place]}_{len(nodes)}"
                constants = {"scale": scale, "zero": np.float32(0), "bits": np.float32(bits)}
                model.graph.initializer.extend(numpy_helper.from_array(np.asarray(v), f"{name}_{k}") for k, v in constants.items())
                nodes.append(helper.make_node("Quant", [node.input[place], *(f"{name}_{k}" for k in constants)], [f"{name}_q"],
                                              name=f"Quant_{name}", domain=DOMAIN, narrow=narrow, signed=1, rounding_mode="ROUND"))
                node.input[place] = f"{name}_q"
        nodes.append(node)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    model.opset_import.append(helper.make_opsetid(DOMAIN, 1))


@export("cnn-qonnx", "script + QONNX", small=True)
def qonnx(folder):
    net, x = seeded(convolutional), folder.pictures(32)
    balance(net, net, x)
    net = nn.Sequential(*[nn.utils.fuse_conv_bn_eval(net[0], net[1])], *net[2:]).eval()
    write(net, torch.tensor(x[:1]), folder.path("plain.onnx"), "script")
    with torch.no_grad():
        found = scales(net, torch.tensor(x))
        layers = []
        for layer in net:
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                layers.append(Quant(found[sum(isinstance(l, Quant) for l in layers)]))
                layer.weight.copy_(rounded(layer.weight, float(np.float32(layer.weight.abs().max() / 7)), 4, 1))
            layers.append(layer)
        model = onnx.load(folder.path("plain.onnx"))
        wrapped(model, found)
        onnx.save(model, folder.model)
        whole = nn.Sequential(*layers).eval()
        outputs = np.concatenate([whole(torch.tensor(x[i:i + 1])).numpy() for i in range(len(x))]).astype(np.float64)
    # Whole weights of whole numbers give equal numbers to a maximum's window: which of them is first is a matter of rounding.
    folder.write(outputs, note="quantised", **margin_gradient(whole, whole, x))
