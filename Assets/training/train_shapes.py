"""Trains the bundled networks of the procedural set and writes them as ONNX.

The images come from the program itself, so that what is trained on is what is explored:

    boundaryscope data export shapes-train --range 0..20000 --output train.npy --labels train.labels.npy
    boundaryscope data export shapes --output test.npy --labels test.labels.npy
    python train_shapes.py nin --train train.npy --test test.npy --out FOLDER

`lenet-cure` goes on from the plain LeNet: --start ../models/lenet-shapes.onnx. Each export is N x 3 x 32 x 32 float32 in [0, 1], with the labels beside it. A run goes on from its last finished epoch.
Then `half_weights.py nin-shapes.onnx ../models/nin-shapes.onnx` halves the file.
"""
import argparse
import os
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

from curvature_penalty import curvature_penalty
from networks import Normalized
from networks_shapes import NETWORKS

MEAN, STD = (0.45,), (0.25,)
# Epochs, largest rate, weight of the curvature penalty.
RECIPES = {
    "lenet": (14, 0.03, 0.0), "nin": (6, 0.1, 0.0), "resnet": (6, 0.1, 0.0), "smooth": (10, 0.05, 0.0),
    "lenet-cure": (4, 0.01, 0.002),
}
# The distance over which the penalty measures the bend, in pixel units.
CURVATURE_STEP = 1.5


def load(path):
    """The images of an export as bytes, and their labels."""
    images = torch.from_numpy(np.rint(np.load(path) * 255).astype(np.uint8))
    labels = np.load(path.removesuffix(".npy") + ".labels.npy").astype(np.int64)
    return images, torch.from_numpy(labels)


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        hits = [(net(images[i:i + 500].float() / 255).argmax(1) == labels[i:i + 500]).sum().item()
                for i in range(0, len(images), 500)]
    return sum(hits) / len(images)


def varied(batch):
    """Mirrored and shifted by up to two pixels: every pose of the set is as likely as its mirror image."""
    if torch.rand(()) < 0.5:
        batch = batch.flip(3)
    if torch.rand(()) < 0.5:
        batch = batch.transpose(2, 3)
    dx, dy = torch.randint(0, 5, (2,)).tolist()
    return F.pad(batch, (2, 2, 2, 2), mode="reflect")[:, :, dy:dy + 32, dx:dx + 32]


def start_from(net, path):
    """Takes the parameters of an export of the same network, as they are or with halved weights."""
    tensors = {t.name.removesuffix(".half"): numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    for name, parameter in net.named_parameters():
        parameter.data = torch.from_numpy(tensors[name].astype(np.float32).copy())


class Run:
    def __init__(self, name, options, images, labels):
        self.images, self.labels, self.batch = images, labels, options.batch
        epochs, rate, self.weight = RECIPES[name]
        self.epochs = options.epochs or epochs
        torch.manual_seed(options.seed)
        self.seed = options.seed
        self.net = Normalized(NETWORKS[name](), MEAN, STD)
        if options.start:
            start_from(self.net, options.start)
        self.steps = len(images) // self.batch
        self.optimizer = torch.optim.SGD(
            self.net.parameters(), rate, momentum=0.9, weight_decay=5e-4, nesterov=True)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, rate, self.epochs * self.steps, pct_start=0.2)
        self.path = os.path.join(options.out, f"{name}-shapes.checkpoint")
        self.done = 0

    def parts(self):
        return {"net": self.net, "optimizer": self.optimizer, "schedule": self.schedule}

    def resume(self):
        if os.path.exists(self.path):
            saved = torch.load(self.path)
            self.done = saved["done"]
            for name, part in self.parts().items():
                part.load_state_dict(saved[name])

    def save(self):
        torch.save({"done": self.done} | {name: part.state_dict() for name, part in self.parts().items()},
                   self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def epoch(self):
        """One pass over the training images; returns the mean loss."""
        self.net.train()
        torch.manual_seed(self.seed * 1000 + self.done)
        order = torch.randperm(len(self.images))
        total = 0.0
        for step in range(self.steps):
            some = order[step * self.batch:(step + 1) * self.batch]
            images, labels = varied(self.images[some].float() / 255), self.labels[some]
            loss = F.cross_entropy(self.net(images), labels)
            if self.weight:
                # Full weight from half of the first pass on: a random network has nothing to flatten.
                ramp = min(1.0, (self.done + step / self.steps) * 2)
                loss = loss + self.weight * ramp * curvature_penalty(self.net, images, labels, CURVATURE_STEP)
            self.optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
            self.optimizer.step()
            self.schedule.step()
            total += loss.item()
        self.done += 1
        return total / self.steps


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("net", choices=NETWORKS)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--start", help="an export to start from")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    os.makedirs(options.out, exist_ok=True)
    run = Run(options.net, options, *load(options.train))
    test = load(options.test)
    run.resume()
    started = time.time()
    while run.done < run.epochs:
        loss = run.epoch()
        run.save()
        print(f"{options.net} epoch {run.done}/{run.epochs} loss {loss:.3f} "
              f"test {100 * accuracy(run.net, *test):.2f} % {time.time() - started:.0f} s", flush=True)
    torch.onnx.export(
        run.net.eval(), torch.zeros(1, 3, 32, 32), os.path.join(options.out, f"{options.net}-shapes.onnx"),
        input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}}, opset_version=17, dynamo=False)


if __name__ == "__main__":
    main()
