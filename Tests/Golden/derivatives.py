"""First and second derivatives against PyTorch in double precision.

    python derivatives.py BINARY DATA [--count 32]

The error of an image is ‖Δ‖/‖reference‖; printed are the median and the largest of all images, for the program and for
PyTorch itself in single precision. Exit status 1 where an error passes 1e-3 and no kink explains it: an image where the
reference itself moves by as much when the pixels move by 1e-6 has a rectifier or a maximum within rounding of its kink,
and any program in single precision may fall on the other side of it.
"""
import os
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from interpreter import Interpreter, maximum, softplus
from program import Preprocessing, Program, arguments, bundled, cifar

torch.set_num_threads(1)


# Networks

class Softplus(nn.Module):
    def __init__(self, beta):
        super().__init__()
        self.beta = beta

    def forward(self, x):
        return softplus(x, self.beta)


class SoftMaxPool(Softplus):
    def forward(self, x):
        return maximum(x, (2, 2), (2, 2), self.beta)


def lenet(path, dtype=torch.float64, beta=None):
    """The LeNet written down as a module, with the weights of an ONNX file in their order."""
    weights = [numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer if "body" in i.name]
    act = (lambda: Softplus(beta)) if beta else nn.ReLU
    pool = (lambda: SoftMaxPool(beta)) if beta else (lambda: nn.MaxPool2d(2))
    body = nn.Sequential(
        nn.Conv2d(3, 64, 5, padding=2), act(), pool(), nn.Conv2d(64, 64, 5, padding=2), act(), pool(),
        nn.Flatten(), nn.Linear(4096, 384), act(), nn.Linear(384, 192), act(), nn.Linear(192, 10)).to(dtype)
    named = {i.name.removesuffix(".half"): numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    body.load_state_dict({k.removeprefix("body."): torch.from_numpy(w.astype(np.float64)).to(dtype)
                          for k, w in named.items() if k.startswith("body.")})
    mean, std = (torch.from_numpy(named[k].astype(np.float64)).to(dtype).reshape(1, 3, 1, 1) for k in ("mean", "std"))
    return lambda x: body((x.to(dtype) - mean) / std)


def preprocessed(path, preprocessing, dtype=torch.float64, beta=None):
    """A graph behind its preprocessing."""
    net = Interpreter(path, dtype, beta)
    mean, std = (torch.tensor(v, dtype=dtype).reshape(1, 3, 1, 1) for v in (preprocessing.mean, preprocessing.std))
    return lambda x: net((x.to(dtype) - mean) / std)


def smooth_layers():
    """A seeded network of smooth activations: SiLU, GELU, tanh, softplus."""
    torch.manual_seed(7)
    layers = [nn.Conv2d(3, 8, 5, stride=2, padding=2), nn.SiLU(), nn.Conv2d(8, 12, 3, padding=1), nn.GELU(),
              nn.AvgPool2d(2), nn.Conv2d(12, 16, 3), nn.Tanh(), nn.Flatten(), nn.Linear(16 * 36, 32), nn.Softplus(),
              nn.Linear(32, 10)]
    with torch.no_grad():
        for layer in layers:
            if hasattr(layer, "weight"):
                layer.weight *= 3
    return layers


def export(layers, path):
    """The layers as an ONNX file, each in the operators of opset 17."""
    nodes, weights, count = [], [], [0]

    def node(kind, *inputs, **attributes):
        count[0] += 1
        nodes.append(helper.make_node(kind, list(inputs), [f"t{count[0]}"], **attributes))
        return f"t{count[0]}"

    def constant(array):
        count[0] += 1
        weights.append(numpy_helper.from_array(np.asarray(array, np.float32), f"w{count[0]}"))
        return f"w{count[0]}"

    x = "image"
    for layer in layers:
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            w, b = constant(layer.weight.detach().numpy()), constant(layer.bias.detach().numpy())
        match layer:
            case nn.Conv2d(): x = node("Conv", x, w, b, strides=list(layer.stride), pads=list(layer.padding) * 2)
            case nn.Linear(): x = node("Gemm", x, w, b, transB=1)
            case nn.SiLU(): x = node("Mul", x, node("Sigmoid", x))
            case nn.GELU():
                e = node("Erf", node("Div", x, constant(2 ** 0.5)))
                x = node("Mul", node("Mul", x, node("Add", e, constant(1))), constant(0.5))
            case nn.AvgPool2d(): x = node("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
            case nn.Tanh(): x = node("Tanh", x)
            case nn.Softplus(): x = node("Softplus", x)
            case nn.Flatten(): x = node("Flatten", x)
    nodes[-1].output[0] = "logits"
    graph = helper.make_graph(
        nodes, "smooth", [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", 3, 32, 32])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 10])], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    onnx.checker.check_model(model)
    onnx.save(model, path)


# Margins

def chosen(net, x, margin):
    """The margin's classes at x, as a function of logits."""
    with torch.no_grad():
        y = net(x)
    own = y.argmax(1, keepdim=True)
    pick = lambda y, k: y.gather(1, k)[:, 0]
    if margin == "region":
        return lambda y: y.scatter(1, own, -torch.inf).max(1).values - pick(y, own)
    if margin == "nearest":
        other = y.scatter(1, own, -torch.inf).argmax(1, keepdim=True)
        return lambda y: pick(y, other) - pick(y, own)
    k, l = map(int, margin.removeprefix("pair:").split(","))
    return lambda y: y[:, l] - y[:, k]


def gradient(net, margin, x, graph=False):
    x = x.detach().requires_grad_(True)
    g = margin(net(x))
    return x, torch.autograd.grad(g.sum(), x, create_graph=graph)[0]


def jacobian(net, x):
    x = x.detach().requires_grad_(True)
    y = net(x)
    rows = [torch.autograd.grad(y[:, k].sum(), x, retain_graph=True)[0] for k in range(y.shape[1])]
    return torch.stack(rows, 1)


def exact(net, margin, x, v):
    x, g = gradient(net, margin, x, graph=True)
    return torch.autograd.grad((g * v).sum(), x)[0]


def secant(net, margin, x, v, h):
    u = v / v.norm()
    ahead, behind = (gradient(net, margin, x + s * h * u)[1] for s in (1, -1))
    return (ahead - behind) * v.norm() / (2 * h)


# The comparison

class Comparison:
    def __init__(self, a, folder):
        self.program = Program(a.binary, a.threads)
        self.folder = folder
        self.spec = os.path.join(a.data, "cifar10", "test_dev_5000.bin")
        self.images = torch.from_numpy(cifar(self.spec, a.count)[0]).double()
        self.v = torch.randn(3, 32, 32, generator=torch.Generator().manual_seed(3)).double()
        np.save(os.path.join(folder, "v.npy"), self.v.float().numpy())
        self.failed = []
        print(f"{'network':12} {'derivative':34} {'images':>6} {'median':>8} {'largest':>8} {'torch float32':>18}")

    def __call__(self, net, path, extra, what, arguments, reference, count=None):
        """`net` and `reference` in double and single precision: functions of the precision."""
        x = self.images[:count]
        out = os.path.join(self.folder, "out.npy")
        found, _ = self.program("derive", path, "--images", self.spec, "--range", f"0..{len(x)}", "--output", out,
                                *arguments, *extra)
        double, single = (reference(net(dtype), x.to(dtype), self.v.to(dtype)).double()
                          for dtype in (torch.float64, torch.float32))
        ours = torch.from_numpy(np.load(out)).double()
        assert ours.shape == double.shape, (ours.shape, double.shape)
        error, floor = (((y - double).flatten(1).norm(dim=1) / double.flatten(1).norm(dim=1)) for y in (ours, single))
        name, kind = what
        beyond = (error > 1e-3).nonzero()[:, 0].tolist()
        moved = {i: self.movement(net, reference, x[i:i + 1], double[i:i + 1]) for i in beyond}
        kinks = [i for i in beyond if moved[i] > error[i] / 2]
        note = f"  {len(kinks)} on a kink" if kinks else ""
        print(f"{name:12} {kind:34} {len(x):6} {error.median():8.1e} {error.max():8.1e} "
              f"{floor.median():8.1e} {floor.max():9.1e}{note}", flush=True)
        if not error.isfinite().all() or len(kinks) < len(beyond):
            self.failed.append(f"{name} {kind}")

    def movement(self, net, reference, x, value):
        """How far the reference itself moves, at most, when the pixels of one image move by 1e-6."""
        noise = torch.Generator().manual_seed(5)
        f, moves = net(torch.float64), []
        for _ in range(32):
            near = reference(f, x + 1e-6 * torch.randn(x.shape, generator=noise, dtype=x.dtype), self.v)
            moves.append(float((near - value).norm() / value.norm()))
        return max(moves)


def first_derivatives(compare, name, net, path, extra):
    for margin in ("region", "nearest", "pair:3,5"):
        compare(net, path, extra, (name, f"gradient, {margin}"), ["--margin", margin],
                lambda f, x, v: gradient(f, chosen(f, x, margin), x)[1])
    compare(net, path, extra, (name, "Jacobian of 10 logits"), ["--order", "jacobian"],
            lambda f, x, v: jacobian(f, x), 16)


def second_derivatives(compare, name, net, path, extra, product, options, reference, margin="region", count=None):
    kind = f"{product} product, {margin}{''.join(' ' + str(o).strip('-') for o in options)}"
    compare(net, path, extra, (name, kind),
            ["--order", "hessian", "--product", product, "--margin", margin, "--along",
             os.path.join(compare.folder, "v.npy"), *options], reference, count)


def main():
    a = arguments(__doc__, count=(32, "images of each comparison"))
    resnet20 = os.path.join(a.data, "models", "cifar10", "derived_akamaster_resnet20.onnx")
    N4 = Preprocessing(mean=(0.485, 0.456, 0.406), std=(0.229, 0.224, 0.225))
    with tempfile.TemporaryDirectory() as folder:
        compare = Comparison(a, folder)
        small, smooth = bundled("lenet-cifar10"), os.path.join(folder, "smooth.onnx")
        networks = [("LeNet", lambda t, b=None: lenet(small, t, b), small, []),
                    ("ResNet-20", lambda t, b=None: preprocessed(resnet20, N4, t, b), resnet20, N4.options)]
        for name, net, path, extra in networks:
            first_derivatives(compare, name, net, path, extra)
            for h in (0.5, 2.4):
                second_derivatives(compare, name, net, path, extra, "secant", ["--step", h],
                                   lambda f, x, v: secant(f, chosen(f, x, "region"), x, v, h))
            for beta in (5, 20):
                def soft(f, x, v):
                    # The margin's classes are the softened network's own where it is a region's.
                    hard = net(x.dtype)
                    return exact(f, chosen(hard, x, "region"), x, v)
                second_derivatives(compare, name, lambda t: net(t, beta), path, extra, "softened", ["--beta", beta],
                                   soft, count=8)
        layers = smooth_layers()
        export(layers, smooth)
        sequence = lambda dtype: nn.Sequential(*layers).to(dtype)
        first_derivatives(compare, "smooth", sequence, smooth, [])
        for margin in ("region", "pair:3,5"):
            second_derivatives(compare, "smooth", sequence, smooth, [], "exact", [],
                               lambda f, x, v: exact(f, chosen(f, x, margin), x, v), margin)
        second_derivatives(compare, "smooth", sequence, smooth, [], "secant", ["--step", 0.5],
                           lambda f, x, v: secant(f, chosen(f, x, "region"), x, v, 0.5))
    if compare.failed:
        sys.exit("beyond the limit: " + ", ".join(compare.failed))


if __name__ == "__main__":
    main()
