"""Quantised graphs as differentiable PyTorch functions: values as ONNX defines them, derivatives straight through.

A rounding has the derivative of its argument, a cut-off the derivative zero outside its range, as PyTorch's
`fake_quantize` has them; scales and zero points that a graph takes from the image are constants.
"""
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper

from interpreter import Interpreter

RANGES = {torch.uint8: (0, 255), torch.int8: (-128, 127)}


def along(vector, axis, x):
    """A scale or zero point of each channel, as a tensor that broadcasts."""
    return vector.reshape([-1 if i == axis % x.dim() else 1 for i in range(x.dim())]) if vector.dim() else vector


class StraightThrough(Interpreter):
    """Whole numbers are kept as numbers of the given precision: their derivatives pass."""

    def __call__(self, x):
        values = {**self.weights, self.input: x.to(self.dtype), "": None}
        for node in self.nodes:
            attributes = {a.name: helper.get_attribute_value(a) for a in node.attribute}
            result = getattr(self, node.op_type)(attributes, *[values[i] for i in node.input])
            results = result if isinstance(result, tuple) else (result,)
            values.update(zip(node.output, results))
        return values[self.output]

    def real(self, x):
        return x.to(self.dtype)

    def QuantizeLinear(self, a, x, scale, zero):
        low, high = RANGES[zero.dtype]
        axis = a.get("axis", 1)
        place, shift = x / along(self.real(scale), axis, x), along(self.real(zero), axis, x)
        whole = place.round() + shift
        passes = (whole >= low) & (whole <= high)
        return torch.where(passes, place, 0) + (whole.clamp(low, high) - torch.where(passes, place, 0)).detach()

    def DequantizeLinear(self, a, q, scale, zero=None):
        axis = a.get("axis", 1)
        q = self.real(q) if zero is None else self.real(q) - along(self.real(zero), axis, q)
        return q * along(self.real(scale), axis, q)

    def DynamicQuantizeLinear(self, a, x):
        low, high = x.detach().min().clamp(max=0), x.detach().max().clamp(min=0)
        scale = (high - low) / 255
        zero = (-low / scale).round().clamp(0, 255)
        # The range is that of x itself: rounding alone can leave it.
        return x / scale + zero + ((x / scale).round().add(zero).clamp(0, 255) - x / scale - zero).detach(), scale, zero

    def ConvInteger(self, a, x, w, x_zero=None, w_zero=None):
        return self.Conv(a, self.shifted(x, x_zero), self.shifted(w, w_zero))

    def MatMulInteger(self, a, x, w, x_zero=None, w_zero=None):
        return self.shifted(x, x_zero) @ self.shifted(w, w_zero)

    def shifted(self, x, zero):
        return self.real(x) if zero is None else self.real(x) - self.real(zero)

    def Cast(self, a, x):
        return self.real(x) if a["to"] == TensorProto.FLOAT else x

    def MaxPool(self, a, x):
        p = a.get("pads", [0, 0, 0, 0])
        x = F.pad(x, (p[1], p[3], p[0], p[2]), value=-torch.inf)
        return F.max_pool2d(x, a["kernel_shape"], a.get("strides", [1, 1]))

    def Reshape(self, a, x, shape):
        return x.reshape([x.shape[i] if n == 0 else n for i, n in enumerate(shape.tolist())])

    def Transpose(self, a, x):
        return x.permute(a["perm"])

    def Concat(self, a, *parts):
        return torch.cat([self.real(p) for p in parts], a["axis"])

    def Squeeze(self, a, x, axes):
        for axis in sorted(axes.tolist(), reverse=True):
            x = x.squeeze(axis)
        return x

    def Gather(self, a, x, index):
        taken = x.index_select(a.get("axis", 0), index.reshape(-1))
        return taken.squeeze(a.get("axis", 0)) if index.dim() == 0 else taken

    def MatMul(self, a, x, y):
        return x @ y

    def Softmax(self, a, x):
        return x.softmax(a.get("axis", -1))

    def Erf(self, a, x):
        return torch.erf(x)

    def LayerNormalization(self, a, x, scale, bias):
        return F.layer_norm(x, x.shape[a.get("axis", -1):], scale, bias, a.get("epsilon", 1e-5))
