"""Small networks, trained for a minute on CIFAR-10 records with or without a fault in what they learn from."""
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MEAN, STD = (.4914, .4822, .4465), (.247, .2435, .2616)


class Normalized(nn.Module):
    """Takes pixels in [0, 1]."""

    def __init__(self, net, mean=MEAN, std=STD):
        super().__init__()
        self.net = net
        self.register_buffer("mean", torch.tensor(mean).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, 3, 1, 1))

    def forward(self, x):
        return self.net((x - self.mean) / self.std)


def plain(width=24):
    return nn.Sequential(
        nn.Conv2d(3, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(2 * width, 2 * width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(32 * width, 10))


def normed(width=24, activation=nn.ReLU):
    def block(a, b):
        return [nn.Conv2d(a, b, 3, padding=1, bias=False), nn.BatchNorm2d(b), activation(), nn.MaxPool2d(2)]
    return nn.Sequential(*block(3, width), *block(width, 2 * width), *block(2 * width, 4 * width),
                         nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4 * width, 10))


def wide(width=128):
    return nn.Sequential(nn.Conv2d(3, 16, 5, stride=2, padding=2), nn.ReLU(), nn.Conv2d(16, 32, 5, stride=2, padding=2),
                         nn.ReLU(), nn.Flatten(), nn.Linear(2048, width), nn.ReLU(), nn.Linear(width, 10))


NETS = {"plain": plain, "normed": normed, "wide": wide, "smooth": lambda: normed(24, nn.SiLU),
        "gelu": lambda: normed(24, nn.GELU)}


def records(path, count=None):
    raw = np.fromfile(path, np.uint8).reshape(-1, 3073)[:count]
    return raw[:, 1:].reshape(-1, 3, 32, 32).astype(np.float32) / 255, raw[:, 0].astype(np.int64)


def train(kind, x, y, epochs, seed=0, flip=True, softening=1.0, rate=4e-3):
    """The trained network on pixels in [0, 1], in evaluation mode; softening > 1 is the temperature of distillation."""
    torch.manual_seed(seed)
    net = Normalized(NETS[kind]())
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    opt = torch.optim.AdamW(net.parameters(), rate, weight_decay=1e-2)
    steps = max(1, len(x) // 100)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, rate, max(2, epochs * steps), pct_start=.2)
    for _ in range(epochs):
        net.train()
        for part in torch.randperm(len(x)).split(100)[:steps]:
            b = x[part]
            if flip:
                turned = torch.rand(len(b)) < .5
                b = torch.where(turned.view(-1, 1, 1, 1), b.flip(3), b)
            loss = F.cross_entropy(net(b) / softening, y[part])
            opt.zero_grad()
            loss.backward()
            opt.step()
            schedule.step()
    return net.eval()


def save(net, path, training=False):
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = torch.onnx.TrainingMode.PRESERVE if training else torch.onnx.TrainingMode.EVAL
    torch.onnx.export(
        net.train() if training else net.eval(), torch.zeros(2, 3, 32, 32), str(path), input_names=["image"],
        output_names=["logits"], dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}}, opset_version=17, dynamo=False,
        training=mode, do_constant_folding=not training)
