"""Trains the bundled LeNet of the procedural set and writes it as ONNX.

The images come from the program itself, so that what is trained on is what is explored:

    boundaryscope data export shapes-train --range 0..20000 --output train.npy --labels train.labels.npy
    boundaryscope data export shapes --output test.npy --labels test.labels.npy
    python train_shapes.py --train train.npy --test test.npy --output lenet-shapes.onnx

Each export is N x 3 x 32 x 32 float32 in [0, 1], with the labels beside it.
Then `half_weights.py lenet-shapes.onnx ../models/lenet-shapes.onnx` halves the file.
With the defaults and one thread: 94.18 % of the 10,000 test pictures.
"""
import argparse
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MEAN, STD = 0.45, 0.25


class Normalized(nn.Module):
    """Takes pixels in [0, 1]: the normalisation is part of the network."""

    def __init__(self, body):
        super().__init__()
        self.body = body
        self.register_buffer("mean", torch.tensor(MEAN))
        self.register_buffer("std", torch.tensor(STD))

    def forward(self, x):
        return self.body((x - self.mean) / self.std)


def lenet():
    return nn.Sequential(
        nn.Conv2d(3, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 48, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3072, 96), nn.ReLU(), nn.Linear(96, 10))


def load(path):
    """The images of an export as bytes, and their labels."""
    images = torch.from_numpy(np.rint(np.load(path) * 255).astype(np.uint8))
    labels = np.load(path.removesuffix(".npy") + ".labels.npy").astype(np.int64)
    return images, torch.from_numpy(labels)


def accuracy(net, images, labels):
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


def train(net, images, labels, epochs, rate, batch):
    steps = len(images) // batch
    optimizer = torch.optim.SGD(net.parameters(), rate, momentum=0.9, weight_decay=5e-4, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, epochs * steps, pct_start=0.2)
    started = time.time()
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        total = 0.0
        for step in range(steps):
            some = order[step * batch:(step + 1) * batch]
            loss = F.cross_entropy(net(varied(images[some].float() / 255)), labels[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / steps:.3f} {time.time() - started:.0f} s", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True)
    parser.add_argument("--output", required=True)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--rate", type=float, default=0.03)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    net = Normalized(lenet())
    train(net, *load(options.train), options.epochs, options.rate, options.batch)
    net.eval()
    print(f"accuracy {accuracy(net, *load(options.test)):.4f}")
    torch.onnx.export(
        net, torch.zeros(1, 3, 32, 32), options.output, input_names=["image"], output_names=["logits"],
        dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}}, opset_version=17, dynamo=False)


if __name__ == "__main__":
    main()
