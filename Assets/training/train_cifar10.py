"""Trains the paper's CIFAR-10 networks and writes them as ONNX: LeNet, NiN, VGG-16 and ResNet-18.

    python train_cifar10.py nin --data FOLDER --out FOLDER

FOLDER holds `data_batch_1.bin` … `data_batch_5.bin` and `test_batch.bin` of the CIFAR-10 binary version. A run goes on
from its last finished epoch when it is started again; each epoch draws from its own seed, so that an interrupted run
sees the same images as an uninterrupted one. NiN, VGG-16 and ResNet-18 train with batch normalisation, which the export
folds into the convolutions before it. On a processor with bfloat16 arithmetic the convolutions use it; the weights and
the export are single precision. Then `half_weights.py nin-cifar10.onnx ../models/nin-cifar10.onnx` halves the file.
"""
import argparse
import os
import time
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from cifar10 import batches, load
from muon import Muon
from networks import NETWORKS, Normalized



@dataclass
class Recipe:
    epochs: int
    rate: float  # the largest, of stochastic gradient descent
    batch: int
    muon: float = 0.0  # the largest rate of Muon, which then trains the convolutions
    smoothing: float = 0.0
    small: tuple = ()  # (until which share of the epochs, side of the images); full size afterwards


RECIPES = {
    "lenet": Recipe(14, 0.02, 128),
    "nin": Recipe(10, 0.1, 250, 0.05, 0.1, ((0.3, 16), (0.6, 24))),
    "vgg16": Recipe(14, 0.1, 500, 0.05, 0.1, ((0.2, 16), (0.49, 24))),
    "resnet18": Recipe(40, 0.1, 500, 0.05, 0.1, ((0.2, 16), (0.45, 24))),
}
WEIGHT_DECAY = 5e-4
WARM_UP = 0.15  # the share of a run in which the rates rise


def accuracy(net, images, labels, half):
    net.eval()
    with torch.no_grad(), torch.autocast(images.device.type, torch.bfloat16, enabled=half):
        hits = sum((net(images[i:i + 500].float() / 255).argmax(1) == labels[i:i + 500]).sum().item()
                   for i in range(0, len(images), 500))
    return hits / len(images)


def optimizers(net, recipe):
    """Stochastic gradient descent, and Muon beside it for the convolutions that batch normalisation follows."""
    convolutions = [m.weight for m in net.modules() if isinstance(m, torch.nn.Conv2d) and m.bias is None]
    rest = [p for p in net.parameters() if all(p is not q for q in convolutions)]
    plain = torch.optim.SGD(rest, recipe.rate, momentum=0.9, weight_decay=WEIGHT_DECAY, nesterov=True)
    return [plain, Muon(convolutions, recipe.muon)] if convolutions else [plain]


class Run:
    """One training run and what it needs to go on: network, optimisers and the epochs that are done."""

    def __init__(self, name, options, device):
        self.recipe = RECIPES[name]
        self.epochs = options.epochs or self.recipe.epochs
        self.seed, self.device, self.half = options.seed, device, options.bfloat16
        torch.manual_seed(options.seed)
        self.net = Normalized(NETWORKS[name]()).to(device, memory_format=torch.channels_last)
        self.optimizers = optimizers(self.net, self.recipe)
        for group in self.groups():
            group["largest"] = group["lr"]
        self.path = os.path.join(options.out, f"{name}.checkpoint")
        self.done = 0

    def groups(self):
        return [group for optimizer in self.optimizers for group in optimizer.param_groups]

    def resume(self):
        if os.path.exists(self.path):
            saved = torch.load(self.path, map_location=self.device)
            self.net.load_state_dict(saved["net"])
            for optimizer, state in zip(self.optimizers, saved["optimizers"]):
                optimizer.load_state_dict(state)
            self.done = saved["done"]

    def save(self):
        torch.save({"net": self.net.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers],
                    "done": self.done}, self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def side(self):
        """The images' side in this epoch: small ones cost less, and teach as much at first."""
        share = self.done / self.epochs
        return next((side for until, side in self.recipe.small if share < until), 32)

    def step(self, images, labels, progress):
        """One step on one batch at `progress` in 0 … 1 of the whole run; returns the loss."""
        factor = min(progress / WARM_UP, (1 - progress) / (1 - WARM_UP))
        for group in self.groups():
            group["lr"] = group["largest"] * factor
        with torch.autocast(self.device, torch.bfloat16, enabled=self.half):
            logits = self.net(images.to(memory_format=torch.channels_last)).float()
        loss = F.cross_entropy(logits, labels, label_smoothing=self.recipe.smoothing)
        self.net.zero_grad()
        loss.backward()
        for optimizer in self.optimizers:
            optimizer.step()
        return loss.item()

    def epoch(self, images, labels):
        """One pass over the training images; returns the mean loss."""
        self.net.train()
        torch.manual_seed(self.seed * 1000 + self.done)
        side, total, steps = self.side(), 0.0, len(images) // self.recipe.batch
        for step, (batch, truth) in enumerate(batches(images, labels, self.recipe.batch, self.done)):
            if side != batch.shape[-1]:
                batch = F.interpolate(batch, size=side, mode="bilinear", antialias=True)
            total += self.step(batch, truth, (self.done + (step + 0.5) / steps) / self.epochs)
        self.done += 1
        return total / steps


def export(net, path):
    net = net.cpu().eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        net, torch.zeros(1, 3, 32, 32), path, input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}}, opset_version=17, dynamo=False)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("net", choices=NETWORKS)
    parser.add_argument("--data", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--bfloat16", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    os.makedirs(options.out, exist_ok=True)
    data = [torch.from_numpy(array).to(device) for array in load(options.data)]
    run = Run(options.net, options, device)
    run.resume()
    started = time.time()
    while run.done < run.epochs:
        loss = run.epoch(data[0], data[1])
        run.save()
        percent = 100 * accuracy(run.net, data[2], data[3], run.half)
        print(f"{options.net} epoch {run.done}/{run.epochs} loss {loss:.3f} test {percent:.2f} % "
              f"{time.time() - started:.0f} s", flush=True)
    export(run.net, os.path.join(options.out, f"{options.net}-cifar10.onnx"))


if __name__ == "__main__":
    main()
