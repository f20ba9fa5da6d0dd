"""ONNX graphs as differentiable PyTorch functions, for the operators of the classifiers that are compared."""
import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper


class Interpreter:
    """Runs a graph node by node in one precision.

    With `beta`, softplus_β stands for every rectifier and log-sum-exp_β for every maximum.
    """

    def __init__(self, path, dtype=torch.float64, beta=None):
        graph = onnx.load(path).graph
        self.dtype, self.beta = dtype, beta
        self.weights = {i.name: self.tensor(numpy_helper.to_array(i)) for i in graph.initializer}
        self.nodes = list(graph.node)
        self.input = next(i.name for i in graph.input if i.name not in self.weights)
        self.output = graph.output[0].name

    def tensor(self, array):
        t = torch.from_numpy(np.array(array))
        return t.to(self.dtype) if t.is_floating_point() else t

    def __call__(self, x):
        values = {**self.weights, self.input: x.to(self.dtype), "": None}
        for node in self.nodes:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            operator = getattr(self, node.op_type, None)
            assert operator, f"{node.op_type} is not an operator that this interpreter knows"
            values[node.output[0]] = operator(attributes, *[values[i] for i in node.input])
        return values[self.output]

    def Conv(self, a, x, w, b=None):
        p = a.get("pads", [0, 0, 0, 0])
        x = F.pad(x, (p[1], p[3], p[0], p[2]))
        return F.conv2d(x, w, b, a.get("strides", 1), 0, a.get("dilations", 1), a.get("group", 1))

    def Relu(self, a, x):
        return softplus(x, self.beta) if self.beta else F.relu(x)

    def Sigmoid(self, a, x):
        return torch.sigmoid(x)

    def AveragePool(self, a, x):
        p, k = a.get("pads", [0, 0, 0, 0]), a["kernel_shape"]
        assert p[:2] == p[2:]
        return F.avg_pool2d(x, k, a.get("strides", [1, 1]), p[:2], bool(a.get("ceil_mode", 0)),
                            bool(a.get("count_include_pad", 0)))

    def MaxPool(self, a, x):
        p, k, s = a.get("pads", [0, 0, 0, 0]), a["kernel_shape"], a.get("strides", [1, 1])
        if any(p):
            x = F.pad(x, (p[1], p[3], p[0], p[2]), value=-torch.inf)
        if self.beta is None:
            return F.max_pool2d(x, k, s, ceil_mode=bool(a.get("ceil_mode", 0)))
        assert not a.get("ceil_mode", 0) and not any(p)
        return maximum(x, k, s, self.beta)

    def BatchNormalization(self, a, x, scale, bias, mean, variance):
        return F.batch_norm(x, mean, variance, scale, bias, eps=a.get("epsilon", 1e-5))

    def Gemm(self, a, x, w, b=None):
        x, w = (x.T if a.get("transA") else x), (w.T if a.get("transB") else w)
        y = a.get("alpha", 1.0) * (x @ w)
        return y if b is None else y + a.get("beta", 1.0) * b

    def Slice(self, a, x, starts, ends, axes, steps):
        for start, end, axis, step in zip(*(t.tolist() for t in (starts, ends, axes, steps))):
            n = x.shape[axis]
            index = range(n)[slice(start, min(end, n), step)]
            x = x.index_select(axis, torch.tensor(list(index)))
        return x

    def Pad(self, a, x, pads, value=None):
        n, pads = x.dim(), pads.tolist()
        order = [p for axis in reversed(range(n)) for p in (pads[axis], pads[axis + n])]
        return F.pad(x, order, value=0.0 if value is None else float(value))

    def Add(self, a, x, y):
        return x + y

    def Sub(self, a, x, y):
        return x - y

    def Mul(self, a, x, y):
        return x * y

    def Div(self, a, x, y):
        return x / y

    def Cast(self, a, x):
        return x.to(self.dtype)

    def GlobalAveragePool(self, a, x):
        return x.mean((2, 3), keepdim=True)

    def Flatten(self, a, x):
        return x.flatten(a.get("axis", 1))


def softplus(x, beta):
    """log(1 + e^βx)/β, without overflow and without the cut-off of the framework's own."""
    return -F.logsigmoid(-beta * x) / beta


def maximum(x, kernel, stride, beta):
    """log Σ e^βx / β under every window."""
    windows = x.unfold(2, kernel[0], stride[0]).unfold(3, kernel[1], stride[1])
    return torch.logsumexp(beta * windows.flatten(4), 4) / beta
