"""What people put behind a small network's scores: softmax, sigmoid, one logit, shares, several outputs, a label."""
import torch
from torch import nn

from .case import export, run
from .networks import convolutional
from .pytorch import balance, finish, margin_gradient, seeded, write


def headed(name, exporter, head, layers, classes=10, **facts):
    """`convolutional` with something behind its scores."""
    @export(name, exporter, small=True)
    def make(folder):
        net = seeded(convolutional, classes)
        names = ["cat", "dog"] if classes < 3 else None
        x = folder.pictures(32, each=3, names=names) if names else folder.pictures(32)
        finish(folder, nn.Sequential(net, *layers), x, exporter, head, scores=net, facts=facts)


class Pair(nn.Module):
    """[1 − p, p] of one logit."""

    def forward(self, z):
        p = torch.sigmoid(z)
        return torch.cat([1 - p, p], 1)


class Squeezed(nn.Module):
    def forward(self, z):
        return z.squeeze(1)


class Shares(nn.Module):
    """p / Σp of sigmoids."""

    def forward(self, z):
        p = torch.sigmoid(z)
        return p / p.sum(1, keepdim=True)


class Temperature(nn.Module):
    def forward(self, z):
        return z / 1.7


headed("cnn-logits-script", "script", "logits", [])
headed("cnn-logits-dynamo", "dynamo", "logits", [])
headed("cnn-softmax", "dynamo", "softmax", [nn.Softmax(1)])
headed("cnn-log-softmax", "script", "log-softmax", [nn.LogSoftmax(1)])
headed("cnn-multilabel-sigmoid", "dynamo", "sigmoid", [nn.Sigmoid()])
headed("cnn-temperature-softmax", "dynamo", "softmax", [Temperature(), nn.Softmax(1)], unscaled=True)
headed("cnn-sigmoid-shares", "script", "shares", [Shares()])
headed("binary-logit", "script", "logits", [], classes=1)
headed("binary-sigmoid", "dynamo", "sigmoid", [nn.Sigmoid()], classes=1)
headed("binary-squeezed", "dynamo", "logits", [Squeezed()], classes=1)
headed("binary-sigmoid-squeezed", "script", "sigmoid", [nn.Sigmoid(), Squeezed()], classes=1)
headed("binary-pair", "dynamo", "softmax", [Pair()], classes=1)
headed("binary-softmax", "dynamo", "softmax", [nn.Softmax(1)], classes=2)


@export("cnn-features-first", "dynamo", small=True)
def features_first(folder):
    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = convolutional()

        def forward(self, x):
            features = self.net[:-1](x)
            return features, self.net[-1](features)

    net = seeded(Both)
    finish(folder, net, folder.pictures(32), "dynamo", scores=net.net, output="logits",
           output_names=["features", "logits"])


@export("cnn-argmax", "script", small=True)
def argmax(folder):
    """The file holds the label alone; what it is the largest of is compared with the same network's own export."""
    class Label(nn.Module):
        def __init__(self, net):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net(x).argmax(1)

    net, x = seeded(convolutional), folder.pictures(32)
    balance(net, net, x)
    write(Label(net), torch.tensor(x[:1]), folder.path("label.onnx"), "script")
    write(net, torch.tensor(x[:1]), folder.model, "script")
    outputs = run(folder.model, x)
    folder.write(outputs, model="label.onnx", **margin_gradient(net, net, x))
