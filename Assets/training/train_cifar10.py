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

import numpy as np
import torch
import torch.nn.functional as F

from cifar10 import batches, load
from networks import NETWORKS, Normalized

# Epochs, largest rate, weight decay, share of the epochs at three quarters of the side.
RECIPES = {
    "lenet": (14, 0.02, 5e-4, 0.0),
    "nin": (18, 0.1, 5e-4, 0.4),
    "vgg16": (18, 0.1, 5e-4, 0.0),
    "resnet18": (20, 0.2, 5e-4, 0.5),
}


def accuracy(net, images, labels):
    net.eval()
    with torch.no_grad():
        hits = sum((net(images[i:i + 500].float() / 255).argmax(1) == labels[i:i + 500]).sum().item()
                   for i in range(0, len(images), 500))
    return hits / len(images)


class Run:
    """One training run and what it needs to go on: network, optimiser, schedule and the epochs that are done."""

    def __init__(self, name, options, device):
        epochs, rate, decay, self.small_share = RECIPES[name]
        self.epochs = options.epochs or epochs
        self.batch, self.seed, self.device = options.batch, options.seed, device
        self.half = options.bfloat16
        torch.manual_seed(options.seed)
        self.net = Normalized(NETWORKS[name]()).to(device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.SGD(
            self.net.parameters(), rate, momentum=0.9, weight_decay=decay, nesterov=True)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(
            self.optimizer, rate, self.epochs * (50_000 // self.batch), pct_start=0.2)
        self.path = os.path.join(options.out, f"{name}.checkpoint")
        self.done = 0
        self.ending = None

    def resume(self):
        if os.path.exists(self.path):
            saved = torch.load(self.path, map_location=self.device)
            self.net.load_state_dict(saved["net"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.done = saved["done"]
            if saved.get("ending"):
                self.end(*saved["ending"])
            self.schedule.load_state_dict(saved["schedule"])

    def save(self):
        torch.save({"net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(),
                    "schedule": self.schedule.state_dict(), "done": self.done, "ending": self.ending},
                   self.path + ".new")
        os.replace(self.path + ".new", self.path)

    def end(self, epochs, rate, start):
        """From epoch `start` on, the rate falls linearly from `rate` to zero within `epochs`."""
        self.ending = (epochs, rate, start)
        self.epochs = start + epochs
        for group in self.optimizer.param_groups:
            group["initial_lr"], group["momentum"] = rate, 0.9
        steps = epochs * (50_000 // self.batch)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: max(0.0, 1 - step / steps))

    def epoch(self, images, labels):
        """One pass over the training images; returns the mean loss."""
        self.net.train()
        torch.manual_seed(self.seed * 1000 + self.done)
        side = 24 if self.done < self.small_share * self.epochs else 32
        total = 0.0
        steps = len(images) // self.batch
        for batch, truth in batches(images, labels, self.batch):
            if side != batch.shape[-1]:
                batch = F.interpolate(batch, size=side, mode="bilinear", antialias=True)
            batch = batch.to(memory_format=torch.channels_last)
            with torch.autocast(self.device, torch.bfloat16, enabled=self.half):
                loss = F.cross_entropy(self.net(batch).float(), truth)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.schedule.step()
            total += loss.item()
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
    parser.add_argument("--finish", type=int, help="end a run that was begun within so many more epochs")
    parser.add_argument("--batch", type=int, default=128)
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
    if options.finish and not run.ending:
        run.end(options.finish, run.optimizer.param_groups[0]["lr"], run.done)
    started = time.time()
    while run.done < run.epochs:
        loss = run.epoch(data[0], data[1])
        run.save()
        percent = 100 * accuracy(run.net, data[2], data[3])
        print(f"{options.net} epoch {run.done}/{run.epochs} loss {loss:.3f} test {percent:.2f} % "
              f"{time.time() - started:.0f} s", flush=True)
    export(run.net, os.path.join(options.out, f"{options.net}-cifar10.onnx"))


if __name__ == "__main__":
    main()
