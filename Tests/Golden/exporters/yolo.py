"""Ultralytics' classifiers, by their own export: notes in the file name classes and size, the output is a softmax."""
import contextlib
import logging
import shutil

import torch
from PIL import Image
from ultralytics import YOLO
from ultralytics.data.augment import classify_transforms

from .case import export, run
from .pictures import NAMES
from .pytorch import balance, enliven, margin_gradient, silence

logging.getLogger("ultralytics").setLevel(logging.ERROR)


class Scores(torch.nn.Module):
    """What the classifier's head has before its softmax."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        kept = {}
        hook = self.net.model[-1].linear.register_forward_hook(lambda module, given, y: kept.update(y=y))
        self.net(x)
        hook.remove()
        return kept["y"]


def network(name, side, **options):
    @export(name, "ultralytics", small=True)
    def make(folder):
        torch.manual_seed(0)
        with silence():
            model = YOLO(name.replace("-dynamic", "") + ".yaml", task="classify")
        names = [NAMES[i] for i in (3, 1, 4, 0, 5, 9, 2, 6, 8, 7)]
        head = model.model.model[-1]
        head.linear = torch.nn.Linear(head.linear.in_features, 10)
        enliven(model.model)
        model.model.names = dict(enumerate(names))
        model.model.transforms = classify_transforms(side)
        x = folder.pictures(side, truth={n: i for i, n in enumerate(names)})
        scores = Scores(model.model)
        balance(scores, scores, x)
        model.model.yaml["nc"] = 10
        with silence(), contextlib.chdir(folder.root):
            shutil.move(model.export(format="onnx", imgsz=side, simplify=False, **options), "model.onnx")
        others = torch.stack([classify_transforms(side)(Image.open(f).convert("RGB")) for f in folder.others()])
        folder.write(run(folder.model, x), "softmax", others=run(folder.model, others.numpy()),
                     **margin_gradient(scores, scores, x))


network("yolov8n-cls", 64)
network("yolo11n-cls", 96)
network("yolo11n-cls-dynamic", 64, dynamic=True)
network("yolo26n-cls", 64)
