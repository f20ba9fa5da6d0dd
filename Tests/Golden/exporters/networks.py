"""Small networks of the kinds that tutorials train with PyTorch: ranges, layouts, batches, recurrences."""
import onnx
import torch
import torch.nn.functional as F
from onnxconverter_common import float16
from torch import nn

from .case import export, run
from .pytorch import Normalize, balance, finish, margin_gradient, seeded, write, write_training


def convolutional(classes=10, channels=3, side=32):
    return nn.Sequential(
        nn.Conv2d(channels, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(32 * (side // 4) ** 2, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, classes))


@export("cnn-normalized-inside", "dynamo", small=True)
def normalized(folder):
    finish(folder, seeded(lambda: nn.Sequential(Normalize(), convolutional())), folder.pictures(32), "dynamo")


class Bytes(nn.Module):
    """Takes uint8 pixels as cameras give them."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x.to(torch.float32) / 255)


@export("cnn-uint8-input", "script", small=True)
def whole_bytes(folder):
    net = seeded(convolutional)
    finish(folder, Bytes(net), folder.pictures(32), "script", scores=net,
           feed=lambda x: (x * 255).round().to(torch.uint8))


@export("cnn-float-bytes", "dynamo", small=True)
def float_bytes(folder):
    net = seeded(convolutional)
    finish(folder, Bytes(net), folder.pictures(32), "dynamo", scores=net, feed=lambda x: x * 255)


@export("cnn-caffe-bytes", "dynamo", small=True)
def moments_of_bytes(folder):
    net = nn.Sequential(Normalize((123.675, 116.28, 103.53), (58.395, 57.12, 57.375)), convolutional())
    finish(folder, seeded(lambda: net), folder.pictures(32), "dynamo", feed=lambda x: x * 255)


@export("cnn-channels-last", "dynamo", small=True)
def channels_last(folder):
    class Permuted(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = convolutional()

        def forward(self, x):
            return self.net(x.permute(0, 3, 1, 2))

    finish(folder, seeded(Permuted), folder.pictures(32), "dynamo", feed=lambda x: x.permute(0, 2, 3, 1))


@export("cnn-resize-inside", "dynamo", small=True)
def resize_inside(folder):
    class Resized(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = convolutional()

        def forward(self, x):
            return self.net(F.interpolate(x, size=(32, 32), mode="bilinear", align_corners=False))

    finish(folder, seeded(Resized), folder.pictures(48), "dynamo")


@export("cnn-rectangular", "script", small=True)
def rectangular(folder):
    class Pooled(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.Conv2d(3, 16, 3, 2), nn.ReLU(), nn.Conv2d(16, 32, 3, 2), nn.GELU(),
                                     nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(32, 10))

        def forward(self, x):
            return self.net(x)

    finish(folder, seeded(Pooled), folder.pictures((24, 40)), "script", input_names=["image"], output_names=["logits"],
           dynamic_axes={"image": {0: "batch", 2: "height", 3: "width"}, "logits": {0: "batch"}})


@export("cnn-batch-of-16", "script", small=True)
def fixed_batch(folder):
    class Reshaped(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = convolutional()

        def forward(self, x):
            return self.net(x).reshape(16, 10)

    net = seeded(Reshaped)
    finish(folder, net, folder.pictures(32), "script", batch=16, scores=net.net,
           example=torch.rand(16, 3, 32, 32))


@export("cnn-training-mode", "script", small=True, refused="batch statistics: exported without model.eval()")
def training_mode(folder):
    net, x = seeded(convolutional), folder.pictures(32)
    finish(folder, net, x, "script")
    write_training(net, torch.tensor(x[:1]), folder.model)


@export("cnn-ensemble", "script", small=True)
def ensemble(folder):
    class Mean(nn.Module):
        def __init__(self):
            super().__init__()
            self.nets = nn.ModuleList(convolutional() for _ in range(3))

        def forward(self, x):
            return torch.stack([net(x) for net in self.nets]).mean(0)

    finish(folder, seeded(Mean), folder.pictures(32), "script", balanced=False)


def grey(name, build, exporter, **options):
    @export(name, exporter, small=True)
    def make(folder):
        finish(folder, seeded(build), folder.pictures(28, channels=1, names=list("0123456789")), exporter, **options)


grey("mnist-cnn", lambda: convolutional(channels=1, side=28), "dynamo")
grey("mnist-normalized-inside", lambda: nn.Sequential(Normalize((0.1307,), (0.3081,)), convolutional(channels=1, side=28)),
     "script")
grey("mnist-flat-mlp", lambda: nn.Sequential(nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10)), "dynamo",
     feed=lambda x: x.flatten(1))


class Rows(nn.Module):
    """A recurrence over the rows of a digit, as PyTorch tutorials have it."""

    def __init__(self, kind):
        super().__init__()
        self.recurrence, self.last = kind(28, 64, num_layers=2, batch_first=True), nn.Linear(64, 10)

    def forward(self, x):
        return self.last(self.recurrence(x.reshape(-1, 28, 28))[0][:, -1])


grey("mnist-lstm-rows", lambda: Rows(nn.LSTM), "script")
grey("mnist-lstm-rows-dynamo", lambda: Rows(nn.LSTM), "dynamo")
grey("mnist-gru-rows", lambda: Rows(nn.GRU), "script")


class SpatialTransformer(nn.Module):
    """PyTorch's tutorial: a localisation network moves the picture before it is classified."""

    def __init__(self):
        super().__init__()
        self.where = nn.Sequential(nn.Conv2d(1, 8, 7), nn.MaxPool2d(2), nn.ReLU(), nn.Conv2d(8, 10, 5), nn.MaxPool2d(2),
                                   nn.ReLU(), nn.Flatten(), nn.Linear(90, 32), nn.ReLU(), nn.Linear(32, 6))
        self.net = convolutional(channels=1, side=28)
        with torch.no_grad():
            self.where[-1].weight.mul_(0.3)
            self.where[-1].bias.copy_(torch.tensor([1.0, 0.1, 0.02, -0.1, 0.95, 0.03]))

    def forward(self, x):
        grid = F.affine_grid(self.where(x).view(-1, 2, 3), x.size(), align_corners=False)
        return self.net(F.grid_sample(x, grid, align_corners=False))


grey("mnist-spatial-transformer", SpatialTransformer, "dynamo", dynamic_shapes=None)
grey("mnist-spatial-transformer-script", SpatialTransformer, "script", opset=20)


@export("cnn-half", "script + onnxconverter-common", small=True)
def half(folder):
    """Weights and sums in 16 bits; ONNX Runtime computes so too."""
    net, x = seeded(convolutional), folder.pictures(32)
    balance(net, net, x)
    write(net, torch.tensor(x[:1]), folder.path("single.onnx"), "script")
    onnx.save(float16.convert_float_to_float16(onnx.load(folder.path("single.onnx"))), folder.model)
    # The gradient is that of the weights as they are in 16 bits, with the normalisation in them.
    rounded = torch.nn.Sequential(torch.nn.utils.fuse_conv_bn_eval(net[0], net[1]), *net[2:]).eval()
    with torch.no_grad():
        for weights in rounded.parameters():
            weights.copy_(weights.half().float())
    folder.write(run(folder.model, x.astype("float16")), note="16 bits", limits={"logits": 1e-2},
                 **margin_gradient(rounded, rounded, x))
