"""What cases made with PyTorch share: exporting, margin gradients in two precisions, trained-looking parameters."""
import contextlib
import os
import warnings

import numpy as np
import torch
from torch import nn

from .case import rounding, run

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


class Normalize(nn.Module):
    """(x − mean) / std, as people put it in front before they export."""

    def __init__(self, mean=IMAGENET[0], std=IMAGENET[1]):
        super().__init__()
        self.register_buffer("mean", torch.tensor(mean).view(1, -1, 1, 1))
        self.register_buffer("std", torch.tensor(std).view(1, -1, 1, 1))

    def forward(self, x):
        return (x - self.mean) / self.std


def enliven(model):
    """Moments and scales as training would leave them: parameters that are all alike hide mistakes."""
    generator = torch.Generator().manual_seed(1)
    noise = lambda like: torch.randn(like.shape, generator=generator)
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)) and module.running_mean is not None:
                module.running_mean += 0.1 * noise(module.running_mean)
                module.running_var *= 1 + 0.5 * torch.rand(module.running_var.shape, generator=generator)
        for parameter in model.parameters():
            if parameter.numel() > 1 and (parameter == parameter.flatten()[0]).all():
                parameter += 0.1 * noise(parameter)
    return model.eval()


def seeded(build, *arguments, **options):
    """What `build` makes of fixed random weights."""
    torch.manual_seed(0)
    return enliven(build(*arguments, **options))


def settle(model, scores, pixels):
    """Moments of batch normalisations as the pictures have them: signals neither die nor explode on the way."""
    layers = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    for layer in layers:
        layer.momentum = 1.0
        layer.train()
    with torch.no_grad():
        scores(torch.tensor(pixels))
    for layer in layers:
        layer.momentum = 0.1
        layer.eval()


def balance(model, scores, pixels):
    """Gives the last layer's scores mean 0 and deviation 2 over the pictures: no class takes all, as after training."""
    settle(model, scores, pixels)
    last = [m for m in model.modules() if isinstance(m, (nn.Linear, nn.Conv2d))][-1]
    with torch.no_grad():
        before = scores(torch.tensor(pixels)).flatten(1)
        if before.shape[1] != last.weight.shape[0] or last.bias is None:
            return
        middle, spread = before.mean(0), before.std(0).clamp(min=1e-6)
        size = 2 / spread
        last.weight.mul_(size.view(-1, *[1] * (last.weight.dim() - 1)))
        last.bias.sub_(middle).mul_(size)
        after = scores(torch.tensor(pixels)).flatten(1)
    assert float(after.mean(0).abs().max()) < 0.05, "the last layer does not give the scores"


@contextlib.contextmanager
def silence():
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
        yield


def write(model, example, path, exporter, **options):
    """Exports by `script` (the TorchScript exporter) or `dynamo` (the default one since PyTorch 2.9)."""
    if "training" not in options:
        model.eval()
    with silence():
        if exporter == "dynamo":
            torch.onnx.export(model, (example,), path, dynamo=True, verbose=False, external_data=False, **options)
        else:
            torch.onnx.export(model, (example,), path, dynamo=False, opset_version=options.pop("opset", 17), **options)


def write_training(model, example, path):
    """Exports the network as it is while it learns, with the moments that it has now."""
    for layer in model.modules():
        if isinstance(layer, nn.modules.batchnorm._BatchNorm):
            layer.momentum = 0.0
    write(model.train(), example, path, "script", training=torch.onnx.TrainingMode.TRAINING, do_constant_folding=False)


def two_best(scores):
    """Own and other class of one row of scores; a single logit z stands for (0, z)."""
    scores = np.concatenate([[0.0], scores]) if len(scores) == 1 else scores
    order = np.argsort(-scores, kind="stable")
    return int(order[0]), int(order[1])


def gradient(scores, pixels, pair):
    """Of score `other` − score `own` by the pixels, a numpy array of their precision."""
    x = torch.tensor(pixels, requires_grad=True)
    y = scores(x).flatten()
    y = torch.cat([torch.zeros_like(y), y]) if len(y) == 1 else y
    return torch.autograd.grad(y[pair[1]] - y[pair[0]], x)[0].numpy().astype(np.float64)


@contextlib.contextmanager
def contiguous_gradients(model):
    """Batch normalisations take their gradients in the order of memory: PyTorch 2.13's on CPUs, given transposed ones as
    LeViT's patches give them, go wrong, as differences and forward differentiation of the same function show."""
    def hook(module, given, y):
        if y.requires_grad:
            y.register_hook(lambda g: g.contiguous())

    layers = [m for m in model.modules() if isinstance(m, nn.modules.batchnorm._BatchNorm)]
    hooks = [layer.register_forward_hook(hook) for layer in layers]
    yield
    for one in hooks:
        one.remove()


def margin_gradient(model, scores, pixels):
    """Pair, gradient in double precision, and how far it moves in single precision: see `case`."""
    with contiguous_gradients(model):
        return derived(model, scores, pixels[:1])


def derived(model, scores, first):
    """The same of one picture, by the model as it is."""
    with torch.no_grad():
        pair = two_best(scores(torch.tensor(first)).double().flatten().numpy())
    singles = [gradient(scores, shifted, pair) for shifted in shifts(first)]
    model.double()
    precise, *others = [gradient(scores, shifted.astype(np.float64), pair) for shifted in shifts(first)]
    model.float()
    size = max(np.linalg.norm(precise), 1e-300)
    kink = max(np.linalg.norm(other - precise) / size for other in singles + others)
    return dict(pair=pair, gradient=precise[0], kink=kink)


def shifts(pixels, count=4, size=1e-6):
    """The pixels, and the same moved by no more than rounding on the way through a network moves what they give: a gradient
    that jumps between them lies at a kink."""
    generator = np.random.default_rng(0)
    return [pixels] + [pixels + generator.uniform(-size, size, pixels.shape).astype(pixels.dtype) for _ in range(count)]


def finish(folder, model, pixels, exporter, head="logits", scores=None, feed=lambda x: x, example=None, output=None,
           batch=None, others=None, differentiable=True, facts=None, balanced=True, **options):
    """Exports `model`, which takes `feed(pixels)`, and lays down the reference.

    `scores`: from pixels to what lies before the head, the model itself by default; `facts` go to `Folder.write`;
    `balanced`: whether the last layer gives the scores.
    """
    scores = scores or (lambda x: model(feed(x)))
    (balance if balanced else settle)(model, scores, pixels)
    fed = feed(torch.tensor(pixels))
    example = fed[:batch or 1] if example is None else example
    write(model, example, folder.model, exporter, **options)
    outputs = run(folder.model, fed.numpy(), output, batch)
    derived = margin_gradient(model, scores, pixels) if differentiable else {}
    facts = {"rounding": rounding(folder.model, fed.numpy(), output, batch), **(facts or {})}
    folder.write(outputs, head, others=others, **facts, **derived)
