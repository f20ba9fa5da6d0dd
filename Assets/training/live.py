"""Trains a small network on `shapes` and writes its checkpoints one after the other, for a class to watch.

usage: live.py RUN [--program boundaryscope] [--checkpoints 24] [--images 6000] [--steps 800] [--pause 0]
In a second terminal: boundaryscope --watch RUN, where `,` and `.` go through the checkpoints; afterwards
boundaryscope film RUN --images shapes --output film.gif. Checkpoints come closer together at the beginning, where most
changes; each file appears whole. Needs PyTorch and numpy; some two minutes on two cores.
"""
import argparse, os, pathlib, subprocess, tempfile, time

import numpy as np
import torch
from torch import nn


def shapes(program, count):
    with tempfile.TemporaryDirectory() as folder:
        x, y = f'{folder}/x.npy', f'{folder}/y.npy'
        subprocess.run([program, 'data', 'export', 'shapes-train', '--range', f'0..{count}', '--output', x, '--labels', y], check=True)
        return torch.from_numpy(np.load(x)), torch.from_numpy(np.load(y)).long()


class Standardised(nn.Module):
    """Pixels of [0, 1] as the layers behind it want them."""

    def forward(self, x):
        return (x - 0.5) / 0.25


def network():
    return nn.Sequential(
        Standardised(), nn.Conv2d(3, 24, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(24, 40, 5, padding=2), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(40 * 64, 96), nn.ReLU(), nn.Linear(96, 10))


def write(model, path):
    model.eval()
    draft = path.with_suffix('.part')
    torch.onnx.export(model, torch.zeros(1, 3, 32, 32), str(draft), input_names=['image'], output_names=['logits'],
                      dynamic_axes={'image': {0: 'n'}, 'logits': {0: 'n'}}, opset_version=17, dynamo=False)
    os.replace(draft, path)
    model.train()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('run', type=pathlib.Path)
    parser.add_argument('--program', default='boundaryscope')
    parser.add_argument('--checkpoints', type=int, default=24)
    parser.add_argument('--images', type=int, default=6000)
    parser.add_argument('--steps', type=int, default=800)
    parser.add_argument('--pause', type=float, default=0, help='seconds after each checkpoint')
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    x, y = shapes(options.program, options.images)
    model = network()
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.003, total_steps=options.steps)
    due = np.unique(np.round(options.steps * np.linspace(0, 1, options.checkpoints) ** 2).astype(int))
    begin, order = time.time(), torch.randperm(len(x))
    for step in range(options.steps + 1):
        if step in due:
            path = options.run / f'step-{step:05d}.onnx'
            write(model, path)
            told = f'  loss {loss:.2f}' if step else ''
            print(f'{time.time() - begin:5.0f} s  {path.name}{told}', flush=True)
            time.sleep(options.pause)
        if step == options.steps:
            break
        at = order[(step * 64) % (len(x) - 64):][:64]
        batch = x[at] if torch.rand(()) < 0.5 else x[at].flip(3)
        loss = nn.functional.cross_entropy(model(batch), y[at])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()


main()
